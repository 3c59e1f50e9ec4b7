"""What RAM says about a team. Each of the two services asks the other, so RAM is looked up when it is needed."""

import importlib
from typing import Any


def _ram() -> Any:
    return importlib.import_module("moto.ram.models")


def is_shared_with(team_arn: str, account: str) -> bool:
    """Whether an account of another owner may read the team: the share is accepted, or needed no acceptance."""
    return bool(_ram().shared_with(team_arn, account))


def permissions_on(team_arn: str) -> list[str]:
    """The managed permissions that shares have put on the team."""
    found: list[str] = _ram().permissions_on(team_arn)
    return found


def consumers_of(team_arn: str) -> list[str]:
    """The principals that the team is shared with now."""
    found: list[str] = _ram().consumers_of(team_arn)
    return found
