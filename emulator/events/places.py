"""Where an ARN points to, for what is delivered there."""

from typing import NamedTuple

from emulator.events.undelivered import Refused
from emulator.protocol import service_models


class Place(NamedTuple):
    """An ARN in its parts."""

    arn: str
    service: str
    region: str
    account: str
    resource: str


def place(arn: str) -> Place:
    """The parts of an ARN. Refused when it is none, or of a Region or an account that cannot exist."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise Refused("INVALID_PARAMETER", f"{arn!r} is not an ARN.")
    account_fits = parts[4].isdecimal() and len(parts[4]) == 12
    if parts[3] not in service_models.regions() or not (account_fits or not parts[4]):
        raise Refused("INVALID_PARAMETER", f"{arn!r} names no Region and account that exist.")
    return Place(arn, parts[2], parts[3], parts[4], parts[5])
