"""With whom one may share, and whom a principal stands for."""

import re
from dataclasses import dataclass
from typing import Any

from emulator.world import caller, choices, organizations

from .exceptions import (
    InvalidParameterException,
    MalformedArnException,
    OperationNotPermittedException,
    UnknownResourceException,
)

choices.offer(
    "ram.suspended-account-in-principal",
    ("refused", "accepted"),
    "AWS does not say what becomes of a share with an organizational unit that has suspended accounts in it.",
)

_ACCOUNT = re.compile(r"\d{12}")
_IAM = re.compile(r"arn:aws:iam::(\d{12}):(?:role|user)/.+")
_ORGANIZATION = re.compile(r"arn:aws:organizations::(\d{12}):organization/(o-[a-z0-9]+)")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.amazonaws\.com")
_UNIT = re.compile(r"arn:aws:organizations::(\d{12}):ou/(o-[a-z0-9]+)/(ou-[a-z0-9-]+)")


@dataclass(frozen=True)
class Principal:
    """A principal as RAM takes it: an account, an IAM role or user, an organization or an organizational unit."""

    name: str
    account: str = ""
    organization_id: str = ""
    unit_id: str = ""
    is_person: bool = False  # an IAM role or user
    is_service: bool = False

    def covers(self, account: str) -> bool:
        """Whether a share with this principal reaches an account; of a role or user, when it is that one who asks."""
        if self.is_service:
            return False
        if self.account:
            return self.account == account and (not self.is_person or _asks_itself(self.name, account))
        organization = organizations.organization_of(account)
        if organization is None or organization.id != self.organization_id:
            return False
        return not self.unit_id or self.unit_id in _units_above(account)

    def reaches_member(self, account: str) -> bool:
        """Whether a member of the principal's organization is under it; said when the owner has left already."""
        return self.account == account if self.account else not self.unit_id or self.unit_id in _units_above(account)


def parse(name: str) -> Principal:
    if _ACCOUNT.fullmatch(name):
        return Principal(name, account=name)
    if found := _IAM.fullmatch(name):
        return Principal(name, account=found[1], is_person=True)
    if found := _ORGANIZATION.fullmatch(name):
        return Principal(name, organization_id=found[2])
    if found := _UNIT.fullmatch(name):
        return Principal(name, organization_id=found[2], unit_id=found[3])
    if _SERVICE.fullmatch(name):
        return Principal(name, is_service=True)
    if name.startswith("arn:"):
        raise MalformedArnException(f"{name} is not the ARN of a principal that RAM knows.")
    raise InvalidParameterException(f"Principal ID {name} is malformed. Verify the ID and try again.")


def _asks_itself(name: str, account: str) -> bool:
    """Whether it is this role or user that calls now, as far as somebody of its account calls at all."""
    try:
        who = caller.current()
    except LookupError:
        return True
    return who.account != account or name in (who.role_arn, who.principal_arn)


def is_external(owner: str, principal: Principal) -> bool:
    """Whether a principal is outside the organization of the share's owner."""
    if principal.is_service:
        return False
    if principal.account:
        return principal.account != owner and not organizations.same_organization(owner, principal.account)
    organization = organizations.organization_of(owner)
    return organization is None or organization.id != principal.organization_id


def needs_invitation(owner: str, principal: Principal) -> bool:
    """Nobody is invited inside an organization that has sharing turned on in RAM."""
    if principal.is_service:
        return False
    organization = organizations.organization_of(owner)
    inside = organization is not None and not is_external(owner, principal)
    return not (inside and organization is not None and organizations.ram_sharing_enabled(organization.id))


def check(owner: str, principal: Principal, allow_external: bool) -> None:
    """Refuse a principal that the owner of a share cannot name."""
    if principal.is_service:
        return
    external = is_external(owner, principal)
    if principal.account == owner and not principal.is_person:
        raise InvalidParameterException(f"Account {owner} owns this resource share; share it with another account.")
    if principal.organization_id:
        if external:
            raise OperationNotPermittedException(
                f"{principal.name} is not your organization. Outside of it, share with accounts by their id."
            )
        if needs_invitation(owner, principal):
            raise UnknownResourceException(
                f"Organization {principal.organization_id} could not be found: sharing with AWS Organizations is not "
                "enabled. Call EnableSharingWithAwsOrganization in the management account."
            )
        _check_accounts_in_it(principal)
    elif not organizations.account_exists(principal.account):
        raise UnknownResourceException(f"Account {principal.account} could not be found.")
    if external and not allow_external:
        raise OperationNotPermittedException(
            f"The resource share does not allow external principals, and {principal.name} is outside your organization."
        )


def _check_accounts_in_it(principal: Principal) -> None:
    """Sharing with a unit that has a suspended account in it fails, as people report; AWS does not say it."""
    organization = organizations.organization_by_id(principal.organization_id)
    accounts = () if organization is None else organization.accounts
    suspended = [one for one in accounts if principal.covers(one) and organizations.suspended(one)]
    if suspended and choices.taken("ram.suspended-account-in-principal") == "refused":
        raise OperationNotPermittedException(
            f"{principal.name} has suspended accounts in it: {', '.join(suspended)}. Share with the others by their id."
        )


def covered(principal: Principal, account: str, organization_id: str) -> bool:
    """Whether an organization or unit as principal covered an account that has left that organization just now."""
    organization = organizations.organization_by_id(organization_id)
    if organization is None or principal.organization_id != organization_id:
        return False
    backend = organizations.organization_backend(organization.management)
    left = None if backend is None else backend.departed.get(account)
    return left is not None and (not principal.unit_id or principal.unit_id in _above(backend, left.parent_id))


def _units_above(account: str) -> set[str]:
    """Ids of the organizational units (and the root) that an account is under."""
    backend = organizations.organization_backend(account)
    if backend is None:
        return set()
    return _above(backend, next((member.parent_id for member in backend.accounts if member.id == account), None))


def _above(backend: Any, unit: str | None) -> set[str]:
    """A unit and those that it is in."""
    parents = {one.id: one.parent_id for one in backend.ou}
    above: set[str] = set()
    current = unit
    while current and current not in above:
        above.add(current)
        current = parents.get(current)
    return above
