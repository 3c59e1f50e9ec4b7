"""One call of the control interface, and its refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class ControlError(Exception):
    """A refusal with its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One call of the control interface; `text` reads a required member of the JSON body."""

    body: dict[str, Any]
    query: dict[str, str]
    url: str
    subject: str = ""
    """What the path names, as in `snapshots/NAME`."""

    def text(self, name: str, allowed: tuple[str, ...] = ()) -> str:
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise ControlError(400, f"{name!r} must be a text in the JSON body.")
        if allowed and value not in allowed:
            raise ControlError(400, f"{name!r} must be {' or '.join(allowed)}, not {value!r}.")
        return value


Action = Callable[[Request], Any]
