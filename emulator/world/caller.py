"""Who makes the request that is being answered; set by the front door, read by the services through `world`."""

import json
import threading
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Caller:
    """The principal of a request. `role_arn` and `session_name` are set for a role session, `user_name` for a user.

    The rest is what STS was told when it handed out temporary credentials: the session policies (as documents), the
    session's tags as pairs, which of them a further session inherits, and when it began, in seconds since 1970.
    """

    account: str
    principal_arn: str
    user_id: str = ""
    role_arn: str = ""
    session_name: str = ""
    user_name: str = ""
    session_policies: tuple[str, ...] = ()
    session_tags: tuple[tuple[str, str], ...] = ()
    transitive_tags: tuple[str, ...] = ()
    source_identity: str = ""
    issued: int = 0
    with_mfa: bool = False

    @property
    def is_root(self) -> bool:
        return not self.role_arn and not self.user_name

    @property
    def iam_arn(self) -> str:
        """The role of a session, else the principal itself: what `aws:PrincipalArn` is compared with."""
        return self.role_arn or self.principal_arn

    def packed(self) -> str:
        """As text, to be kept with what is done later in this caller's name."""
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> "Caller":
        held = json.loads(text)
        for name in ("session_policies", "transitive_tags"):
            held[name] = tuple(held[name])
        held["session_tags"] = tuple((key, value) for key, value in held["session_tags"])
        return cls(**held)


class _Current(threading.local):
    caller: Caller | None = None


_current = _Current()


def root_of(account: str) -> Caller:
    return Caller(account, f"arn:aws:iam::{account}:root", user_id=account)


def enter(caller: Caller | None) -> None:
    """Set who calls in this thread; None when the request is answered."""
    _current.caller = caller


def calling() -> Caller | None:
    """Who calls in this thread; None outside a request."""
    return _current.caller


def current() -> Caller:
    """Who calls in this thread."""
    if _current.caller is None:
        raise LookupError("Nobody is calling: this code runs outside a request.")
    return _current.caller
