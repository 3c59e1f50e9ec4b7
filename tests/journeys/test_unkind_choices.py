"""Both stories hold, whichever of the emulator's unkind choices AWS turns out to have made: each of them alone."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest

from demo.people import ByControlInterface
from demo.stage import Stage
from demo.story import open_tale, tell_on
from tests.emulator.conftest import Emulator
from tests.journeys.estates import choose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.journey]

CHOICES = (
    "backup.types-of-a-region=shorter",
    "backup.types-of-a-region=longer",
    "backup.types-of-a-region=by-region",
    "backup.global-settings=one-more",
    "backup.new-role=unknown-for-seconds",
    "backup.deleted-vault=gone-after-minutes",
    "ram.associating=minutes",
    "ram.disassociating-what-is-associating=refused",
    "organizations.collisions=first-three-tries",
    "organizations.collisions=every-second-try",
)
"""In every run the smaller story is told under one of them (`UNKIND` in conftest.py)."""
IN_MINUTES = {"backup.deleted-vault=gone-after-minutes", "ram.associating=minutes"}
"""Those that take minutes of the emulated clock, which then runs a minute a second."""


@contextmanager
def a_minute_a_second(emulator: Emulator) -> Iterator[None]:
    """Moves the emulated clock while somebody works: the plugin waits by that of this machine."""
    ended = threading.Event()

    def move() -> None:
        while not ended.wait(0.5):
            emulator.advance(30)

    mover = threading.Thread(target=move)
    mover.start()
    try:
        yield
    finally:
        ended.set()
        mover.join()


def told(stage: Stage, choice: str) -> list[str]:
    """What the story did not prove."""
    with open_tale(stage, ByControlInterface, lambda _: None) as tale:
        choose(tale, choice)
        with a_minute_a_second(Emulator(tale.emulator.url)) if choice in IN_MINUTES else nullcontext():
            tell_on(tale)
        return list(tale.evidence.problems())


@pytest.mark.deep
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("pattern", ["cross-account", "cross-organization"])
def test_a_story_holds_under_each_choice(forks: Path, tmp_path: Path, pattern: str, choice: str) -> None:
    assert told(Stage(pattern=pattern, folder=tmp_path / "stage"), choice) == []
