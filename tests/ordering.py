"""Which test runs when, and where: what takes longest first, so that all workers end together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

from demo.stage import ESTATES

if TYPE_CHECKING:
    import pytest

_PATTERN = re.compile(rf"\[({'|'.join(ESTATES)})\]$")


def longest_first(items: list[pytest.Item]) -> None:
    """Stories, then what starts from their worlds, then what runs the engine, then the rest."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, ...]:
    story = "told" in getattr(item, "fixturenames", ())
    return (not story, item.get_closest_marker("journey") is None, item.get_closest_marker("engine") is None)


class ByFileAndPattern(LoadScopeScheduling):  # type: ignore[misc] # It has no types.
    """The tests of a file go to one worker, where they share what is made once; each pattern to one of its own."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """What a test goes to a worker with: those of its file, or of its pattern in that file."""
    pattern = _PATTERN.search(nodeid)
    return nodeid.partition("::")[0] + (pattern[0] if pattern else "")
