"""Whether a caller may make a call: AWS's policy evaluation, switched on by `POST /_emulator/enforcement`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.call import Call


def check(call: Call) -> None:
    """Refuse the call with AccessDenied when its caller may not make it."""
