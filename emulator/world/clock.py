"""The emulator's one clock: time-machine moves it for this whole process, moto included.

It never stands before real time: the credential code of the AWS SDKs refuses keys that look expired, and a test that
works "in the past" would prove nothing about a real deployment.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from emulator.world.resets import on_reset

if TYPE_CHECKING:
    import time_machine

_NONE = timedelta(0)


@cache
def _machine() -> Any:
    """time-machine, loaded when the clock first moves, and without its plugin for pytest, which loads all of pytest."""
    hidden = "pytest" not in sys.modules
    if hidden:
        sys.modules["pytest"] = None  # type: ignore[assignment]  # So Python says that there is no such module.
    try:
        import time_machine
    finally:
        if hidden:
            del sys.modules["pytest"]
    return time_machine


class _Clock:
    """How far the emulated time is ahead, and the traveller that carries the process there (none at real time)."""

    def __init__(self) -> None:
        self.ahead = _NONE
        self.real: datetime | None = None  # The time outside, where it stands still for the length of a call.
        self.travel: time_machine.travel | None = None
        self.traveller: time_machine.Traveller | None = None

    def move(self, ahead: timedelta) -> datetime:
        if ahead < _NONE:
            raise ValueError(
                "The clock cannot stand before real time. Name a later time, or go back to real time with "
                "POST /_emulator/reset."
            )
        self.ahead = ahead
        self.settle()
        return now()

    def settle(self) -> None:
        if self.ahead or self.real is not None:
            self.stand(real_now() + self.ahead, tick=self.real is None)
        elif self.travel is not None:
            self.travel.stop()
            self.travel = self.traveller = None

    def stand(self, moment: datetime, *, tick: bool = True) -> None:
        # Without a zone it is UTC, and time-machine leaves the zone of the process alone, which takes long to change.
        plain = moment.astimezone(UTC).replace(tzinfo=None)
        if self.traveller is None:
            self.travel = _machine().travel(plain, tick=tick)
            self.traveller = self.travel.start()
        else:
            self.traveller.move_to(plain, tick=tick)
        now()  # A traveller starts to tick at the first look, not when it arrives.


_clock = _Clock()


def now() -> datetime:
    """The emulated time; while an event of the agenda runs, that event's own time."""
    return datetime.now(UTC)


def real_now() -> datetime:
    """The time outside, which the emulated time never falls behind."""
    if _clock.real is not None:
        return _clock.real
    if _clock.traveller is None:
        return now()
    moment: datetime = _machine().escape_hatch.datetime.datetime.now(UTC)
    return moment


def ahead() -> timedelta:
    """How far the emulated time is ahead of real time."""
    return _clock.ahead


@contextmanager
def still(real: datetime | None = None, ahead: timedelta | None = None) -> Iterator[None]:
    """Let time stand still for a while: at the present moment, or at one of earlier that is gone through again."""
    _clock.real = real or real_now()
    _clock.ahead = _clock.ahead if ahead is None else ahead
    _clock.settle()
    try:
        yield
    finally:
        _clock.real = None
        _clock.settle()


def advance(seconds: float) -> datetime:
    """Move the clock. What comes due by it happens in `emulator.world.agenda.run_due`, which the caller runs next."""
    return _clock.move(_clock.ahead + timedelta(seconds=seconds))


def set(iso: str) -> datetime:
    """Move the clock to an ISO 8601 time (UTC when it names no zone)."""
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return _clock.move(moment - real_now())


def resume(moment: datetime) -> datetime:
    """Go on at a moment of earlier, or at real time where that has passed meanwhile."""
    return _clock.move(max(moment - real_now(), _NONE))


def reset() -> datetime:
    """Back to real time."""
    return _clock.move(_NONE)


def stand_at(moment: datetime) -> None:
    """Let the process live at `moment`, inside `away`: what came due takes place, and is dated, at its own time."""
    _clock.stand(moment)


@contextmanager
def away() -> Iterator[None]:
    """Back to the emulated time in the end, wherever the process stood meanwhile."""
    try:
        yield
    finally:
        _clock.settle()


on_reset(reset)
