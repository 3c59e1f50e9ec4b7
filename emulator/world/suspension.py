"""Closed accounts: whoever has their credentials can call nothing any more."""

from emulator.protocol import service_errors
from emulator.protocol.answers import Refusal
from emulator.protocol.service_models import Operation
from emulator.world import choices, organizations
from emulator.world.caller import Caller

_CHOICE = "organizations.suspended-credentials"

choices.offer(
    _CHOICE,
    ("invalid-token", "denied"),
    "AWS says that a closed account cannot be used, not with which error its credentials are refused.",
)


def check(operation: Operation, caller: Caller) -> None:
    """Refuse the call of an account that was closed."""
    if not organizations.suspended(caller.account):
        return
    if choices.taken(_CHOICE) == "denied":
        raise service_errors.denied(operation, f"Account {caller.account} is suspended.")
    raise Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
