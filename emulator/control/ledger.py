"""Every AWS call that was made, in order: who, what, and how it ended."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

from emulator.world import clock
from emulator.world.resets import on_reset


@dataclass(frozen=True)
class Call:
    """One AWS call; `error` is the error code, empty when it succeeded."""

    seq: int
    time: str
    account: str
    principal: str
    service: str
    operation: str
    request_id: str
    error: str


_calls: list[Call] = []
_lock = threading.Lock()  # Refused calls are recorded outside the front door's lock.


def record(*, account: str, principal: str, service: str, operation: str, request_id: str, error: str) -> None:
    time = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with _lock:
        _calls.append(Call(len(_calls) + 1, time, account, principal, service, operation, request_id, error))


def since(seq: int) -> list[dict[str, Any]]:
    """The calls after number `seq` (0 for all)."""
    return [asdict(call) for call in _calls[max(seq, 0) :]]


def reset() -> None:
    """Forget every call; numbers start again at 1."""
    _calls.clear()


on_reset(reset)
