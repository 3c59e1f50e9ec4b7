"""How numbers, times and lists read in a sentence, on the terminal and in the report."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def sentence(words: str) -> str:
    """The words with a capital at the beginning and a full stop at the end."""
    return full_stop(words[:1].upper() + words[1:])


def full_stop(words: str) -> str:
    """The words with a full stop at the end; the beginning may be somebody's user name."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def count(number: int, thing: str, things: str = "") -> str:
    """`1 stack`, `7 stacks`, `no stack`."""
    if number == 0:
        return f"no {thing}"
    return f"{number} {thing}" if number == 1 else f"{number} {things or thing + 's'}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def duration(seconds: float) -> str:
    """`45 s`, `30 min 1 s`, `3 h 20 min`: to the nearest second."""
    minutes, rest = divmod(round(seconds), 60)
    parts = ((minutes // 60, "h"), (minutes % 60, "min"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def seconds_between(earlier: str, later: str) -> float:
    """From one ISO 8601 time to another."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
