"""What somebody who watches the story sees, and what a log of it holds."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from demo.attack import NEEDS_VOTE, REFUSED, WORKED
from demo.evidence import Step
from demo.terminal import Terminal
from tests.demo.told import told

NOW = "2026-12-02T05:00:00+00:00"
LONG = "arn:aws:backup:eu-west-1:444444444444:backup-vault:" + "payments-" * 20
ESCAPE = "\x1b["


def drawn(*steps: Step, terminal: bool, colours: bool = True) -> str:
    """What the steps look like on a terminal of 60 columns, or in a file."""
    out = io.StringIO()
    environment: dict[str, str] = {} if colours else {"NO_COLOR": "1"}
    console = Console(
        file=out, width=60, force_terminal=terminal, color_system="standard" if terminal else None, _environ=environment
    )
    shown = Terminal(console)
    for step in steps:
        shown.step(step)
    shown.verdict(told())
    return out.getvalue()


def test_a_chapter_begins_with_a_numbered_heading() -> None:
    said = drawn(Step(NOW, "", "The attack", "chapter"), Step(NOW, "", "The team says no", "chapter"), terminal=False)
    assert said.startswith("\n1. The attack\n\n2. The team says no\n")


def test_a_step_is_one_line_with_the_time_since_the_start_where_nobody_watches() -> None:
    said = drawn(Step(NOW, "AWS Backup", f"opens {LONG}"), terminal=False)
    assert re.match(rf" +0\.\d s +AWS Backup opens {LONG}\.\n", said), "a log that breaks its lines cannot be searched"
    assert ESCAPE not in said


def test_a_word_longer_than_the_terminal_is_folded_and_whole() -> None:
    said = drawn(Step(NOW, "AWS Backup", f"opens {LONG}"), terminal=True, colours=False)
    assert all(len(line) <= 60 for line in re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines())
    assert f"opens{LONG}." in re.sub(r"\x1b\[[0-9;]*m|\s", "", said)


@pytest.mark.parametrize(
    ("outcome", "word", "colour"), [(REFUSED, "refused", 32), (WORKED, "successful", 31), (NEEDS_VOTE, "held", 33)]
)
def test_what_came_of_an_attempt_is_told_by_a_word_and_by_a_colour(outcome: str, word: str, colour: int) -> None:
    step = Step(NOW, "The attacker", "tries it", "attack", outcome)
    assert f"{ESCAPE}{colour}m{word}" in drawn(step, terminal=True)
    assert f"s  {word}" in drawn(step, terminal=False)


def test_somebody_who_wants_no_colours_gets_none() -> None:
    said = drawn(Step(NOW, "The attacker", "tries it", "attack", REFUSED), terminal=True, colours=False)
    assert not re.search(r"\x1b\[(\d+;)*3\dm", said)
    assert "refused" in said


def test_the_verdict_sums_up_and_names_each_objective() -> None:
    said = drawn(terminal=False)
    assert "Verdict\nThe backups came back.\n5 attempts:" in said
    assert re.findall(r"^met +([A-Z][a-z ]+):", said, flags=re.MULTILINE) == ["People", "Machine", "Age of the data"]
