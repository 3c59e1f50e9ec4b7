"""Ids are learned from answers, times are shifted, and an answer of another shape is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.takeover.ids import OtherAnswer, Translation, document

RECORDED_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
OLD, NEW = "11111111-aaaa-4aaa-8aaa-111111111111", "22222222-bbbb-4bbb-8bbb-222222222222"


@pytest.fixture
def translation() -> Translation:
    learned = Translation(RECORDED_AT, shift=timedelta(days=2))
    learned.learn({"Arn": f"arn:aws:kms:eu-west-1:4:key/{OLD}"}, {"Arn": f"arn:aws:kms:eu-west-1:4:key/{NEW}"})
    return learned


@pytest.mark.parametrize(
    ("recorded", "replayed"),
    [
        (OLD, NEW),
        (f"/vaults/arn%3Aaws%3Akms%2F{OLD}", f"/vaults/arn%3Aaws%3Akms%2F{NEW}"),
        (f'{{"Resource": ["{OLD}", "x"]}}', f'{{"Resource": ["{NEW}", "x"]}}'),
        ({f"key/{OLD}": [f"a:{OLD}:b"]}, {f"key/{NEW}": [f"a:{NEW}:b"]}),
        (f"{OLD}0", f"{OLD}0"),
    ],
    ids=["alone", "in an address", "in a policy", "in a document", "not as a part of another word"],
)
def test_an_id_is_translated_wherever_it_stands(translation: Translation, recorded: Any, replayed: Any) -> None:
    assert translation.data(recorded) == replayed


def test_times_since_the_recording_are_shifted_and_earlier_ones_stay(translation: Translation) -> None:
    assert translation.text("at 2026-11-30T12:00:01.500Z") == "at 2026-12-02T12:00:01.5Z"
    assert translation.text("at 2026-11-30T14:00:00+02:00") == "at 2026-12-02T12:00:00Z"
    assert translation.text("at 2020-01-01T00:00:00Z") == "at 2020-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("recorded", "replayed", "words"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, "no `b`"),
        ({"a": [1, 2]}, {"a": [1]}, "1 instead of 2"),
        ({"a": "ACTIVE"}, {"a": "FAILED: why"}, "instead of `ACTIVE`"),
        ({"a": 3}, {"a": 4}, "4 instead of 3"),
        ({"a": True}, {"a": "true"}, "instead of True"),
        ({"a": "yes"}, {"a": "no"}, "`no`"),
        ({"a": OLD}, {"a": OLD}, f"`{NEW}` was expected"),
    ],
    ids=["a member", "a list", "a text", "a number", "a kind", "a short word", "an id that was another before"],
)
def test_an_answer_that_differs_otherwise_than_by_an_id_or_a_time_is_refused(
    translation: Translation, recorded: Any, replayed: Any, words: str
) -> None:
    with pytest.raises(OtherAnswer, match=words):
        translation.learn(recorded, replayed)


def test_an_answer_may_say_more_and_at_another_time(translation: Translation) -> None:
    before = dict(translation.words)
    recorded = {"at": 1796039204.5, "when": "2026-11-30T12:00:00Z"}
    translation.learn(recorded, {"at": 1796939204, "when": "2027-01-01T12:00:00.5Z", "more": OLD})
    assert translation.words == {**before, "time": "time"}, "a time was taken for an id"


def test_answers_in_xml_are_compared_by_their_members(translation: Translation) -> None:
    recorded = document("<R xmlns='urn:x'><A><B>one-11111</B></A><RequestId>1</RequestId></R>")
    translation.learn(recorded, document("<R><A><B>one-22222</B></A><More/><RequestId>2</RequestId></R>"))
    assert translation.text("one-11111") == "one-22222"
    with pytest.raises(OtherAnswer, match="no `B`"):
        translation.learn(recorded, document("<R><A><C/></A></R>"))
