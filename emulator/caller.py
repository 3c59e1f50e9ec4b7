"""Who makes the request that is being answered; set by the front door, read by the services through `world`."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """The principal of a request. `role_arn` and `session_name` are set for a role session, `user_name` for a user."""

    account: str
    principal_arn: str
    user_id: str = ""
    role_arn: str = ""
    session_name: str = ""
    user_name: str = ""

    @property
    def is_root(self) -> bool:
        return not self.role_arn and not self.user_name


class _Current(threading.local):
    caller: Caller | None = None


_current = _Current()


def root_of(account: str) -> Caller:
    return Caller(account, f"arn:aws:iam::{account}:root", user_id=account)


def enter(caller: Caller | None) -> None:
    """Set who calls in this thread; None when the request is answered."""
    _current.caller = caller


def current() -> Caller:
    """Who calls in this thread."""
    if _current.caller is None:
        raise LookupError("Nobody is calling: this code runs outside a request.")
    return _current.caller
