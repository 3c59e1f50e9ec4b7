"""The story of the demo, told once per pattern; the tests ask what it proved."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.people import ByControlInterface, ByPortal, People
from demo.story import tell
from tests.journeys.estates import SECRETIVE, Ending, ask_in_an_emergency, deployed_once, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.emulator import Emulator
    from demo.evidence import Step
    from demo.tale import Tale

BUILD = Path(__file__).resolve().parents[2] / "build" / "journeys"
VOTES: dict[str, Callable[[Emulator], People]] = {
    "cross-organization": ByPortal,
    "cross-account": ByControlInterface,
}


@pytest.fixture(scope="session", params=sorted(VOTES))
def told(request: pytest.FixtureRequest) -> Tale:
    """One telling of the story, through the real engine."""
    pattern = request.param
    steps: list[Step] = []
    try:
        return tell(pattern, BUILD / pattern, VOTES[pattern], steps.append)
    except Exception:
        print("\n".join(map(str, steps)))  # noqa: T201 - pytest shows it with the failure
        raise


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Ending:
    """How a deployment ends that nobody disturbs, at its first wait for people; and what an emergency then says.

    Made once for all processes that run tests: whoever comes first makes it, the others wait and read.
    """
    mine = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    kept = shared / "undisturbed.json"
    with (shared / "undisturbed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(asdict(_undisturbed()), default=str), encoding="utf-8")
    held = json.loads(kept.read_text(encoding="utf-8"))
    return Ending(exports=held["exports"], said=held["said"], folder=Path(held["folder"]))


def _undisturbed() -> Ending:
    with opened("undisturbed") as site:
        for stack in SECRETIVE:
            site.init(stack)
        ending = deployed_once(site)
        ask_in_an_emergency(site)
    return ending
