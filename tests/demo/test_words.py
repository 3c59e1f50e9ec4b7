"""Numbers as words."""

from __future__ import annotations

import pytest

from demo.words import count, duration, full_stop, listed, sentence


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (23.4, "23 s"),
        (60, "1 min"),
        (1801, "30 min 1 s"),
        (3599.5, "1 h"),
        (4 * 3600, "4 h"),
        (4 * 3600 + 1, "4 h 1 s"),
        (24 * 3600, "24 h"),
    ],
)
def test_a_duration_is_told_to_the_second(seconds: float, words: str) -> None:
    assert duration(seconds) == words, "an objective missed by seconds could look met"


def test_a_count_agrees_with_its_number() -> None:
    assert [count(number, "stack") for number in (0, 1, 7)] == ["no stack", "1 stack", "7 stacks"]


def test_a_list_reads_as_a_sentence() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_a_sentence_begins_with_a_capital_and_a_user_name_does_not() -> None:
    assert sentence("the vault is open") == "The vault is open."
    assert full_stop("ada.lind approves") == "ada.lind approves."
    assert full_stop("It fails: it is not open.") == "It fails: it is not open."
