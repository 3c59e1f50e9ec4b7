"""The story of the demo, told once per pattern; the tests ask what it proved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.people import ByControlInterface, ByPortal, People
from demo.story import tell
from tests.journeys.estates import SECRETIVE, Ending, ask_in_an_emergency, deployed_once, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.emulator import Emulator
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
    lines: list[str] = []
    try:
        return tell(pattern, BUILD / pattern, VOTES[pattern], lines.append)
    except Exception:
        print("\n".join(lines))  # noqa: T201 - pytest shows it with the failure
        raise


@pytest.fixture(scope="session")
def undisturbed() -> Ending:
    """How a deployment ends that nobody disturbs, at its first wait for people; and what an emergency then says."""
    with opened("undisturbed") as site:
        for stack in SECRETIVE:
            site.init(stack)
        ending = deployed_once(site)
        ask_in_an_emergency(site)
    return ending
