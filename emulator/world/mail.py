"""The mail that AWS would send to people, kept where the mailbox page and tests can read it."""

from dataclasses import dataclass
from datetime import datetime

from emulator.world import clock, identity_store, organizations
from emulator.world.resets import on_reset


@dataclass(frozen=True)
class Mail:
    """One message to one person (`identity_id` is the Identity Center user id) or to the address of an account."""

    time: datetime
    identity_id: str
    subject: str
    body: str
    session_arn: str = ""
    code: str = ""


_mails: list[Mail] = []


def send(identity_id: str, subject: str, body: str, session_arn: str = "", code: str = "") -> None:
    _mails.append(Mail(clock.now(), identity_id, subject, body, session_arn, code))


def box(identity_id: str) -> list[Mail]:
    """The mails of one person or address, oldest first."""
    return [mail for mail in _mails if mail.identity_id == identity_id]


def has_box(identity_id: str) -> bool:
    """Whether there is anybody to get mail: a person by id, or an account's root user by address."""
    return identity_store.find_user(identity_id) is not None or any(
        identity_id == address_of(account) for found in organizations.organizations() for account in found.accounts
    )


def address_of(account: str) -> str:
    """Where mail to an account goes: the address of its root user, or the account id where none is known."""
    backend = organizations.organization_backend(account)
    members = backend.accounts if backend else []
    return next((str(member.email) for member in members if member.id == account), account)


def reset() -> None:
    _mails.clear()


on_reset(reset)
