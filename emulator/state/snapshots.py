"""The whole state under a name, to come back to: in the memory of the process, and of `--state` if there is one.

A snapshot has no faults, no options of the process and no other snapshots in it; everything else it has, the clock too.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from emulator.state import contents, life
from emulator.world import clock, ids

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Snapshot:
    """`time` is where the clock stood; `content` is the state as bytes."""

    name: str
    time: datetime
    content: bytes


_snapshots: dict[str, Snapshot] = {}
_taken: list[Callable[[Snapshot], None]] = []
_restored: list[Callable[[], None]] = []


def after_taking(listener: Callable[[Snapshot], None]) -> None:
    """Have `listener` called with each new snapshot."""
    _taken.append(listener)


def after_restoring(listener: Callable[[], None]) -> None:
    """Have `listener` called after each restore."""
    _restored.append(listener)


def keep(snapshot: Snapshot) -> None:
    """Have a snapshot of an earlier process."""
    _snapshots[snapshot.name] = snapshot


def take(name: str) -> Snapshot:
    """Keep the present state under a name, instead of what that name meant before. ValueError for a bad name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"A snapshot's name is 1 to 64 letters, digits, dots, dashes and underscores, not {name!r}.")
    taken = Snapshot(name, clock.now(), contents.collect())
    for listener in _taken:
        listener(taken)
    keep(taken)
    return taken


def restore(name: str) -> Snapshot:
    """Go back to a snapshot. LookupError when there is none of that name.

    The clock stands again where it stood, but never before real time: with an old snapshot whose time has passed it
    stands at real time, and what came due in between happens at the next call, each at its own time.
    """
    found = _snapshots.get(name)
    if found is None:
        raise LookupError(f"There is no snapshot {name!r}. There are: {', '.join(sorted(_snapshots)) or 'none yet'}.")
    go_back(found.time, found.content)
    ids.renew_secrets()
    for listener in _restored:
        listener()
    return found


def go_back(moment: datetime, content: bytes) -> None:
    """Put a collected state in the place of everything."""
    life.clear()
    contents.replace(content)
    clock.resume(moment)
    life.tell_listeners()


def all_snapshots() -> list[Snapshot]:
    """Every snapshot, by name."""
    return [_snapshots[name] for name in sorted(_snapshots)]
