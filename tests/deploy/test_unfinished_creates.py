"""A create that AWS carried out and the state does not know; and a refresh that takes for gone what is there."""

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

from airlock.deploy import Note, StackFailed
from airlock.deploy.engine import Completed
from airlock.deploy.operations import Operations
from airlock.deploy.plan import PlannedStack
from airlock.deploy.results import Event
from airlock.domain.errors import AccessDenied
from tests.deploy.support import planned_stack

STACK = planned_stack("workload")
LAG = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
PROVIDER: dict[str, Any] = {
    "urn": "urn:pulumi:workload::airlock::pulumi:providers:aws::payments",
    "id": "p1",
    "type": "pulumi:providers:aws",
    "inputs": {"region": "eu-west-1", "allowedAccountIds": '["444444444444"]'},
}
VAULT: dict[str, Any] = {
    "urn": f"urn:pulumi:workload::airlock::airlock:components:IsolatedVault${LAG}::payments-2026",
    "type": LAG,
    "parent": "urn:pulumi:workload::airlock::airlock:components:IsolatedVault::vaults",
    "provider": f"{PROVIDER['urn']}::p1",
    "inputs": {"name": "payments-2026", "region": "eu-west-1", "tags": {"airlock:guarded": "payments"}},
}
ROLE: dict[str, Any] = {
    "urn": "urn:pulumi:workload::airlock::aws:iam/role:Role::backup",
    "type": "aws:iam/role:Role",
    "inputs": {"name": "backup"},
}
FAILED = "creating payments-2026: waiting for the vault: unexpected state 'FAILED'"
THERE = "creating payments-2026: AlreadyExistsException: Backup vault with the same name already exists"


class FakeEngine:
    """An account with or without the vault, and a plugin that keeps nothing of a create that failed."""

    def __init__(self, *, there: bool, tags: dict[str, str] | None = None, reason: str = THERE) -> None:
        self.there, self.reason, self.fails = there, reason, VAULT
        self.tags = VAULT["inputs"]["tags"] if tags is None else tags
        self.state: dict[str, Any] = {"deployment": {"resources": [PROVIDER], "pending_operations": []}}
        self.commands: list[str] = []
        self.record = ""

    @property
    def held(self) -> list[dict[str, Any]]:
        """The vault, where the state has it."""
        return [each for each in self.state["deployment"]["resources"] if each["type"] == LAG]

    def run(
        self, stack: PlannedStack, arguments: Sequence[str], on_line: Callable[[str], None] | None = None
    ) -> Completed:
        command = " ".join(arguments[:3] if arguments[:2] == ["stack", "tag"] else arguments[:2])
        command = command if arguments[0] == "stack" else arguments[0]
        self.commands.append(command)
        match command:
            case "up" if not self.held:
                assert on_line is not None
                made = self.fails
                event = {
                    "metadata": {"op": "create", "urn": made["urn"], "type": made["type"], "new": made, "old": None}
                }
                said = {"urn": made["urn"], "severity": "error", "message": self.reason}
                on_line(json.dumps({"resourcePreEvent": event}))
                on_line(json.dumps({"diagnosticEvent": {**said, "color": "never"}}))
                return Completed(1, "", "")
            case "refresh":
                self._refresh()
            case "stack import":
                self.state = json.loads(Path(arguments[arguments.index("--file") + 1]).read_text())
            case "stack tag get":
                return Completed(0, self.record, "")
            case "stack tag set":
                self.record = arguments[4]
        return Completed(0, json.dumps(self.state), "")

    def _refresh(self) -> None:
        deployment = self.state["deployment"]
        deployment["pending_operations"] = []
        for vault in self.held:
            if self.there:
                vault["outputs"] = {**VAULT["inputs"], "tags": self.tags}
            else:
                deployment["resources"].remove(vault)


def shows(*names: str) -> Callable[[PlannedStack, str], Collection[str]]:
    return lambda *_: list(names)


def operations(
    engine: FakeEngine, events: list[Event], listing: Callable[[PlannedStack, str], Collection[str]] | None = None
) -> Operations:
    return Operations(engine, Path("policies"), events.append, listing or shows())


class TestACreateThatFailedHalfWay:
    def test_is_written_down_and_taken_over_by_the_next_run(self) -> None:
        engine, events = FakeEngine(there=True, reason=FAILED), list[Event]()
        with pytest.raises(StackFailed, match="unexpected state"):
            operations(engine, events).up(STACK)
        assert engine.record.startswith("unfinished="), "the next run cannot know that the vault is its own"

        engine.reason = THERE
        operations(engine, events).up(STACK)
        (vault,) = engine.held
        assert vault["id"] == "payments-2026"
        [note] = [event.sentence for event in events if isinstance(event, Note)]
        assert "`payments-2026`: kept" in note

    def test_is_remembered_through_later_runs_that_fail_of_something_else(self) -> None:
        engine = FakeEngine(there=True, reason=FAILED)
        with pytest.raises(StackFailed):
            operations(engine, []).up(STACK)
        engine.reason, engine.fails = "creating the role: MalformedPolicyDocument", ROLE
        with pytest.raises(StackFailed):
            operations(engine, []).up(STACK)
        engine.reason, engine.fails = THERE, VAULT
        operations(engine, []).up(STACK)
        assert engine.held, "the second failure took the first one's vault from us"

    def test_that_made_nothing_is_not_claimed(self) -> None:
        engine = FakeEngine(there=False, reason=FAILED)
        for _ in range(2):
            with pytest.raises(StackFailed, match="unexpected state"):
                operations(engine, []).up(STACK)
        assert not engine.held

    def test_is_somebody_elses_where_its_tags_say_so(self) -> None:
        engine = FakeEngine(there=True, tags={"team": "other"}, reason=FAILED)
        with pytest.raises(StackFailed):
            operations(engine, []).up(STACK)
        engine.reason = THERE
        with pytest.raises(StackFailed, match="left alone"):
            operations(engine, []).up(STACK)
        assert not engine.held, "a stranger's vault was taken into the state"


def test_what_nobody_here_began_is_left_alone_and_the_way_to_adopt_it_is_named() -> None:
    engine = FakeEngine(there=True)
    with pytest.raises(StackFailed) as caught:
        operations(engine, []).up(STACK)
    said = str(caught.value)
    assert "`payments-2026` exists already, and no run of this estate is known to have begun it" in said
    assert (
        f"pulumi import {LAG} payments-2026 'payments-2026' --stack workload --generate-code=false"
        f" --parent parent={VAULT['parent']} --provider provider={PROVIDER['urn']}" in said
    )
    assert "refresh" not in engine.commands
    assert engine.record == "", "what was never begun would count as ours in the next run"


NEW_ROLE = "AWS refused CreateRestoreTestingSelection: IAM Role airlock-restore cannot be assumed by AWS Backup."


class TestANewRole:
    def test_that_aws_backup_does_not_know_yet_is_waited_for_once(self) -> None:
        engine, pauses, events = FakeEngine(there=False, reason=NEW_ROLE), list[float](), list[Event]()

        def meanwhile(seconds: float) -> None:
            pauses.append(seconds)
            engine.state["deployment"]["resources"].append({**VAULT, "id": "payments-2026"})

        made = Operations(engine, Path("policies"), events.append, shows(), meanwhile)
        made.up(STACK)
        assert engine.commands.count("up") == 2
        assert pauses == [30]
        assert [event.sentence for event in events if isinstance(event, Note)] == [
            "AWS Backup does not know a new role yet. The `up` is made again in a moment."
        ]

    def test_that_stays_unknown_is_the_end_with_its_words(self) -> None:
        engine = FakeEngine(there=False, reason=NEW_ROLE)
        events: list[Event] = []
        patient = Operations(engine, Path("policies"), events.append, shows(), lambda _: None)
        with pytest.raises(StackFailed, match="cannot be assumed by AWS Backup"):
            patient.up(STACK)
        assert engine.commands.count("up") == 2


class TestARefreshAfterAnAccident:
    @pytest.fixture
    def engine(self) -> FakeEngine:
        """The vault is in the state; the plugin may not look at it. Beside it something is pending."""
        engine = FakeEngine(there=False)
        engine.state["deployment"] = {
            "resources": [PROVIDER, {**VAULT, "id": "payments-2026", "outputs": {"region": "eu-west-1"}}],
            "pending_operations": [{"resource": ROLE, "type": "creating"}],
        }
        return engine

    def test_that_loses_a_vault_which_a_listing_shows_is_not_kept(self, engine: FakeEngine) -> None:
        with pytest.raises(StackFailed) as caught:
            operations(engine, [], shows("payments-2026")).settled_state(STACK)
        assert "the vault payments-2026 in eu-west-1 was not found, but a listing still shows it" in str(caught.value)
        assert "backup:DescribeBackupVault" in str(caught.value)
        assert engine.held, "the next `up` would make a vault that exists"

    def test_that_loses_a_vault_while_nobody_may_list_is_not_kept(self, engine: FakeEngine) -> None:
        def refused(stack: PlannedStack, region: str) -> Collection[str]:
            raise AccessDenied("You may not list the vaults of account 444444444444.")

        with pytest.raises(StackFailed, match="nobody could find out whether it is there"):
            operations(engine, [], refused).settled_state(STACK)
        assert engine.held

    def test_that_finds_a_vault_really_gone_is_kept(self, engine: FakeEngine) -> None:
        operations(engine, [], shows("another")).settled_state(STACK)
        assert not engine.held
