"""`python -m bench`: the demo by chapters, a deployment with nothing to do, our components, the emulator."""

from __future__ import annotations

import argparse
import shutil
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from airlock.estate import load
from bench import emulator as emulator_bench
from bench import nothing_to_do
from bench.programs import PROGRAMS
from bench.vaults import ACTIONS, Samples, measure, peak_of_children
from demo.aws import root_client
from demo.cost import Cost
from demo.estate_seed import seed_document
from demo.people import ByControlInterface
from demo.stage import ROOT, Stage
from demo.story import tell

if TYPE_CHECKING:
    from demo.tale import Tale

BUILD = ROOT / "build" / "bench"


def main() -> int:
    """Measure, then print the tables; numbers are of this machine and this moment, ratios travel better."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds; medians are printed")
    parser.add_argument("--sizes", default="1,30,250", help="numbers of vaults, comma-separated")
    parser.add_argument("--only", choices=["demo", "vaults", "emulator", "deploy"], help="measure one part")
    parser.add_argument("--quick", action="store_true", help="the emulator's part with small sizes, in under a minute")
    options = parser.parse_args()
    shutil.rmtree(BUILD, ignore_errors=True)
    console = Console(width=100)
    if options.only in (None, "emulator"):
        sizes = emulator_bench.QUICK if options.quick else emulator_bench.Sizes(rounds=options.rounds)
        emulator_bench.run(console, sizes)
    if options.only in (None, "demo"):
        before = Cost.so_far()
        _print_demo(console, _demo(), before)
    if options.only in (None, "deploy"):
        nothing_to_do.run(console, BUILD / "deploy", options.rounds)
    if options.only in (None, "vaults"):
        vaults = [int(size) for size in options.sizes.split(",")]
        _print_vaults(console, _vaults(vaults, options.rounds), vaults, options.rounds)
    console.print(f"Largest child process: {peak_of_children():.0f} MB")
    return 0


def _demo() -> Tale:
    return tell("cross-organization", BUILD / "demo", ByControlInterface, lambda _: None)


def _vaults(sizes: list[int], rounds: int) -> Samples:
    stage = Stage(pattern="cross-organization", folder=BUILD / "vaults")
    with stage.set_up() as emulator:
        seed = seed_document(load(stage.estate_file))

        def fresh_emulator() -> None:
            emulator.reset()
            emulator.seed(seed)
            root_client(emulator.url, "111111111111", "ram", "us-east-1").enable_sharing_with_aws_organization()

        return measure(stage.folder / "programs", stage.environment, sizes, rounds, fresh_emulator)


def _print_demo(console: Console, tale: Tale, before: Cost) -> None:
    whole = Cost.so_far().since(before)
    title = "One telling of the story, cross-organization"
    table = Table("chapter of the demo", "seconds", "CPU seconds", title=title, title_justify="left")
    for name, wall in tale.stage_seconds.items():
        table.add_row(name, f"{wall:.1f}", f"{tale.cpu_seconds[name]:.1f}")
    # The emulator's seconds can be told only when it has ended.
    rest = whole.since(Cost(sum(tale.stage_seconds.values()), sum(tale.cpu_seconds.values())))
    table.add_row("setting the stage; the emulator", f"{rest.wall:.1f}", f"{rest.cpu:.1f}")
    table.add_row("together", f"{whole.wall:.1f}", f"{whole.cpu:.1f}")
    console.print(table)


def _print_vaults(console: Console, samples: Samples, sizes: list[int], rounds: int) -> None:
    ours, bare = PROGRAMS
    table = Table(
        "vaults",
        "action",
        ours,
        bare,
        "ratio",
        "CPU",
        "CPU ratio",
        title=f"Medians of {rounds} interleaved rounds, seconds; CPU: all processes of the operation, ours",
        title_justify="left",
    )
    for vaults in sizes:
        for action in ACTIONS:
            table.add_row(
                str(vaults),
                action,
                f"{samples.wall(ours, vaults, action):.2f}",
                f"{samples.wall(bare, vaults, action):.2f}",
                f"{samples.wall(ours, vaults, action) / samples.wall(bare, vaults, action):.2f}",
                f"{samples.cpu(ours, vaults, action):.2f}",
                f"{samples.cpu(ours, vaults, action) / samples.cpu(bare, vaults, action):.2f}",
            )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
