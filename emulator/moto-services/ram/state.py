"""What RAM keeps for one account in one Region, and how the other accounts find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto import backends

from .exceptions import MalformedArnException, UnknownResourceException
from .shares import Invitation, Share


@dataclass
class RegionState:
    """The shares of one account in one Region with the invitations it sent, and the client tokens it used."""

    shares: dict[str, Share] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    tokens: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)


def _backends() -> Any:
    """moto's own register of the backends: by account, then by Region."""
    get: Any = backends.get_backend  # typed for moto's own services only
    return get("ram")


def of(account: str, region: str) -> RegionState:
    found: RegionState = _backends()[account][region].state
    return found


def everywhere(region: str | None = None) -> Iterator[RegionState]:
    """The state of every account, in one Region or in all."""
    for account in list(_backends().values()):
        for name, backend in list(account.items()):
            if region in (None, name):
                yield backend.state


def find_share(arn: str) -> Share:
    """A share by its ARN, whoever owns it."""
    account, region = _owner(arn, "resource-share/")
    found = of(account, region).shares.get(arn)
    if found is None:
        raise UnknownResourceException(f"Resource share {arn} could not be found.")
    return found


def find_invitation(arn: str) -> Invitation | None:
    account, region = _owner(arn, "resource-share-invitation/")
    return of(account, region).invitations.get(arn)


def invitations(region: str) -> list[Invitation]:
    return [invitation for found in everywhere(region) for invitation in found.invitations.values()]


def shares(region: str | None = None) -> list[Share]:
    return [share for found in everywhere(region) for share in found.shares.values()]


def _owner(arn: str, prefix: str) -> tuple[str, str]:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "ram" or not parts[3] or not parts[5].startswith(prefix):
        raise MalformedArnException(f"{arn} is not the ARN of a {prefix.rstrip('/').replace('-', ' ')}.")
    if not (parts[4].isdigit() and len(parts[4]) == 12) or parts[3] not in _backends()[parts[4]].regions:
        raise UnknownResourceException(f"{arn} could not be found.")
    return parts[4], parts[3]
