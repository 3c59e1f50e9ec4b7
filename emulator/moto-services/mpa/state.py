"""What Multi-party approval keeps for one account, and how one thing finds another by its ARN.

The objects hang on moto's backend of the account, so moto's reset and snapshots see them like any other service's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto import backends

from .arns import REGION, account_in
from .identity_source import IdentitySource
from .sessions import Session
from .teams import Team


@dataclass
class Token:
    """A client token that was seen: the request it came with and the thing that this request made."""

    fingerprint: str
    made: str


@dataclass
class AccountState:
    """Everything of one account. `departing` holds what is gone but shows DELETING to one more look."""

    identity_source: IdentitySource | None = None
    teams: dict[str, Team] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    tokens: dict[tuple[str, str], Token] = field(default_factory=dict)
    departing: dict[str, IdentitySource | Team] = field(default_factory=dict)

    def forget_tokens(self, arn: str) -> None:
        """A token does not bring back what was deleted: the next request with it makes a new thing."""
        self.tokens = {key: token for key, token in self.tokens.items() if token.made != arn}


def _backends() -> Any:
    """moto's own register of the backends: by account, then by Region."""
    get: Any = backends.get_backend  # typed for moto's own services only
    return get("mpa")


def of(account: str) -> AccountState:
    found: AccountState = _backends()[account][REGION].state
    return found


def everywhere() -> Iterator[AccountState]:
    """The state of every account that has used this service."""
    for account in list(_backends()):
        yield of(account)


def find_team(arn: str) -> Team | None:
    account = account_in(arn)
    return of(account).teams.get(arn) if account else None


def find_session(arn: str) -> Session | None:
    account = account_in(arn)
    return of(account).sessions.get(arn) if account else None
