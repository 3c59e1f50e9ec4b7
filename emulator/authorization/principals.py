"""Who asks, and how strongly a resource's policy names them."""

from dataclasses import dataclass
from enum import IntEnum

from emulator.authorization.documents import Statement


class Named(IntEnum):
    """How a policy names a principal, from not at all to by its own name.

    A grant to the account is left to the account's own policies. A grant to a role (or to everybody) stands beside
    those policies, but the boundary and the session policy still limit it. A grant to a user or to one session is not
    limited by anything that merely does not allow.
    """

    NOT = 0
    ACCOUNT = 1
    ROLE = 2
    ITSELF = 3


@dataclass(frozen=True)
class Principal:
    """A user, a role session, an account's root user, or an AWS service (which has only `service`)."""

    account: str = ""
    arn: str = ""
    user_id: str = ""
    role_arn: str = ""
    is_root: bool = False
    service: str = ""

    @property
    def is_service_linked(self) -> bool:
        """Sessions of service-linked roles, which no policy of an organization binds."""
        return ":role/aws-service-role/" in self.role_arn

    @property
    def root_arn(self) -> str:
        return f"arn:aws:iam::{self.account}:root"


def named(statement: Statement, who: Principal) -> Named:
    """How the statement's Principal element names `who`; a NotPrincipal names everybody whom it does not list."""
    listed = statement.principals or ()
    if statement.all_but_principals:
        return Named.NOT if _is_spared(listed, who) else _strongest(who)
    return max((_named_by(kind, name, who) for kind, name in listed), default=Named.NOT)


def _named_by(kind: str, name: str, who: Principal) -> Named:
    if kind == "Service":
        return Named.ITSELF if who.service and name == who.service else Named.NOT
    if kind != "AWS":
        return Named.NOT
    if name == "*":
        return _strongest(who)
    if who.service:
        return Named.NOT
    if name in (who.account, who.root_arn):
        return Named.ITSELF if who.is_root else Named.ACCOUNT
    if name in (who.arn, who.user_id):
        return Named.ITSELF
    if who.role_arn and name in (who.role_arn, who.user_id.partition(":")[0]):
        return Named.ROLE
    return Named.NOT


def _strongest(who: Principal) -> Named:
    return Named.ROLE if who.role_arn else Named.ITSELF


def _is_spared(listed: tuple[tuple[str, str], ...], who: Principal) -> bool:
    """A request has several principals at once (account, role, session), and all of them must be listed."""
    if who.service:
        return ("Service", who.service) in listed
    names = {name for kind, name in listed if kind == "AWS"}
    wanted = [{who.account, who.root_arn}]
    if not who.is_root:
        wanted.append({who.arn, who.user_id})
    if who.role_arn:
        wanted.append({who.role_arn})
    return "*" in names or all(names & each for each in wanted)
