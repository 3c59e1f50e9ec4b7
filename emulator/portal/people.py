"""Who may sign in to the portal: the people of every Identity Center that this emulator has."""

from dataclasses import dataclass

from emulator.world import identity_store, organizations


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    user_id: str
    user_name: str
    email: str


@dataclass(frozen=True)
class Directory:
    """The people of one organization, for the sign-in page."""

    organization_id: str
    management: str
    users: list[identity_store.User]


def directories() -> list[Directory]:
    """Every organization that has an Identity Center, with its people by name."""
    found = []
    for organization in organizations.organizations():
        center = identity_store.identity_center_of(organization.management)
        if center is not None:
            users = sorted(identity_store.identity_users(center.identity_store_id), key=lambda user: user.user_name)
            found.append(Directory(organization.id, organization.management, users))
    return found


def signed_in(user_id: str | None) -> Person | None:
    """The person behind an id, while this person exists and is not disabled."""
    user = identity_store.find_user(user_id) if user_id else None
    if user is None or not user.enabled:
        return None
    return Person(user.user_id, user.user_name, user.email)


def name_of(user_id: str) -> str:
    """A name to show for an identity, its id when the person is gone."""
    user = identity_store.find_user(user_id)
    return user.user_name if user else f"a removed person ({user_id})"


def account_label(account: str) -> str:
    """An account by name and id, as far as an organization knows a name."""
    backend = organizations.organization_backend(account)
    members = backend.accounts if backend else []
    name = next((member.name for member in members if member.id == account), None)
    return f"{name} ({account})" if name else account
