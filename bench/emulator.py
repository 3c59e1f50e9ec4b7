"""The emulator's part of the benchmark: its tables, each measured in the run that prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table

from bench.estates import big_estate, fast_forward, listing_costs
from bench.servers import MOTO, OURS
from bench.throughput import ENFORCED, OPERATIONS, measure

if TYPE_CHECKING:
    from rich.console import Console

    from bench.estates import Spending
    from bench.throughput import Samples


@dataclass(frozen=True)
class Sizes:
    """How much is measured; `estate` is accounts, vaults and recovery points, `forward` plans and days."""

    rounds: int = 5
    calls: int = 100
    estate: tuple[int, int, int] = (1_000, 10_000, 100_000)
    lists: tuple[int, ...] = (1_000, 10_000, 100_000)
    forward: tuple[int, int] = (100, 90)


QUICK = Sizes(rounds=2, calls=60, estate=(100, 1_000, 10_000), lists=(1_000, 10_000), forward=(100, 30))


def run(console: Console, sizes: Sizes) -> None:
    """Measure and print, one table after the other."""
    samples = measure(sizes.rounds, sizes.calls)
    console.print(_throughput(samples, sizes))
    console.print(_start(samples))
    console.print(_spending("The emulator with a big estate", big_estate(*sizes.estate)))
    console.print(_lists(listing_costs(list(sizes.lists))))
    console.print(_spending("The emulator through time, in one step of its clock", fast_forward(*sizes.forward)))


def _throughput(samples: Samples, sizes: Sizes) -> Table:
    table = Table(
        "call",
        "server",
        "requests/s",
        "p99 ms",
        "CPU ms",
        "ratio",
        "reconnecting",
        "by CPU",
        title=f"{sizes.rounds} alternating rounds of {sizes.calls} calls, medians; ratios to {MOTO}, above 1 is faster",
        title_justify="left",
    )
    for operation in OPERATIONS:
        for server in (MOTO, OURS, ENFORCED):
            tail, cost = samples.tail(operation, server), samples.cost(operation, server)
            plain = samples.cost(operation, MOTO)
            table.add_row(
                operation,
                server,
                _number(samples.rate(operation, server), "{:.0f}"),
                _number(None if tail is None else tail * 1000, "{:.1f}"),
                _number(None if cost is None else cost * 1000, "{:.2f}"),
                _number(samples.ratio(operation, server), "{:.2f}"),
                _number(samples.ratio(operation, server, keep=False), "{:.2f}"),
                _number(plain / cost if plain and cost else None, "{:.2f}"),
            )
    return table


def _start(samples: Samples) -> Table:
    table = Table("server", "ready, s", "first answer, s", "resident after it, MB", title="Start", title_justify="left")
    for server in (MOTO, OURS):
        table.add_row(
            server,
            f"{samples.ready[server]:.2f}",
            f"{samples.first_answer[server]:.2f}",
            f"{samples.resident[server]:.0f}",
        )
    return table


def _spending(title: str, spending: Spending) -> Table:
    table = Table("step", "seconds", "CPU seconds", "resident, MB", title=title, title_justify="left")
    for name, seconds, cpu, resident in spending.rows:
        table.add_row(name, f"{seconds:.1f}", f"{cpu:.1f}", f"{resident:.0f}")
    return table


def _lists(costs: dict[int, tuple[float, float]]) -> Table:
    table = Table(
        "points in the vault",
        "µs per item",
        "ms per page",
        title="ListRecoveryPointsByBackupVault, the whole list in pages of 1000",
        title_justify="left",
    )
    for size, (item, page) in costs.items():
        table.add_row(f"{size:,}", f"{item * 1e6:.0f}", f"{page * 1e3:.1f}")
    return table


def _number(value: float | None, form: str) -> str:
    return "n/a" if value is None else form.format(value)
