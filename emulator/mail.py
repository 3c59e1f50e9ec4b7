"""The mail that AWS would send to people, kept where the mailbox page and tests can read it."""

from dataclasses import dataclass
from datetime import datetime

from emulator import clock


@dataclass(frozen=True)
class Mail:
    """One message to one person (`identity_id` is the Identity Center user id)."""

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
    """The mails of one person, oldest first."""
    return [mail for mail in _mails if mail.identity_id == identity_id]


def reset() -> None:
    _mails.clear()
