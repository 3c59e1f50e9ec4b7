"""Organizations, accounts and people with chosen ids. Asking for the same seed again changes nothing."""

import re
from dataclasses import dataclass
from typing import Any

from emulator.authorization import switch as enforcement
from emulator.world import identity_store, ids
from emulator.world import organizations as _organizations


class SeedError(ValueError):
    """A seed that cannot be read: 400."""


class SeedConflict(ValueError):
    """A seed that contradicts what is there: 409."""


@dataclass(frozen=True)
class _Reader:
    """Reads one object of the seed and names the place in every complaint."""

    place: str
    value: dict[str, Any]

    def text(self, key: str, default: str | None = None) -> str:
        found = self.value.get(key, default)
        if not isinstance(found, str) or not found:
            raise SeedError(f"{self.place}.{key} must be a text.")
        return found

    def account_id(self, key: str) -> str:
        found = self.text(key)
        if not re.fullmatch(r"[0-9]{12}", found):
            raise SeedError(f"{self.place}.{key} must be an account id of 12 digits, not {found!r}.")
        return found

    def truth(self, key: str) -> bool:
        found = self.value.get(key)
        if not isinstance(found, bool):
            raise SeedError(f"{self.place}.{key} must be true or false.")
        return found

    def objects(self, key: str) -> "list[_Reader]":
        found = self.value.get(key, [])
        if not isinstance(found, list):
            raise SeedError(f"{self.place}.{key} must be a list.")
        return [read(f"{self.place}.{key}[{number}]", item) for number, item in enumerate(found)]


def read(place: str, value: Any) -> _Reader:
    if not isinstance(value, dict):
        raise SeedError(f"{place} must be an object.")
    return _Reader(place, value)


def apply(seed: Any) -> dict[str, Any]:
    """Make what the seed names and return it with the ids of AWS filled in."""
    top = read("seed", seed)
    if not top.value.get("organizations"):
        raise SeedError('seed.organizations must name at least one organization: {"management": ACCOUNT_ID, ...}.')
    organizations = top.objects("organizations")
    _check_membership(organizations)
    if "enforcement" in top.value:
        enforcement.set_to(top.truth("enforcement"))
    return {**top.value, "organizations": [_organization(organization) for organization in organizations]}


def _check_membership(organizations: list[_Reader]) -> None:
    """An account is in one organization only. Checked first, so that a refused seed leaves no trace."""
    for organization in organizations:
        management = organization.account_id("management")
        for account_id in [management, *(account.account_id("id") for account in organization.objects("accounts"))]:
            found = _organizations.management_account_of(account_id)
            if found not in (None, management):
                raise SeedConflict(f"Account {account_id} already belongs to the organization of {found}.")
    claimed: dict[str, str] = {}
    for organization in organizations:
        management = organization.account_id("management")
        for account in organization.objects("accounts"):
            if claimed.setdefault(account.account_id("id"), management) != management:
                raise SeedConflict(f"Account {account.value['id']} is named in two organizations.")


def _organization(organization: _Reader) -> dict[str, Any]:
    management = organization.account_id("management")
    accounts = organization.objects("accounts")
    own = next((account for account in accounts if account.value["id"] == management), None)
    backend = _found(management, own)
    for account in accounts:
        _account(backend, account)
    filled = {**organization.value, "organization_id": backend.org.id, "root_id": backend.org.root_id}
    if organization.value.get("identity_center"):
        center = read(f"{organization.place}.identity_center", organization.value["identity_center"])
        filled["identity_center"] = _identity_center(management, center)
    return filled


def _found(management: str, own: _Reader | None) -> Any:
    """The organization of that management account, made with ids that depend on the account alone."""
    from moto.organizations.models import organizations_backends

    backend: Any = organizations_backends[management]["aws"]
    if backend.org is None:
        backend.found(
            f"o-{ids.derived('organization', management, 10)}",
            f"r-{ids.derived('root', management, 4)}",
            f"root@{management}.example" if own is None else own.text("email", f"root@{management}.example"),
            management,
        )
    return backend


def _account(backend: Any, wanted: _Reader) -> None:
    account_id = wanted.account_id("id")
    name, email = wanted.text("name", account_id), wanted.text("email", f"root@{account_id}.example")
    account = next((known for known in backend.accounts if known.id == account_id), None)
    if account is None:
        account = backend.seed_account(account_id, name, email)
    account.name, account.email = name, email
    if wanted.value.get("ou"):
        account.parent_id = _unit(backend, wanted.text("ou"))


def _unit(backend: Any, path: str) -> str:
    """The organizational unit of that path below the root (`Security` or `Workloads/Production`), made when missing."""
    parent = str(backend.org.root_id)
    for name in path.split("/"):
        unit = next((known for known in backend.ou if known.parent_id == parent and known.name == name), None)
        if unit is None:
            made = f"ou-{backend.org.root_id[2:]}-{ids.derived('ou', f'{parent}/{name}', 8)}"
            backend.create_organizational_unit(parent_id=parent, name=name, unit_id=made)
            parent = made
        else:
            parent = str(unit.id)
    return parent


def _identity_center(management: str, wanted: _Reader) -> dict[str, Any]:
    from emulator.moto import identity_center

    center = identity_store.identity_center_of(management)
    if center is None:
        center = identity_store.IdentityCenter(
            instance_arn=f"arn:aws:sso:::instance/ssoins-{ids.derived('instance', management, 16)}",
            region=wanted.text("region", "us-east-1"),
            identity_store_id=f"d-{ids.derived_uuid('identity-store', management).replace('-', '')[:10]}",
        )
        identity_center.add_instance(management, center)
    users = [_user(management, center, user) for user in wanted.objects("users")]
    return {
        **wanted.value,
        "instance_arn": center.instance_arn,
        "identity_store_id": center.identity_store_id,
        "users": users,
    }


def _user(management: str, center: identity_store.IdentityCenter, wanted: _Reader) -> dict[str, Any]:
    from emulator.moto import identity_center

    name = wanted.text("user_name")
    known = {user.user_name: user.user_id for user in identity_store.identity_users(center.identity_store_id)}
    user_id = known.get(name) or ids.derived_uuid("user", f"{center.identity_store_id}/{name}")
    if name not in known:
        identity_center.add_user(management, center, user_id, name, wanted.text("email", f"{name}@example.com"))
    return {**wanted.value, "user_id": user_id}
