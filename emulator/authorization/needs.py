"""What a call needs: one permission or several, each an action on a resource with what the conditions may ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, tuple[str, ...]]
"""Condition keys in small letters, and the request's values for each."""


@dataclass(frozen=True)
class Need:
    """One permission. `resource` is None where only the action counts (services that are not modelled closely).

    `values` are condition keys of this permission alone, such as `iam:passedtoservice`.
    """

    action: str
    resource: str | None = "*"
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Where:
    """The caller's account and the Region of the request, for the ARNs of what a request names by its name only."""

    account: str
    region: str

    def arn(self, service: str, rest: str, account: str = "") -> str:
        return f"arn:aws:{service}:{self.region}:{account or self.account}:{rest}"


@dataclass(frozen=True)
class Asking:
    """An operation as it was called. `user_name` is that of the calling user, if it is one."""

    operation: str
    parameters: dict[str, Any]
    where: Where
    user_name: str = ""


def through(service: str) -> Values:
    """The values of a permission that a service uses in the caller's name."""
    name = f"{service}.amazonaws.com"
    return {
        "aws:viaawsservice": ("true",),
        "aws:calledvia": (name,),
        "aws:calledviafirst": (name,),
        "aws:calledvialast": (name,),
    }


def pass_role(role_arn: str, service: str) -> Need:
    return Need("iam:PassRole", role_arn, {"iam:passedtoservice": (f"{service}.amazonaws.com",)})


def text(value: Any) -> tuple[str, ...]:
    """A parameter as the values of a condition key: none when it was not given."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def given(**named: Any) -> Values:
    """Condition keys with those parameters that were given; `__` in a name stands for the colon."""
    return {key.replace("__", ":").lower(): text(value) for key, value in named.items() if value is not None}
