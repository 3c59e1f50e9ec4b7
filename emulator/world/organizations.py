"""Facts about accounts and organizations that several services ask for.

The organizations are moto's own objects, so what a program changes through AWS calls is what the other services see.
moto is imported where it is used: importing this module is free, and `emulator.moto.install` has prepared moto before
any of these functions is called.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from emulator.world import clock
from emulator.world.resets import on_reset

_PARTITION = "aws"
# How long AWS keeps what a closed account had.
POST_CLOSURE = timedelta(days=90)


@dataclass(frozen=True)
class Organization:
    """An organization as it is now; `accounts` holds the ids of all its accounts, the management account included."""

    id: str
    management: str
    root_id: str
    accounts: tuple[str, ...]


_accounts: set[str] = set()


def management_account_of(account_id: str) -> str | None:
    """The management account of the organization that `account_id` belongs to (itself, if it is one)."""
    from moto.organizations.models import organizations_backends

    if account_id in organizations_backends and organizations_backends[account_id][_PARTITION].org is not None:
        return account_id
    member = organizations_backends.master_accounts.get(account_id)
    return None if member is None else str(member[0])


def organization_backend(account_id: str) -> Any | None:
    """moto's model of the organization of `account_id`, for the services that read its policies."""
    from moto.organizations.models import organizations_backends

    management = management_account_of(account_id)
    return None if management is None else organizations_backends[management][_PARTITION]


def organization_of(account_id: str) -> Organization | None:
    backend = organization_backend(account_id)
    if backend is None:
        return None
    return Organization(
        id=backend.org.id,
        management=backend.org.master_account_id,
        root_id=backend.org.root_id,
        accounts=tuple(account.id for account in backend.accounts),
    )


def organizations() -> list[Organization]:
    """Every organization of this emulator."""
    from moto.organizations.models import organizations_backends

    found = (organization_of(account_id) for account_id in list(organizations_backends))
    return list({organization.id: organization for organization in found if organization is not None}.values())


def same_organization(one: str, other: str) -> bool:
    first, second = organization_of(one), organization_of(other)
    return first is not None and second is not None and first.id == second.id


def organization_by_id(organization_id: str) -> Organization | None:
    return next((found for found in organizations() if found.id == organization_id), None)


def enable_service_access(organization_id: str, service_principal: str) -> None:
    """Give a service trusted access to an organization, as EnableAWSServiceAccess does."""
    organization = organization_by_id(organization_id)
    if organization is None:
        raise LookupError(f"There is no organization {organization_id}.")
    backend = organization_backend(organization.management)
    if backend is not None:
        backend.enable_aws_service_access(service_principal=service_principal)


def service_access_enabled(organization_id: str, service_principal: str) -> bool:
    organization = organization_by_id(organization_id)
    backend = None if organization is None else organization_backend(organization.management)
    if backend is None:
        return False
    return any(service["ServicePrincipal"] == service_principal for service in backend.services)


def administrators(account_id: str, service_principal: str) -> tuple[str, ...]:
    """To whom a service shows the account's whole organization: the management account and delegated administrators."""
    backend = organization_backend(account_id)
    if backend is None:
        return ()
    delegated = (admin.account.id for admin in backend.admins if service_principal in admin.services)
    return (backend.org.master_account_id, *delegated)


def ram_sharing_enabled(organization_id: str) -> bool:
    """Whether RAM shares inside this organization need no invitation."""
    return service_access_enabled(organization_id, "ram.amazonaws.com")


def account_exists(account_id: str) -> bool:
    """Whether this emulator has that account: seeded, a member of an organization, or used by somebody."""
    if management_account_of(account_id) is not None:
        return True
    return account_id in _accounts and not account_gone(account_id)


def add_account(account_id: str) -> None:
    """Make an account known that belongs to no organization (yet)."""
    _accounts.add(account_id)


def closed_since(account_id: str) -> datetime | None:
    """When an account was closed, also after its post-closure period; None for one that is open."""
    for backend in _organization_backends():
        if account_id in backend.closed:
            when: datetime = backend.closed[account_id]
            return when
    return None


def suspended(account_id: str) -> bool:
    """Whether an account was closed: its credentials work no more, its data is kept for the post-closure period."""
    return closed_since(account_id) is not None


def account_gone(account_id: str) -> bool:
    """Whether the post-closure period of an account is over, and all that it had with it."""
    closed = closed_since(account_id)
    return closed is not None and clock.now() >= closed + POST_CLOSURE


def name_and_email(account_id: str) -> tuple[str, str]:
    """What the owner of an account is called; for one that nobody named, a name and an address made of its id."""
    for backend in _organization_backends():
        for account in (*backend.accounts, *backend.departed.values()):
            if account.id == account_id:
                return str(account.name), str(account.email)
    return account_id, f"root@{account_id}.example"


def account_with_email(email: str) -> str | None:
    """The account whose owner has that e-mail address."""
    for backend in _organization_backends():
        for account in (*backend.accounts, *backend.departed.values()):
            if account.email.lower() == email.lower():
                return str(account.id)
    return next((one for one in sorted(_accounts) if name_and_email(one)[1] == email.lower()), None)


def _organization_backends() -> Iterator[Any]:
    """Every backend that holds or held an organization. This is asked with every call, so moto is not loaded for it."""
    loaded = sys.modules.get("moto.organizations.models")
    if loaded is None:
        return
    organizations_backends = loaded.organizations_backends
    for account_id in list(organizations_backends):
        yield from list(organizations_backends[account_id].values())


# What other services want to hear of organizations. They register when they are imported; this is no state.

_departures: list[Callable[[str, str], None]] = []
_disabled_services: list[Callable[[str, str], None]] = []


def after_departure(listener: Callable[[str, str], None]) -> None:
    """Have `listener` called with the account and the organization's id when an account is no longer a member."""
    _departures.append(listener)


def tell_departure(account_id: str, organization_id: str) -> None:
    for listener in _departures:
        listener(account_id, organization_id)


def after_service_disabled(listener: Callable[[str, str], None]) -> None:
    """Have `listener` called with the organization's id and the principal of a service that lost trusted access."""
    _disabled_services.append(listener)


def tell_service_disabled(organization_id: str, service_principal: str) -> None:
    for listener in _disabled_services:
        listener(organization_id, service_principal)


on_reset(_accounts.clear)
