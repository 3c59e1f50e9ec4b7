"""What will happen when: a timetable of plain data, so that a snapshot of the world can carry it.

A service says `agenda.at(when, "mpa.session_expires", session_arn)`, and the function registered for that kind runs
when the clock has passed `when`. A handler looks at the state it finds and does nothing when the event no longer
matters (a session that was decided meanwhile), so nothing is ever taken off the timetable.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from emulator.world import clock
from emulator.world.resets import on_reset

Handler = Callable[..., None]


class Event(NamedTuple):
    """One entry; events of the same moment happen in the order in which they were entered, by their number."""

    when: datetime
    number: int
    kind: str
    args: tuple[str, ...]


_handlers: dict[str, Handler] = {}
_events: list[Event] = []
_numbers = {"next": 0}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for events of `kind`; it gets the arguments given to `at`, all strings."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def at(when: datetime, kind: str, *args: str) -> None:
    """Enter an event. A time that has passed already is allowed: the event then happens at the next look."""
    if kind not in _handlers:
        raise LookupError(f"No handler is registered for events of kind {kind!r}, so the event could never happen.")
    heapq.heappush(_events, Event(when, _numbers["next"], kind, args))
    _numbers["next"] += 1


def run_due() -> None:
    """Let everything happen that is due by now, in time order, each at its own time on the clock."""
    until = clock.now()
    if not _events or _events[0].when > until:
        return
    with clock.away():
        while _events and _events[0].when <= until:
            event = heapq.heappop(_events)
            clock.stand_at(event.when)
            _handlers[event.kind](*event.args)


def reset() -> None:
    """Forget every event; handlers stay."""
    _events.clear()
    _numbers["next"] = 0


on_reset(reset)
