"""The patience of the plugin: what ends a wait, what is repeated, and the factor on all of it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.aws_plugin.pretending import in_turn, refusal
from tools.aws_plugin import waiting
from tools.aws_plugin.errors import PluginError
from tools.aws_plugin.waiting import LOOKS_AT_NOTHING, NOTHING, SCALE, retry, says, wait


def look(*states: str) -> Any:
    return in_turn(*states)


def test_a_state_is_waited_for_and_may_have_to_be_seen_more_than_once() -> None:
    """An air-gapped vault is AVAILABLE when two looks in a row say so. [tf lag]"""
    left = ["CREATING", "AVAILABLE", "CREATING", "AVAILABLE", "AVAILABLE", "GONE"]
    wait(lambda: left.pop(0), "AVAILABLE", "It", through=("CREATING",), seconds=300, times=2)
    assert left == ["GONE"]


def test_a_state_that_is_not_on_the_way_ends_the_wait() -> None:
    with pytest.raises(PluginError, match="It ended in the unexpected state FAILED instead of AVAILABLE"):
        wait(look("CREATING", "FAILED"), "AVAILABLE", "It", through=("CREATING",), seconds=300)


def test_what_does_not_show_at_once_is_given_some_looks_and_then_is_not_there() -> None:
    wait(look(*[NOTHING] * LOOKS_AT_NOTHING, "ACTIVE"), "ACTIVE", "It", through=(), seconds=300)
    with pytest.raises(PluginError, match="It is not there, and should be ACTIVE"):
        wait(look(NOTHING), "ACTIVE", "It", through=(), seconds=3_000)


def test_the_scale_shortens_every_wait_and_the_message_tells_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCALE, "0")
    began = time.monotonic()
    with pytest.raises(PluginError, match="It is still CREATING after 1800 seconds and should be AVAILABLE"):
        wait(look("CREATING"), "AVAILABLE", "It", through=("CREATING",), seconds=1800)
    assert time.monotonic() - began < 10


def test_the_real_patience_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SCALE)
    assert waiting.scale() == 1


@pytest.mark.parametrize("text", ["soon", "-1", "inf", "nan"])
def test_a_scale_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(SCALE, text)
    with pytest.raises(PluginError, match=f"{SCALE} is '{text}'.*Set a number"):
        waiting.scale()


def test_a_refusal_that_passes_is_repeated_and_another_is_not() -> None:
    new = refusal("Do", "Invalid", "the role is new")
    assert retry(in_turn(new, new, "done"), on=says("Invalid", "is new")) == "done"
    for other in (refusal("Do", "Invalid", "for ever"), refusal("Do", "Other", "the role is new")):
        with pytest.raises(type(other)) as refused:
            retry(in_turn(new, other, "done"), on=says("Invalid", "is new"))
        assert refused.value is other


def test_a_refusal_that_does_not_pass_is_raised_in_the_end(impatient: None) -> None:
    new = refusal("Do", "Invalid", "the role is new")
    with pytest.raises(type(new)) as refused:
        retry(in_turn(new), on=says("Invalid"))
    assert refused.value is new
