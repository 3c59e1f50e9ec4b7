"""Faults on order: the next calls of an operation are throttled, denied, fail, get no answer or lose their connection.

A fault is met by a call that was admitted (its key is known, its operation exists), under the front door's lock, and at
no cost while nobody ordered one. A call that is held waits outside that lock: other calls go on.
"""

import selectors
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from emulator.protocol import service_errors, service_models
from emulator.protocol.answers import Refusal
from emulator.protocol.service_models import Operation
from emulator.world.call import Call

EFFECTS = ("throttle", "deny", "timeout", "error", "crash_before", "crash_after")
_GO_ON, _DROP = b"g", b"d"


class NoAnswer(Exception):
    """The connection ends without an answer."""


@dataclass(eq=False)
class Fault:
    """What happens to the next `left` calls of `operation` ("*" for any) of a service, named as botocore names it."""

    service: str
    operation: str
    effect: str
    left: int
    after: bool = False
    meetings: list["Meeting"] = field(default_factory=list)

    def fits(self, operation: Operation) -> bool:
        if self.left < 1 or operation.model is None:
            return False
        return operation.model.service_model.service_name == self.service and self.operation in ("*", operation.name)

    def shown(self) -> dict[str, Any]:
        """As the control interface shows it: what is left, and how many calls stand and wait."""
        names = ("service", "operation", "effect", "after")
        held = sum(meeting.waits for meeting in self.meetings)
        return {**{name: getattr(self, name) for name in names}, "times": self.left, "held": held}


class Meeting:
    """One call that met a fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.waits = False
        self._listen, self._tell = socket.socketpair()

    @property
    def takes_effect(self) -> bool:
        """Whether the call is served as usual before its answer is lost or held."""
        return self.fault.effect == "crash_after" or (self.fault.effect == "timeout" and self.fault.after)

    def suffer(self, client: socket.socket) -> None:
        """Crash or wait: returns when the call may go on, raises NoAnswer when it ends here."""
        try:
            if self.fault.effect != "timeout" or self._word(client) != _GO_ON:
                raise NoAnswer
        finally:
            self.end()

    def end(self) -> None:
        """The call is on its way again, or over."""
        with _lock:
            if self in self.fault.meetings:
                self.fault.meetings.remove(self)
                self._listen.close()
                self._tell.close()
            _forget_spent()

    def tell(self, word: bytes) -> None:
        self._tell.sendall(word)

    def _word(self, client: socket.socket) -> bytes:
        """Wait until somebody tells how it goes on, or the client hangs up."""
        self.waits = True
        with selectors.DefaultSelector() as selector:
            selector.register(self._listen, selectors.EVENT_READ)
            selector.register(client, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._listen in ready:
                    return self._listen.recv(1)
                if _has_hung_up(client):
                    return _DROP
                # The next request of a client that does not wait for answers; it is read in its turn.
                selector.unregister(client)


def _has_hung_up(client: socket.socket) -> bool:
    try:
        return client.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


_faults: list[Fault] = []
_lock = threading.Lock()  # Held calls come back outside the front door's lock.


def order(service: str, operation: str, effect: str, times: int = 1, *, after: bool = False) -> Fault:
    """Order a fault. ValueError, in one sentence, when there is no such service, operation or effect."""
    model = service_models.by_signing_name(service)
    if model is None:
        raise ValueError(f"AWS has no service {service!r}; name it as its requests are signed, such as 'backup'.")
    if operation != "*" and operation not in model.operation_names:
        raise ValueError(f"Service {service!r} has no operation {operation!r}; '*' means every operation.")
    if effect not in EFFECTS:
        raise ValueError(f"'effect' must be one of {', '.join(EFFECTS)}, not {effect!r}.")
    if times < 1:
        raise ValueError(f"'times' must be 1 or more, not {times}.")
    if after and effect != "timeout":
        raise ValueError("'after' belongs to the effect 'timeout': the call takes effect and is then held.")
    fault = Fault(str(model.service_name), operation, effect, times, after)
    with _lock:
        _faults.append(fault)
    return fault


def meet(call: Call) -> Meeting | None:
    """Let an admitted call meet its fault, counted down: a Refusal, or what it goes through; mostly None."""
    if not _faults:
        return None
    with _lock:
        fault = next((each for each in _faults if each.fits(call.operation)), None)
        if fault is None:
            return None
        fault.left -= 1
        refusal = _refusal(fault, call)
        if refusal is not None:
            _forget_spent()
            raise refusal
        meeting = Meeting(fault)
        fault.meetings.append(meeting)
        return meeting


def _refusal(fault: Fault, call: Call) -> Refusal | None:
    match fault.effect:
        case "throttle":
            return service_errors.throttled(call.operation)
        case "deny":
            who = call.admitted.principal_arn
            return service_errors.denied(call.operation, f"User: {who} is not authorized to perform: {call.name}")
        case "error":
            return service_errors.failed(call.operation)
    return None


def all_faults() -> list[Fault]:
    """The faults that still stand, or hold calls, in the order in which they were ordered."""
    with _lock:
        return list(_faults)


def lift(service: str = "", operation: str = "") -> None:
    """Delete the faults (of a service, of an operation, or all); the calls that they hold go on and are answered."""
    model = service_models.by_signing_name(service) if service else None
    if service and model is None:
        raise ValueError(f"AWS has no service {service!r}.")
    name = "" if model is None else str(model.service_name)
    _remove([each for each in all_faults() if name in ("", each.service) and operation in ("", each.operation)], _GO_ON)


def reset() -> None:
    """Forget every fault. Calls that are held end without an answer: the world that they were meant for is gone."""
    _remove(all_faults(), _DROP)


def _remove(faults: list[Fault], word: bytes) -> None:
    with _lock:
        for fault in faults:
            fault.left = 0
            for meeting in fault.meetings:
                meeting.tell(word)
        _faults[:] = [each for each in _faults if each not in faults]


def _forget_spent() -> None:
    _faults[:] = [each for each in _faults if each.left or each.meetings]
