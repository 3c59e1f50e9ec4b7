"""Tests are handed out so that what is made once is made once, and the two stories go to two workers."""

from __future__ import annotations

from typing import Any, cast

from tests.ordering import longest_first, unit_of

STORY = "tests/journeys/test_the_story_holds.py::test_nothing_is_left_unproven"


class Item:
    """What the order asks a test for."""

    def __init__(self, name: str, *markers: str, fixtures: tuple[str, ...] = ()) -> None:
        self.name = name
        self.fixturenames = fixtures
        self._markers = markers

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self._markers else None


def test_each_pattern_has_a_worker_and_the_tests_of_a_file_stay_together() -> None:
    assert unit_of(f"{STORY}[cross-account]") != unit_of(f"{STORY}[cross-organization]")
    assert unit_of(f"{STORY}[cross-account]") == unit_of(f"{STORY.replace('nothing', 'everything')}[cross-account]")
    file = "tests/journeys/test_by_hand.py"
    assert {
        unit_of(f"{file}::test_a[management]"),
        unit_of(f"{file}::test_a[recovery]"),
        unit_of(f"{file}::test_b"),
    } == {file}, "every worker would deploy by hand"


def test_stories_run_before_what_needs_their_worlds_and_that_before_the_rest() -> None:
    items = [
        Item("plain"),
        Item("engine", "engine"),
        Item("journey", "engine", "journey"),
        Item("story", "engine", "journey", fixtures=("told",)),
        Item("other"),
    ]
    longest_first(cast("Any", items))
    assert [item.name for item in items] == ["story", "journey", "engine", "plain", "other"]
