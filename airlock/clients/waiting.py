"""Waiting for machines: seconds to minutes. Nobody waits for people here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import TypeVar

from airlock.domain.errors import CouldNotFindOut

T = TypeVar("T")


def utc_now() -> datetime:
    """The time, aware of its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait and how often to look. Tests bring their own clock."""

    seconds: float = 300
    every: float = 5
    sleep: Callable[[float], None] = sleep
    now: Callable[[], datetime] = utc_now

    def until(self, look: Callable[[], T], done: Callable[[T], bool], what: str) -> T:
        """Looks until it is done and returns the last look; `what` completes the sentence "... did not happen"."""
        deadline = self.now() + timedelta(seconds=self.seconds)
        while not done(latest := look()):
            if self.now() >= deadline:
                raise CouldNotFindOut(
                    f"After {self.seconds:.0f} seconds still not so: {what}. Nothing was undone; look again later."
                )
            self.sleep(self.every)
        return latest
