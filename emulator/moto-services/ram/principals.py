"""With whom one may share, and whom a principal stands for."""

import re
from dataclasses import dataclass

from emulator import world

from .exceptions import (
    InvalidParameterException,
    MalformedArnException,
    OperationNotPermittedException,
    UnknownResourceException,
)

_ACCOUNT = re.compile(r"\d{12}")
_IAM = re.compile(r"arn:aws:iam::(\d{12}):(?:role|user)/.+")
_ORGANIZATION = re.compile(r"arn:aws:organizations::(\d{12}):organization/(o-[a-z0-9]+)")
_UNIT = re.compile(r"arn:aws:organizations::(\d{12}):ou/(o-[a-z0-9]+)/(ou-[a-z0-9-]+)")


@dataclass(frozen=True)
class Principal:
    """A principal as RAM takes it: an account, an IAM role or user, an organization or an organizational unit."""

    name: str
    account: str = ""
    organization_id: str = ""
    unit_id: str = ""
    is_person: bool = False  # an IAM role or user

    def covers(self, account: str) -> bool:
        """Whether a share with this principal reaches an account."""
        if self.account:
            return self.account == account
        organization = world.organization_of(account)
        if organization is None or organization.id != self.organization_id:
            return False
        return not self.unit_id or self.unit_id in _units_above(account)


def parse(name: str) -> Principal:
    if _ACCOUNT.fullmatch(name):
        return Principal(name, account=name)
    if found := _IAM.fullmatch(name):
        return Principal(name, account=found[1], is_person=True)
    if found := _ORGANIZATION.fullmatch(name):
        return Principal(name, organization_id=found[2])
    if found := _UNIT.fullmatch(name):
        return Principal(name, organization_id=found[2], unit_id=found[3])
    if name.startswith("arn:"):
        raise MalformedArnException(f"{name} is not the ARN of a principal that RAM knows.")
    raise InvalidParameterException(f"Principal ID {name} is malformed. Verify the ID and try again.")


def is_external(owner: str, principal: Principal) -> bool:
    """Whether a principal is outside the organization of the share's owner."""
    if principal.account:
        return principal.account != owner and not world.same_organization(owner, principal.account)
    organization = world.organization_of(owner)
    return organization is None or organization.id != principal.organization_id


def needs_invitation(owner: str, principal: Principal) -> bool:
    """Nobody is invited inside an organization that has sharing turned on in RAM."""
    organization = world.organization_of(owner)
    inside = organization is not None and not is_external(owner, principal)
    return not (inside and organization is not None and world.ram_sharing_enabled(organization.id))


def check(owner: str, principal: Principal, allow_external: bool) -> None:
    """Refuse a principal that the owner of a share cannot name."""
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
    elif not world.account_exists(principal.account):
        raise UnknownResourceException(f"Account {principal.account} could not be found.")
    if external and not allow_external:
        raise OperationNotPermittedException(
            f"The resource share does not allow external principals, and {principal.name} is outside your organization."
        )


def _units_above(account: str) -> set[str]:
    """Ids of the organizational units (and the root) that an account is under."""
    backend = world.organization_backend(account)
    if backend is None:
        return set()
    parents = {unit.id: unit.parent_id for unit in backend.ou}
    above: set[str] = set()
    current = next((member.parent_id for member in backend.accounts if member.id == account), None)
    while current and current not in above:
        above.add(current)
        current = parents.get(current)
    return above
