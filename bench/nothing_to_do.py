"""`airlock deploy` with nothing to do, against one preview with the pack and one export of the state per stack."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING

from rich.table import Table

from airlock.estate.stack_files import load_stack_files
from demo.chapters import deployment
from demo.cost import Cost
from demo.people import ByControlInterface
from demo.stage import Stage
from demo.story import open_tale

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console

    from airlock.estate import Estate

BOUND = 1.3
"""`airlock deploy` may cost that many times what it has to ask the engine for."""


def run(console: Console, folder: Path, rounds: int) -> None:
    """Deploy the whole estate until nothing waits, then measure both sides in turn, and print medians and ratio."""
    stage = Stage(pattern="cross-organization", folder=folder)
    with open_tale(stage, ByControlInterface, lambda _: None) as tale:
        deployment.deploy(tale)
        where = deployment.where(tale)
        # The run that finds nobody waiting is the last one that writes.
        tale.airlock("deploy", *where)
        sides: dict[str, Callable[[], None]] = {
            "airlock deploy": lambda: _deploy(stage, where),
            "preview and export": lambda: _preview_and_export(stage, tale.estate),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in sides}
        for turn in range(rounds):
            for name in sides if turn % 2 == 0 else reversed(list(sides)):
                costs[name].append(_cost_of(sides[name]))
    _print(console, costs, rounds)


def _deploy(stage: Stage, where: list[str]) -> None:
    command = [sys.executable, "-m", "airlock.cli", "deploy", *where, "--json"]
    stacks = json.loads(_run(stage, command, {}))["stacks"]
    made = [stack["name"] for stack in stacks if stack["up"] != "skipped"]
    if made:
        raise RuntimeError(f"There was nothing to do, and `up` was made for {', '.join(made)}.")


def _preview_and_export(stage: Stage, estate: Estate) -> None:
    for file in load_stack_files(stage.project, stage.estate_file):
        backend = {"PULUMI_BACKEND_URL": estate.state(estate.side_of_role(file.role)).backend}
        preview = ["preview", "--json", "--policy-pack", "policies"]
        for words in (preview, ["stack", "export"]):
            _run(stage, ["pulumi", *words, "--stack", file.name, "--non-interactive"], backend)


def _run(stage: Stage, command: list[str], more: dict[str, str]) -> str:
    environment = stage.environment | {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"} | more
    done = subprocess.run(command, cwd=stage.project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _cost_of(side: Callable[[], None]) -> Cost:
    before = Cost.so_far()
    side()
    return Cost.so_far().since(before)


def _print(console: Console, costs: dict[str, list[Cost]], rounds: int) -> None:
    ours, engine = costs.values()
    table = Table(
        "seconds",
        *costs,
        "ratio",
        title=f"A deployment with nothing to do, seven stacks, medians of {rounds} rounds (CPU: at most {BOUND:.1f})",
        title_justify="left",
    )
    for kind in ("cpu", "wall"):
        left, right = (median(getattr(cost, kind) for cost in side) for side in (ours, engine))
        table.add_row(kind.upper() if kind == "cpu" else kind, f"{left:.1f}", f"{right:.1f}", f"{left / right:.2f}")
    console.print(table)
