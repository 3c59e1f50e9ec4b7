"""What a deployment tells while it runs, and its result at the end: data, whoever draws it decides how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from airlock.domain.errors import WaitingForPeople

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


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A resource that is as far as it can be until people act."""

    stack: str
    resource: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class StackResult:
    """One stack after its deployment: whether `up` was made, the number of resources in its state, its changes."""

    name: str
    role: str
    account: str
    up: Literal["made", "skipped"]
    resources: int
    seconds: float
    changes: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class DeployResult:
    stacks: tuple[StackResult, ...]
    waiting: tuple[Waiting, ...]
    handover: Path | None
    inventory: Path | None

    @property
    def changes(self) -> int:
        return sum(sum(stack.changes.values()) for stack in self.stacks)

    @property
    def exit_code(self) -> int:
        return WaitingForPeople.exit_code if self.waiting else 0


@dataclass(frozen=True, kw_only=True)
class StackPreview:
    """One stack in a preview. `needs` names what must be there first; without it there are no `changes`."""

    name: str
    role: str
    account: str
    changes: Mapping[str, int] | None
    needs: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        if self.needs:
            return f"not yet previewable: needs {', '.join(self.needs)}"
        return ", ".join(f"{count} to {action}" for action, count in (self.changes or {}).items()) or "no changes"


@dataclass(frozen=True, kw_only=True)
class PreviewResult:
    stacks: tuple[StackPreview, ...]
