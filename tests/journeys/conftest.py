"""The story of the demo, told once per pattern; the tests ask what it proved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.people import ByControlInterface, ByPortal
from demo.story import tell

if TYPE_CHECKING:
    from demo.tale import Tale

BUILD = Path(__file__).resolve().parents[2] / "build" / "journeys"
VOTES = {"cross-organization": ByPortal, "cross-account": ByControlInterface}


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
