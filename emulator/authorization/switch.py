"""Whether policies are evaluated at all: off until somebody switches it on, and again after a reset."""

from emulator.control_request import ControlError, Request

_state = {"on": False}


def is_on() -> bool:
    return _state["on"]


def set_to(on: bool) -> None:
    _state["on"] = on


def reset() -> None:
    _state["on"] = False


def show(_: Request) -> dict[str, bool]:
    """GET /_emulator/enforcement"""
    return {"on": is_on()}


def change(request: Request) -> dict[str, bool]:
    """POST /_emulator/enforcement with {"on": true} or {"on": false}"""
    on = request.body.get("on")
    if not isinstance(on, bool) or set(request.body) != {"on"}:
        raise ControlError(400, 'Say {"on": true} or {"on": false}.')
    set_to(on)
    return show(request)
