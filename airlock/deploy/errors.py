"""How a deployment can end other than well. They join the tree of `airlock.domain.errors`."""

from collections.abc import Sequence
from pathlib import Path

from airlock.domain.errors import AirlockError, UsageError

# What shells report for a program that Ctrl-C ended.
_INTERRUPTED = 130
_TWO_WAYS = (
    "its own instructions (https://www.pulumi.com/docs/install/), or take the one that a checkout of this project"
    ' builds: `make setup` once, then `export PATH="$(.venv/bin/python -m tools.engine):$PATH"` in its folder.'
)


class EngineMissing(UsageError):
    """There is no `pulumi` to deploy with."""

    def __init__(self, folder: Path | None) -> None:
        where = f"in {folder}" if folder else "on PATH"
        super().__init__(
            f"There is no `pulumi` {where}, so nothing can be previewed or deployed, and no state can be read. Install"
            f" Pulumi 3.259.0 or later by {_TWO_WAYS}"
        )


class EngineTooOld(UsageError):
    """The `pulumi` there is does not speak as we need it."""

    def __init__(self, command: str, version: str) -> None:
        super().__init__(
            f"The `pulumi` at {command} is {version or 'of an unknown version'}; 3.259.0 or later is needed, because"
            f" earlier ones refuse the packages of this project. Update it by {_TWO_WAYS}"
        )


class StackFailed(AirlockError):
    """One stack said no. `sentences` is what it said; the stacks before it stand."""

    def __init__(self, stack: str, operation: str, sentences: Sequence[str], remedy: str = "") -> None:
        self.stack = stack
        self.operation = operation
        self.sentences = tuple(sentences)
        said = "\n".join(f"  {sentence}" for sentence in self.sentences)
        after = remedy or "Correct this, then run `airlock deploy` again: it goes on where it stopped."
        super().__init__(f"The stack `{stack}` failed during {operation}:\n{said}\n{after}")


class StackLocked(StackFailed):
    """Somebody else is working on the stack."""


class DeploymentInterrupted(AirlockError):
    """Ctrl-C, or SIGTERM."""

    exit_code = _INTERRUPTED

    def __init__(self, stacks: Sequence[str]) -> None:
        self.stacks = tuple(stacks)
        names = " and ".join(f"`{stack}`" for stack in stacks)
        during = f"while {'the stacks' if len(stacks) > 1 else 'the stack'} {names} was worked on" if stacks else ""
        super().__init__(
            f"Interrupted {during or 'between two stacks'}. What was made by then is in the state; run `airlock deploy`"
            " again to go on from there."
        )
