"""The control calls that order faults, show them and lift them."""

from typing import Any

from emulator.control import faults
from emulator.control.request import ControlError, Request

_MEMBERS = {"service", "operation", "effect", "times", "after"}


def order(request: Request) -> dict[str, Any]:
    """One more fault; all that stand."""
    _check_members(request, _MEMBERS)
    times, after = request.body.get("times", 1), request.body.get("after", False)
    if isinstance(times, bool) or not isinstance(times, int):
        raise ControlError(400, f"'times' must be a whole number, not {times!r}.")
    if not isinstance(after, bool):
        raise ControlError(400, f"'after' must be true or false, not {after!r}.")
    service, operation, effect = (request.text(name) for name in ("service", "operation", "effect"))
    try:
        faults.order(service, operation, effect, times, after=after)
    except ValueError as error:
        raise ControlError(400, str(error)) from error
    return show(request)


def show(_: Request) -> dict[str, Any]:
    """What is ordered and not yet over."""
    return {"faults": [fault.shown() for fault in faults.all_faults()]}


def lift(request: Request) -> dict[str, Any]:
    """Delete the faults of a service, of an operation, or all; what remains."""
    _check_members(request, {"service", "operation"})
    chosen = {name: request.text(name) for name in request.body}
    try:
        faults.lift(**chosen)
    except ValueError as error:
        raise ControlError(400, str(error)) from error
    return show(request)


def _check_members(request: Request, known: set[str]) -> None:
    unknown = sorted(set(request.body) - known)
    if unknown:
        raise ControlError(400, f"There is no member {unknown[0]!r} here. There are: {', '.join(sorted(known))}.")
