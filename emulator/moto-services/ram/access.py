"""Who has access by which share."""

from datetime import datetime
from typing import Any

from emulator.world import clock

from . import principals, state
from .shares import PRINCIPAL, RESOURCE, Association, Share


def shared_with(resource_arn: str, account_id: str) -> bool:
    """Whether an account may use a resource of another one: by an accepted share, or by one inside its organization
    with sharing on."""
    return any(_carries(share, resource_arn) and has_access(share, account_id) for share in state.shares())


def _carries(share: Share, resource_arn: str) -> bool:
    return resource_arn in share.in_force(RESOURCE)


def has_access(share: Share, account: str) -> bool:
    """Whether a share reaches an account (an invitation that waits does not)."""
    if share.status == "ACTIVE" and account in share.retained:
        return True
    return any(principals.parse(name).covers(account) for name in share.in_force(PRINCIPAL))


def reaches(association: Association, account: str) -> bool:
    return association.status == "ASSOCIATED" and principals.parse(association.entity).covers(account)


def permissions_on(resource_arn: str) -> list[str]:
    """The managed permissions that RAM has put on a resource by its shares."""
    return sorted({arn for s in state.shares() if _carries(s, resource_arn) for arn in s.permissions.values()})


def consumers_of(resource_arn: str) -> list[str]:
    """The principals with whom a resource is shared now."""
    return sorted({name for s in state.shares() if _carries(s, resource_arn) for name in s.in_force(PRINCIPAL)})


def is_shown(is_live: bool, ended: datetime) -> bool:
    """What ended is still listed for a while, then not any more."""
    return is_live or clock.now() - ended < state.SHOWN_AFTER_THE_END


def has_tag(share: Share, wanted: dict[str, Any]) -> bool:
    """Whether a share passes one tag filter: the key, and one of the values if any are named."""
    value = share.tags.get(wanted.get("tagKey", ""))
    return value is not None and (not wanted.get("tagValues") or value in wanted["tagValues"])
