"""The control calls that take snapshots, list them and go back to one."""

from datetime import UTC, datetime
from typing import Any

from emulator.control.request import ControlError, Request
from emulator.state import snapshots
from emulator.world import clock


def take(request: Request) -> dict[str, Any]:
    """Keep the present state under a name."""
    try:
        return _shown(snapshots.take(request.subject))
    except ValueError as error:
        raise ControlError(400, str(error)) from error


def restore(request: Request) -> dict[str, Any]:
    """Go back to the state of a name."""
    try:
        return {**_shown(snapshots.restore(request.subject)), "now": _iso(clock.now())}
    except LookupError as error:
        raise ControlError(404, str(error)) from error


def show(_: Request) -> dict[str, Any]:
    """Every snapshot, by name."""
    return {"snapshots": [_shown(each) for each in snapshots.all_snapshots()]}


def _shown(snapshot: snapshots.Snapshot) -> dict[str, Any]:
    return {"name": snapshot.name, "time": _iso(snapshot.time), "bytes": len(snapshot.content)}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
