"""CloudTrail: what of each finished call is kept for LookupEvents and for trails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.answers import Answer
    from emulator.call import Call


def record(call: Call, answer: Answer) -> None:
    """Keep a management event of a finished call."""
