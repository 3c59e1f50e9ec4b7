"""A killed run left something in a stack, and a person took its lock away: one failed `up` is followed by another."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from airlock.deploy import Note, StackFailed
from airlock.deploy.engine import Completed
from airlock.deploy.operations import Operations
from airlock.deploy.plan import PlannedStack
from airlock.deploy.results import Event
from tests.deploy.support import planned_stack

STACK = planned_stack("management")
ROLE = {
    "urn": "urn:pulumi:s::airlock::aws:iam/role:Role::boundary",
    "type": "aws:iam/role:Role",
    "inputs": {"name": "r"},
}
REFUSED = Completed(1, "", "error: EntityAlreadyExists: Role with name r already exists.")


class FakeEngine:
    """A role that exists, and a state that says that it is being made."""

    def __init__(self, *, there: bool) -> None:
        self.there = there
        self.state: dict[str, Any] = {
            "deployment": {"resources": [], "pending_operations": [{"resource": ROLE, "type": "creating"}]}
        }
        self.commands: list[str] = []

    def run(
        self, stack: PlannedStack, arguments: Sequence[str], on_line: Callable[[str], None] | None = None
    ) -> Completed:
        command = " ".join(arguments[:2]) if arguments[0] == "stack" else arguments[0]
        self.commands.append(command)
        deployment = self.state["deployment"]
        match command:
            case "up":
                return Completed(0, "", "") if deployment["resources"] else REFUSED
            case "refresh":
                deployment["pending_operations"] = []
                if not self.there:
                    deployment["resources"] = []
            case "stack import":
                self.state = json.loads(Path(arguments[arguments.index("--file") + 1]).read_text())
        return Completed(0, json.dumps(self.state), "")


def operations(engine: FakeEngine, events: list[Event]) -> Operations:
    return Operations(engine, Path("policies"), events.append, lambda *_: [])


def test_what_was_made_is_kept_and_the_update_goes_on() -> None:
    engine, events = FakeEngine(there=True), list[Event]()
    operations(engine, events).up(STACK)
    assert engine.commands == ["up", "stack export", "stack import", "refresh", "stack export", "up"]
    [note] = [event.sentence for event in events if isinstance(event, Note)]
    assert "ended in the middle of `boundary`" in note
    assert note.endswith("That run had made `boundary`: kept.")


def test_what_was_not_made_is_not_claimed_and_the_failure_stays_one() -> None:
    engine, events = FakeEngine(there=False), list[Event]()
    with pytest.raises(StackFailed, match="already exists"):
        operations(engine, events).up(STACK)
    [note] = [event.sentence for event in events if isinstance(event, Note)]
    assert "kept" not in note


def test_a_failure_without_anything_pending_is_not_tried_again() -> None:
    engine = FakeEngine(there=True)
    engine.state["deployment"]["pending_operations"] = []
    with pytest.raises(StackFailed):
        operations(engine, []).up(STACK)
    assert engine.commands.count("up") == 1
