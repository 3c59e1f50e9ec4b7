"""What a first look shows.

In fast pace things move on at once, but the first Get or List still shows the intermediate state, so that a program
meets both. In real pace the intermediate state is real and ends on the agenda. Either way an API answer
reads the state through `look`.
"""

from typing import Protocol

from .transitions import State


class Watched(Protocol):
    """A thing with a state and, until somebody looks or something further happens, an earlier state to show first."""

    state: State
    unseen: State | None


def look(thing: Watched) -> State:
    """The state to show now; the intermediate one is shown once."""
    shown, thing.unseen = thing.unseen or thing.state, None
    return shown
