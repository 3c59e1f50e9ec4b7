"""`up`, no-change `up` and preview of N vaults with our components, against the bare package on the same engine."""

from __future__ import annotations

import resource
import subprocess
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from bench.programs import PROGRAMS, write_program
from demo.cost import Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

ACTIONS = ("up", "no-change up", "preview")


@dataclass
class Samples:
    """Costs by (program, vaults, action), one per round."""

    costs: dict[tuple[str, int, str], list[Cost]] = field(default_factory=dict)

    def add(self, program: str, vaults: int, action: str, cost: Cost) -> None:
        """Keep one measurement."""
        self.costs.setdefault((program, vaults, action), []).append(cost)

    def wall(self, program: str, vaults: int, action: str) -> float:
        """The median of all rounds, seconds on the clock."""
        return median(cost.wall for cost in self.costs[program, vaults, action])

    def cpu(self, program: str, vaults: int, action: str) -> float:
        """The median of all rounds, seconds of processors; those of the emulator apart."""
        return median(cost.cpu for cost in self.costs[program, vaults, action])


def measure(
    folder: Path, environment: dict[str, str], sizes: Sequence[int], rounds: int, fresh_emulator: Callable[[], None]
) -> Samples:
    """Interleave the programs: within each round both see the same machine. Every `up` starts from an empty account."""
    state = folder / "state"
    state.mkdir(parents=True)
    environment = environment | {"PULUMI_BACKEND_URL": f"file://{state}"}
    folders = {name: write_program(folder, name) for name in PROGRAMS}
    samples = Samples()
    for turn in range(rounds):
        for vaults in sizes:
            for name in PROGRAMS if turn % 2 == 0 else reversed(PROGRAMS):
                fresh_emulator()
                _one(samples, folders[name], environment, name, vaults, f"r{turn}-{vaults}-{folders[name].name[:4]}")
    return samples


def _one(samples: Samples, folder: Path, environment: dict[str, str], name: str, vaults: int, stack: str) -> None:
    _pulumi(folder, environment, "stack", "init", stack)
    _pulumi(folder, environment, "config", "set", "vaults", str(vaults), "--stack", stack)
    for action in ACTIONS:
        words = ["preview"] if action == "preview" else ["up", "--yes", "--skip-preview"]
        before = Cost.so_far()
        _pulumi(folder, environment, *words, "--stack", stack)
        samples.add(name, vaults, action, Cost.so_far().since(before))


def _pulumi(folder: Path, environment: dict[str, str], *words: str) -> None:
    command = ["pulumi", *words, "--non-interactive"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"`pulumi {' '.join(words)}` failed:\n{done.stdout}{done.stderr}")


def peak_of_children() -> float:
    """The largest resident size of any one child process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
