"""`--state DIR`: what was answered is there again after the process was killed.

Every call is written to a journal before it is answered, with the moment at which it was made; now and then the whole
state is written and the journal begins anew. At the start the state is read and the journal is called once more: the
same calls at the same moments make the same ids, so they make the same world (docs/adr/0006-state-on-disk.md).
"""

import base64
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

from emulator.protocol.answers import Refusal
from emulator.state import contents, pickling, snapshots
from emulator.state.folder import StateFolder
from emulator.world import clock, pace

# A checkpoint is due when the calls since the last one took that many seconds (so long takes their repetition at the
# start), and never more than a twentieth of the time goes into checkpoints.
_SECONDS, _TIMES = 5.0, 20


@dataclass(frozen=True)
class Record:
    """One call: the strings of its environment, its body, its moment, and the error that it was given from outside."""

    environ: dict[str, Any]
    body: bytes
    real: datetime
    ahead: timedelta
    refusal: Refusal | None = None
    unread: bool = False


class Repeating(Protocol):
    """Who can make a recorded call again."""

    def repeat(self, record: Record) -> None: ...


class Keeper:
    """Keeps the state in a folder. Everything but `begin` and `close` happens under the front door's lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = StateFolder(folder)
        self._spent = 0.0
        self._cost = 0.0
        self._due = False

    def begin(self, door: Repeating) -> None:
        """Bring back what the folder holds."""
        for name, written in self._folder.snapshots().items():
            moment, content = pickling.loads(written)
            snapshots.keep(snapshots.Snapshot(name, moment, content))
        chosen, checkpoint = pace.chosen(), self._folder.checkpoint()
        if checkpoint is not None:
            held = pickling.loads(checkpoint)
            snapshots.go_back(held["moment"], held["state"])
            pace.choose(held["pace"])
        records, torn = self._folder.records()
        if torn:
            sys.stderr.write(
                f"emulator: The last {torn} bytes in the journal of {self._folder.path} are no whole record and were "
                "dropped. Every call that was answered before them is there.\n"
            )
        last = None
        for written in records:
            last = _read(written)
            with clock.still(last.real, last.ahead):
                door.repeat(last)
        if last is not None:
            clock.resume(last.real + last.ahead)
        pace.choose(chosen)

    def keep_going(self) -> None:
        """Write the state as it is now, and record every call from here on."""
        _mark_keys(self._cannot_repeat)
        snapshots.after_taking(self._snapshot_taken)
        snapshots.after_restoring(self._cannot_repeat)
        self.write()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """The time stands still during a call, so that its repetition sees the same."""
        started = time.monotonic()
        with clock.still():
            yield
        self._spent += time.monotonic() - started

    def record(self, environ: dict[str, Any], body: bytes, refusal: Refusal | None, *, unread: bool = False) -> None:
        """Keep a call that is about to be answered. OSError when the disk is full: then the next one tries again."""
        if self._due or self._spent > max(_SECONDS, _TIMES * self._cost):
            self.write()
            return
        self._due = True
        self._folder.append(_written(Record(environ, body, clock.real_now(), clock.ahead(), refusal, unread)))
        self._due = False

    def write(self) -> None:
        """Write the whole state."""
        started = time.monotonic()
        held = {"moment": clock.now(), "pace": pace.chosen(), "state": contents.collect()}
        self._due = True
        self._folder.write_checkpoint(pickling.dumps(held))
        self._due = False
        self._spent, self._cost = 0.0, time.monotonic() - started

    def close(self) -> None:
        self.write()
        self._folder.close()

    def _cannot_repeat(self) -> None:
        self._due = True

    def _snapshot_taken(self, snapshot: snapshots.Snapshot) -> None:
        self._folder.write_snapshot(snapshot.name, pickling.dumps((snapshot.time, snapshot.content)))


def strings_of(environ: dict[str, Any]) -> dict[str, Any]:
    """What of a request's environment a repetition needs."""
    return {name: value for name, value in environ.items() if isinstance(value, str | dict)}


def _written(record: Record) -> bytes:
    refusal = record.refusal
    head = {
        "environ": record.environ,
        "real": record.real.isoformat(),
        "ahead": [record.ahead.days, record.ahead.seconds, record.ahead.microseconds],
        "refusal": None if refusal is None else [refusal.status, refusal.code, refusal.message],
        "unread": record.unread,
        "body": base64.b64encode(record.body).decode(),
    }
    return json.dumps(head).encode()


def _read(written: bytes) -> Record:
    head = json.loads(written)
    return Record(
        environ=head["environ"],
        body=base64.b64decode(head["body"]),
        real=datetime.fromisoformat(head["real"]),
        ahead=timedelta(*head["ahead"]),
        refusal=None if head["refusal"] is None else Refusal(*head["refusal"]),
        unread=head["unread"],
    )


def _mark_keys(tell: Callable[[], None]) -> None:
    """Keys of RSA and of elliptic curves come from OpenSSL, and no seed makes them a second time."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    for module in (ec, rsa):
        setattr(module, "generate_private_key", _telling(module.generate_private_key, tell))  # noqa: B010 - any module


def _telling(function: Callable[..., Any], tell: Callable[[], None]) -> Callable[..., Any]:
    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        tell()
        return function(*args, **kwargs)

    return told
