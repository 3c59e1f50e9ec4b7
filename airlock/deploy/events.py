"""What happens during a deployment, as data: whoever draws it decides how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Operation = Literal["preview", "up", "refresh"]


@dataclass(frozen=True, kw_only=True)
class OperationStarted:
    stack: str
    account: str
    operation: Operation


@dataclass(frozen=True, kw_only=True)
class ResourceStep:
    """One resource begins or ends to be created, updated, replaced, ... Unchanged ones are not reported."""

    stack: str
    operation: Operation
    action: str
    resource_type: str
    resource: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class OperationFinished:
    stack: str
    operation: Operation
    seconds: float
    changes: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something was done on the way that its owner should know of: a dead lock cleared, a handover written."""

    stack: str
    sentence: str


Event = OperationStarted | ResourceStep | OperationFinished | Note
OnEvent = Callable[[Event], None]


def ignore(event: Event) -> None:
    """For callers that only want the result."""
    del event
