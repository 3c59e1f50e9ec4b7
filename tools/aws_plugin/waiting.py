"""How long the plugin waits for AWS, and what it repeats: the real plugin's times, all of them scaled by one factor."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin.errors import PluginError, code_of

SCALE = "AIRLOCK_AWS_PLUGIN_WAIT_SCALE"
# IAM takes a while to show a new role everywhere; the real plugin allows for two minutes.
UNTIL_IAM_KNOWS = 120.0
LONGEST_PAUSE = 1.0
# So many looks in a row may find nothing before "not there yet" becomes "not there".
LOOKS_AT_NOTHING = 20
NOTHING = ""


def scale() -> float:
    """What every time is multiplied by. 1 is the real plugin's patience."""
    text = os.environ.get(SCALE) or "1"
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise PluginError(
            f"{SCALE} is {text!r}, and every wait is multiplied by it. Set a number from 0 on, such as 0.01."
        )
    return found


# Two changes of one organization at once: AWS takes one, and the real plugin's client sends the other again.
COLLISIONS = 25
LONGEST_AFTER_A_COLLISION = 5.0


class _Patience:
    """A deadline with pauses between the looks. The second look follows at once: most changes are done by then."""

    def __init__(self, seconds: float) -> None:
        self._scale = scale()
        self._end = time.monotonic() + seconds * self._scale
        self._pause = 0.0

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._end

    def pause(self) -> None:
        time.sleep(self._pause * self._scale)
        self._pause = min(self._pause * 2 + 0.05, LONGEST_PAUSE)


def wait(
    look: Callable[[], str],
    until: str,
    what: str,
    *,
    through: Collection[str],
    seconds: float,
    times: int = 1,
) -> None:
    """Look until AWS shows the state `until`, `times` in a row.

    Every state but those of `through` ends the wait. NOTHING may be what is waited for; where it is not, AWS may take a
    number of looks to show the object at all.
    """
    patience, seen, missed = _Patience(seconds), 0, 0
    while True:
        state = look()
        seen = seen + 1 if state == until else 0
        missed = missed + 1 if state == NOTHING else 0
        if seen == times:
            return
        if missed > LOOKS_AT_NOTHING and until != NOTHING:
            raise PluginError(f"{what} is not there, and should be {until}.")
        if state not in (until, NOTHING, *through):
            raise PluginError(f"{what} ended in the unexpected state {state} instead of {until or 'gone'}.")
        if patience.is_over:
            raise PluginError(
                f"{what} is still {state or 'not there'} after {seconds:.0f} seconds and should be {until or 'gone'}."
            )
        patience.pause()


def retry(call: Callable[[], Any], *, on: Callable[[ClientError], bool], seconds: float = UNTIL_IAM_KNOWS) -> Any:
    """Repeat a call as long as AWS refuses it for a reason that passes; the last refusal is raised."""
    patience = _Patience(seconds)
    while True:
        try:
            return call()
        except ClientError as error:
            if not on(error) or patience.is_over:
                raise
        patience.pause()


def again_after_a_collision(response: Any = None, attempts: int = 1, **_: Any) -> float | None:
    """For botocore: the seconds until the call is sent again, or None where it was no collision, or one too many."""
    error = response[1].get("Error", {}) if response else {}
    collided = error.get("Code") == "ConcurrentModificationException" and "Try again later" in error.get("Message", "")
    if not collided or attempts >= COLLISIONS:
        return None
    return float(min(0.1 * 2**attempts, LONGEST_AFTER_A_COLLISION)) * scale()


def says(code: str, *texts: str) -> Callable[[ClientError], bool]:
    """A refusal with this code, and with one of these texts if any are given."""

    def matches(error: ClientError) -> bool:
        message = str(error.response.get("Error", {}).get("Message", ""))
        return code_of(error) == code and (not texts or any(text in message for text in texts))

    return matches
