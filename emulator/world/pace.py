"""How long intermediate states last.

`fast` (the default): the first look (a Get, Describe or List) shows the intermediate state and the next one the final
state, so that a program meets both without waiting. `real`: the documented durations, on the emulator's clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from emulator.world import clock

FAST = "fast"
REAL = "real"
_chosen = FAST


def choose(name: str) -> None:
    """Set the pace of this emulator."""
    global _chosen
    if name not in (FAST, REAL):
        raise ValueError(f"Unknown pace {name!r}: choose {FAST} or {REAL}.")
    _chosen = name


def chosen() -> str:
    """The pace in force."""
    return _chosen


def fast() -> bool:
    return _chosen == FAST


@dataclass
class Step:
    """One intermediate state on its way to the next: `due` is its documented end, `looked` whether it was seen.

    `by_clock`: it lasts until then in any pace, however often somebody looks.
    """

    due: datetime
    looked: bool = False
    by_clock: bool = False

    def look(self, now: datetime) -> bool:
        """Look at it once; true when the intermediate state is over."""
        over = now >= self.due or (fast() and self.looked and not self.by_clock)
        self.looked = True
        return over


def step(duration: timedelta, *, by_clock: bool = False) -> Step:
    """An intermediate state that starts now and is documented to last `duration`."""
    return Step(clock.now() + duration, by_clock=by_clock)
