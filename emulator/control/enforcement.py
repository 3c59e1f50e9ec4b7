"""The control calls that show and change whether policies are evaluated."""

from emulator.authorization import switch
from emulator.control.request import ControlError, Request


def show(_: Request) -> dict[str, bool]:
    """GET /_emulator/enforcement"""
    return {"on": switch.is_on()}


def change(request: Request) -> dict[str, bool]:
    """POST /_emulator/enforcement with {"on": true} or {"on": false}"""
    on = request.body.get("on")
    if not isinstance(on, bool) or set(request.body) != {"on"}:
        raise ControlError(400, 'Say {"on": true} or {"on": false}.')
    switch.set_to(on)
    return show(request)
