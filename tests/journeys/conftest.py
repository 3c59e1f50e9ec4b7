"""The story of the demo, told once per pattern, and worlds that were cut out of it."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.people import ByControlInterface, ByPortal, People
from demo.story import tell_on
from tests.journeys.estates import BUILD, Ending, ask_in_an_emergency, choose
from tests.worlds.store import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.emulator import Emulator
    from demo.evidence import Step
    from demo.tale import Tale

STORIES = Path(__file__).resolve().parents[2] / "build" / "journeys"
VOTES: dict[str, Callable[[Emulator], People]] = {
    "cross-organization": ByPortal,
    "cross-account": ByControlInterface,
}


# The emulator can be as unkind as AWS; in `make deep` both stories are told under each of these choices.
UNKIND = {"cross-account": "backup.types-of-a-region=longer"}


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes that run tests of this run."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


@pytest.fixture(scope="session")
def worlds(run_folder: Path, forks: Path) -> Worlds:
    """Estates that were deployed already; whoever opens one gets a copy."""
    return Worlds(run_folder)


@pytest.fixture(scope="session", params=sorted(VOTES, reverse=True))
def told(request: pytest.FixtureRequest, worlds: Worlds) -> Tale:
    """One telling of the story, through the real engine."""
    pattern = request.param
    steps: list[Step] = []
    try:
        with worlds.telling(pattern, STORIES / pattern, VOTES[pattern], steps.append) as (tale, reached):
            if pattern in UNKIND:
                choose(tale, UNKIND[pattern])
            tell_on(tale, reached)
    except Exception:
        print("\n".join(map(str, steps)))  # noqa: T201 - pytest shows it with the failure
        raise
    return tale


@pytest.fixture(scope="session")
def undisturbed(run_folder: Path, worlds: Worlds) -> Ending:
    """How a deployment ends that nobody disturbs, at its first wait for people; and what an emergency then says.

    Made once for all processes that run tests: whoever comes first makes it, the others wait and read.
    """
    kept = run_folder / "undisturbed.json"
    with (run_folder / "undisturbed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(asdict(_undisturbed(worlds)), default=str), encoding="utf-8")
    held = json.loads(kept.read_text(encoding="utf-8"))
    return Ending(exports=held["exports"], said=held["said"], folder=Path(held["folder"]))


def _undisturbed(worlds: Worlds) -> Ending:
    with worlds.opened(BUILD / "undisturbed", "waiting") as site:
        exports = {stack: site.export(stack) for stack in site.stacks}
        ask_in_an_emergency(site)
        return Ending(exports=exports, said=site.said, folder=site.folder)
