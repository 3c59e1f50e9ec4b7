"""What came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from airlock.domain.errors import WaitingForPeople


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A resource that is as far as it can be until people act."""

    stack: str
    resource: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class StackResult:
    """One stack after `up`: how many resources its state holds, how long it took, what changed (unchanged left out)."""

    name: str
    role: str
    account: str
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
