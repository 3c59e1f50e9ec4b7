"""From an access key id to the principal behind it.

Three kinds of keys: twelve digits are that account's root user; keys handed out by STS are in our own table; keys of
IAM users are looked up in moto's IAM. Everything else is unknown. (moto itself takes any key and answers for account
123456789012.)
"""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.protocol.answers import Refusal
from emulator.world import caller as _caller
from emulator.world import ids, organizations
from emulator.world.caller import Caller
from emulator.world.resets import on_reset

_ALPHABET = string.ascii_uppercase + "234567"
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of one session."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: datetime
    caller: Caller


_sessions: dict[str, Credentials] = {}
_user_accounts: dict[str, str] = {}


def start_session(caller: Caller, expiration: datetime) -> Credentials:
    """Hand out credentials for a session: no session of an earlier life opens this one."""
    credentials = Credentials(
        access_key_id="ASIA" + ids.secret(16, _ALPHABET),
        secret_access_key=ids.secret(40, _LETTERS),
        session_token="Emulator" + ids.secret(80, _LETTERS),
        expiration=expiration,
        caller=caller,
    )
    _sessions[credentials.access_key_id] = credentials
    return credentials


def resolve(key: str, token: str) -> Caller:
    """The principal that uses this access key, or the refusal that AWS gives."""
    if len(key) == 12 and key.isascii() and key.isdigit():
        organizations.add_account(key)
        return _caller.root_of(key)
    session = _sessions.get(key)
    if session is not None and secrets.compare_digest(session.session_token.encode(), token.encode()):
        return session.caller
    user = None if session is not None else _user(key)
    if user is None:
        raise Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    return user


def account_of(key: str) -> str | None:
    """The account that an access key belongs to, whoever asks."""
    session = _sessions.get(key)
    found = session.caller if session is not None else _user(key)
    return None if found is None else found.account


def _user(key: str) -> Caller | None:
    from moto.iam.models import iam_backends

    remembered = _user_accounts.get(key)
    for account in [remembered] if remembered else list(iam_backends):
        access_key = iam_backends[account]["aws"].access_keys.get(key)
        if access_key is not None and access_key.status == "Active" and access_key.user_name:
            _user_accounts[key] = account
            return _as_caller(account, iam_backends[account]["aws"].users[access_key.user_name])
    return None


def _as_caller(account: str, user: Any) -> Caller:
    return Caller(account, str(user.arn), user_id=str(user.id), user_name=str(user.name))


def reset() -> None:
    _sessions.clear()
    _user_accounts.clear()


on_reset(reset)
