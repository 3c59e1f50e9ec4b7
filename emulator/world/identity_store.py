"""Identity Center and the people of its identity stores, for the services that ask who somebody is.

The people are moto's own objects (`sso-admin`, `identitystore`), so what a program changes through AWS calls is what
the other services see.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from emulator.world.resets import on_reset


@dataclass(frozen=True)
class User:
    """A person of an identity store."""

    user_id: str
    user_name: str
    email: str
    enabled: bool


class IdentityCenter(NamedTuple):
    """An Identity Center instance."""

    instance_arn: str
    region: str
    identity_store_id: str


_centers: dict[str, IdentityCenter] = {}  # by management account
_disabled: set[tuple[str, str]] = set()


def add_identity_center(management: str, center: IdentityCenter) -> None:
    _centers[management] = center


def identity_center_of(management: str) -> IdentityCenter | None:
    """The instance that the given management account owns."""
    return _centers.get(management)


def identity_user(identity_store_id: str, user_id: str) -> User | None:
    """A person by id, or None when no such user exists (any more)."""
    user = _store_users(identity_store_id).get(user_id)
    return None if user is None else _as_user(identity_store_id, user)


def identity_users(identity_store_id: str) -> list[User]:
    return [_as_user(identity_store_id, user) for user in _store_users(identity_store_id).values()]


def find_user(user_id: str) -> User | None:
    """A person by id alone, in whichever identity store holds it."""
    found = (identity_user(center.identity_store_id, user_id) for center in _centers.values())
    return next((user for user in found if user is not None), None)


def set_person(
    identity_store_id: str,
    user_id: str,
    *,
    enabled: bool | None = None,
    email: str | None = None,
    deleted: bool = False,
) -> User | None:
    """Change a person as an identity administrator would; None when deleted. LookupError when there is no such user."""
    users = _store_users(identity_store_id)
    if user_id not in users:
        raise LookupError(f"Identity store {identity_store_id} has no user {user_id}.")
    if deleted:
        del users[user_id]
        return None
    if email is not None:
        users[user_id] = users[user_id]._replace(Emails=[{"Value": email, "Type": "work", "Primary": True}])
    if enabled is True:
        _disabled.discard((identity_store_id, user_id))
    elif enabled is False:
        _disabled.add((identity_store_id, user_id))
    return identity_user(identity_store_id, user_id)


def _store_users(identity_store_id: str) -> dict[str, Any]:
    from moto.identitystore.models import identitystore_backends

    for management, center in _centers.items():
        if center.identity_store_id == identity_store_id:
            stores = identitystore_backends[management][center.region].identity_stores
            users: dict[str, Any] = stores[identity_store_id].users
            return users
    return {}


def _as_user(identity_store_id: str, user: Any) -> User:
    emails = user.Emails or [{}]
    return User(
        user_id=user.UserId,
        user_name=user.UserName,
        email=str(emails[0].get("Value", "")),
        enabled=(identity_store_id, user.UserId) not in _disabled,
    )


on_reset(_centers.clear)
on_reset(_disabled.clear)
