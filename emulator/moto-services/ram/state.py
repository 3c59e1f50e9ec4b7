"""What RAM keeps for one account in one Region, and how the other accounts find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto import backends

from emulator.world import clock, organizations
from emulator.world.pace import Step

from .exceptions import MalformedArnException, UnknownResourceException
from .managed import OF_AWS, Permission
from .shares import Invitation, Share

WORK_TIME = timedelta(seconds=30)
SHOWN_AFTER_THE_END = timedelta(hours=2)  # how long deleted shares and ended associations are still listed


@dataclass
class Work:
    """An exchange of one permission for another in all shares of an account and Region."""

    id: str
    old: str
    old_version: int | None
    new: str
    new_version: int
    created: datetime
    updated: datetime
    step: Step
    done: bool = False

    def look(self) -> dict[str, Any]:
        """IN_PROGRESS for a while, in fast pace at the first look."""
        over = self.step.look(clock.now()) and self.done
        return self.shown("COMPLETED" if over else "IN_PROGRESS")

    def shown(self, status: str) -> dict[str, Any]:
        answer = {
            "id": self.id,
            "fromPermissionArn": self.old,
            "toPermissionArn": self.new,
            "toPermissionVersion": str(self.new_version),
            "status": status,
            "creationTime": self.created,
            "lastUpdatedTime": self.updated,
        }
        return answer if self.old_version is None else answer | {"fromPermissionVersion": str(self.old_version)}


@dataclass
class RegionState:
    """The shares of one account in one Region with the invitations it sent, and the client tokens it used."""

    shares: dict[str, Share] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    tokens: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    permissions: dict[str, Permission] = field(default_factory=dict)
    works: list[Work] = field(default_factory=list)


def _backends() -> Any:
    """moto's own register of the backends: by account, then by Region."""
    get: Any = backends.get_backend  # typed for moto's own services only
    return get("ram")


def backend_of(account: str, region: str) -> Any:
    return _backends()[account][region]


def of(account: str, region: str) -> RegionState:
    found: RegionState = backend_of(account, region).state
    return found


def permission_of(share: Share, kind: str) -> Permission:
    """The permission that a share has for a resource type."""
    arn = share.permissions[kind]
    return OF_AWS.get(arn) or of(share.owner, share.region).permissions[arn]


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
    if found is None or (found.status != "ACTIVE" and clock.now() - found.updated >= SHOWN_AFTER_THE_END):
        raise UnknownResourceException(f"Resource share {arn} could not be found.")
    return found


def find_invitation(arn: str) -> Invitation | None:
    account, region = _owner(arn, "resource-share-invitation/")
    return of(account, region).invitations.get(arn)


def invitations(region: str) -> list[Invitation]:
    return [invitation for found in everywhere(region) for invitation in found.invitations.values()]


def shares(region: str | None = None) -> list[Share]:
    return [share for found in everywhere(region) for share in found.shares.values() if not _is_gone(share)]


def _is_gone(share: Share) -> bool:
    """The shares of an account end with its post-closure period."""
    return organizations.account_gone(share.owner)


def _owner(arn: str, prefix: str) -> tuple[str, str]:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "ram" or not parts[3] or not parts[5].startswith(prefix):
        raise MalformedArnException(f"{arn} is not the ARN of a {prefix.rstrip('/').replace('-', ' ')}.")
    if not (parts[4].isdigit() and len(parts[4]) == 12) or parts[3] not in _backends()[parts[4]].regions:
        raise UnknownResourceException(f"{arn} could not be found.")
    return parts[4], parts[3]
