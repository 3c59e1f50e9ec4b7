"""When `up` may be skipped: each condition alone, and each thing that a digest must notice. With the engine:
test_skipped_up.py."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from airlock.deploy import Event, Note, StackFailed, StackResult
from airlock.deploy.engine_output import Stream
from airlock.deploy.plan import PlannedStack
from airlock.deploy.run import deploy_stack
from airlock.deploy.session import Session
from airlock.deploy.state import State
from airlock.deploy.unchanged import TAG
from airlock.domain.handover import FILE_NAME, Handover
from tests.deploy.support import Project, make_project
from tests.stacks.running import CONTRACTS

URN = "urn:pulumi:backup-admin::airlock::aws:iam/role:Role::reports"
RESOURCE = {
    "urn": URN,
    "type": "aws:iam/role:Role",
    "custom": True,
    "id": "reports",
    "parent": "urn:pulumi:backup-admin::airlock::pulumi:pulumi:Stack::airlock-backup-admin",
    "provider": "urn:pulumi:backup-admin::airlock::pulumi:providers:aws::audit::1",
    "inputs": {"name": "reports"},
    "outputs": {"arn": "arn:aws:iam::222222222222:role/reports"},
}
PENDING = {"resource": {"urn": URN, "type": "aws:iam/role:Role"}, "type": "creating"}


def event(kind: str, operation: str, before: Any, after: Any) -> str:
    metadata = {"op": operation, "urn": URN, "type": RESOURCE["type"], "provider": "", "old": before, "new": after}
    return json.dumps({"sequence": 1, "timestamp": 1, kind: {"metadata": metadata}})


@dataclass
class FakeOperations:
    """One stack as the engine would show it: `after` is what a preview says that the resource will be."""

    stack: str
    operation: str = "same"
    after: dict[str, Any] = field(default_factory=lambda: dict(RESOURCE))
    exported: dict[str, Any] = field(default_factory=lambda: {"manifest": {"time": 0}, "resources": [RESOURCE]})
    record: str = ""
    fails: bool = False
    ups: int = 0

    def preview(self, _stack: PlannedStack) -> Stream:
        stream = Stream(self.stack, "preview", lambda _: None)
        stream.feed(event("resourcePreEvent", self.operation, RESOURCE, {**RESOURCE, "outputs": {}}))
        stream.feed(event("resOutputsEvent", self.operation, RESOURCE, self.after))
        return stream

    def up(self, stack: PlannedStack) -> Stream:
        self.ups += 1
        self.exported["manifest"] = {"time": self.ups}
        if self.fails:
            raise StackFailed(stack.name, "up", ["It is under a vote."])
        return Stream(self.stack, "up", lambda _: None)

    def state(self, _stack: PlannedStack) -> State:
        return State({"deployment": json.loads(json.dumps(self.exported))})

    settled_state = state

    def last_up(self, _stack: PlannedStack) -> str:
        return self.record

    def record_up(self, _stack: PlannedStack, record: str) -> None:
        self.record = record


class Deployed:
    """The stack `backup-admin`, which reads `management`, after one `up`."""

    def __init__(self, folder: Path) -> None:
        self.project: Project = make_project(folder / "project")
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.engine_is("v3.259.0")
        self.operations = FakeOperations("backup-admin")
        self.upstream = CONTRACTS["management"]
        self.events: list[Event] = []
        assert self.run().up == "made", "the first `up` of a stack has to be made"

    def engine_is(self, version: str) -> None:
        pulumi = self.bin / "pulumi"
        pulumi.write_text(f"#!/bin/sh\necho {version}\n")
        pulumi.chmod(0o755)

    def run(self, stack: str = "backup-admin") -> StackResult:
        self.events.clear()
        session = Session(replace(self.project.request, pulumi_bin=self.bin), self.events.append)
        session.operations = self.operations  # type: ignore[assignment]  # a fake of five methods
        upstream = State({"deployment": {"resources": [_stack_that_exports(self.upstream)]}})
        [planned] = [each for each in session.stacks if each.name == stack]
        result, _ = deploy_stack(session, planned, {name: upstream for name in planned.upstreams})
        return result

    @property
    def said(self) -> str:
        return "\n".join(each.sentence for each in self.events if isinstance(each, Note))


def _stack_that_exports(contract: dict[str, Any]) -> dict[str, Any]:
    return {"type": "pulumi:pulumi:Stack", "outputs": {"contract": contract}}


@pytest.fixture
def deployed(tmp_path: Path) -> Deployed:
    return Deployed(tmp_path)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def append(path: Path) -> None:
    path.write_text(path.read_text() + "\n")


def test_with_nothing_to_do_up_is_skipped_and_it_says_so(deployed: Deployed) -> None:
    result = deployed.run()
    assert (result.up, result.changes, result.resources) == ("skipped", {}, 1)
    assert deployed.operations.ups == 1
    assert deployed.said == "Nothing would change, so `up` was skipped."


@pytest.mark.parametrize("operation", ["update", "create", "replace", "delete", "refresh", "import", "discard"])
def test_a_step_that_is_a_change_needs_an_up(deployed: Deployed, operation: str) -> None:
    deployed.operations.operation = operation
    assert deployed.run().up == "made"


@pytest.mark.parametrize(
    "changed",
    [
        {"urn": f"{URN}-2"},
        {"type": "aws:iam/policy:Policy"},
        {"parent": "urn:pulumi:backup-admin::airlock::airlock:components:Reports::reports"},
        {"provider": "urn:pulumi:backup-admin::airlock::pulumi:providers:aws::audit::2"},
        {"protect": True},
        {"retainOnDelete": True},
        {"inputs": {"name": "reports", "path": "/"}},
        {"outputs": {"arn": "arn:aws:iam::222222222222:role/other"}},
        {"initErrors": ["it was not ready"]},
    ],
)
@pytest.mark.parametrize("operation", ["same", "read"])
def test_what_a_step_would_write_into_the_state_needs_an_up(
    deployed: Deployed, operation: str, changed: dict[str, Any]
) -> None:
    deployed.operations.operation = operation
    deployed.operations.after = {**RESOURCE, **changed}
    assert deployed.run().up == "made"
    assert "metadata or outputs would change in the state" in deployed.said


def test_a_preview_that_shows_no_step_proves_nothing(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Stream("backup-admin", "preview", lambda _: None)
    monkeypatch.setattr(deployed.operations, "preview", lambda _: empty)
    assert deployed.run().up == "made"


def test_a_pending_operation_needs_an_up(deployed: Deployed) -> None:
    deployed.operations.exported["pending_operations"] = [PENDING]
    assert deployed.run().up == "made"
    assert "an earlier run left an operation pending" in deployed.said


def test_a_state_that_somebody_else_wrote_needs_an_up(deployed: Deployed) -> None:
    deployed.operations.exported["manifest"] = {"time": 99}
    assert deployed.run().up == "made"
    assert "the state is not as the last `airlock deploy` left it" in deployed.said


@pytest.mark.parametrize("record", ["", "what somebody else wrote there"])
def test_without_a_record_of_the_last_up_it_is_made(deployed: Deployed, record: str) -> None:
    deployed.operations.record = record
    assert deployed.run().up == "made"
    assert "no earlier `up` is recorded" in deployed.said


def test_a_failed_up_makes_no_later_run_skip(deployed: Deployed) -> None:
    before = deployed.operations.record
    deployed.operations.after, deployed.operations.fails = {**RESOURCE, "protect": True}, True
    with pytest.raises(StackFailed):
        deployed.run()
    assert deployed.operations.record == before, "an `up` that failed was recorded as one that ended well"
    deployed.operations.after, deployed.operations.fails = dict(RESOURCE), False
    assert deployed.run().up == "made"


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a module": (lambda at: append(at / "sample.py"), "the program has changed"),
    "a new module": (lambda at: write(at / "stacks/more.py", ""), "the program has changed"),
    "a file that the program reads": (lambda at: append(at / "behaviour.json"), "the program has changed"),
    "the project file": (lambda at: append(at / "Pulumi.yaml"), "the program has changed"),
    "the topology": (lambda at: append(at / "estate.yaml"), "the topology or the stack file has changed"),
    "the stack file": (
        lambda at: append(at / "stacks/config/Pulumi.backup-admin.yaml"),
        "the topology or the stack file has changed",
    ),
    "the pack": (lambda at: append(at / "policies/__main__.py"), "the policy pack has changed"),
    "a rule of the pack": (lambda at: write(at / "policies/rules/more.py", ""), "the policy pack has changed"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_file_needs_an_up_and_is_named(deployed: Deployed, name: str) -> None:
    change, reason = CHANGES[name]
    change(deployed.project.folder)
    assert deployed.run().up == "made", f"{name} has changed and may write what no preview shows"
    assert f"The preview shows no change of a resource, but {reason}" in deployed.said
    assert deployed.run().up == "skipped"


@pytest.mark.parametrize(
    "name",
    [
        "build/kit/card.html",
        ".git/HEAD",
        ".venv/lib/x.py",
        "__pycache__/sample.pyc",
        "handover.json",
        "stacks/config/Pulumi.landing.yaml",
        "airlock.egg-info/PKG-INFO",
    ],
)
def test_what_this_stack_does_not_read_needs_none(deployed: Deployed, name: str) -> None:
    path = deployed.project.folder / name
    before = path.read_text() if path.exists() else ""
    write(path, f"{before}\n")
    assert deployed.run().up == "skipped"


def test_a_changed_engine_needs_an_up(deployed: Deployed) -> None:
    deployed.engine_is("v3.260.0")
    assert deployed.run().up == "made"
    assert "the engine, Python or an installed package has changed" in deployed.said


def test_a_changed_pin_needs_an_up(deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "site-packages" / "pulumi_aws_native-1.0.dist-info" / "METADATA"
    write(installed, "Metadata-Version: 2.1\nName: pulumi-aws-native\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    assert deployed.run().up == "made"
    assert "the engine, Python or an installed package has changed" in deployed.said
    assert deployed.run().up == "skipped"
    write(installed, "Metadata-Version: 2.1\nName: pulumi-aws-native\nVersion: 1.1\n")
    assert deployed.run().up == "made", "the version of an installed package has changed"


def test_what_another_python_has_installed_is_not_known(deployed: Deployed) -> None:
    deployed.project.environment = {"PULUMI_PYTHON_CMD": "/usr/bin/another-python"}
    assert [deployed.run().up, deployed.run().up] == ["made", "made"]


def test_a_changed_contract_of_an_upstream_needs_an_up(deployed: Deployed) -> None:
    deployed.upstream = {**CONTRACTS["management"], "root_id": "r-2"}
    assert deployed.run().up == "made"
    assert "a contract that it reads has changed" in deployed.said


def test_a_contract_from_a_handover_file_counts_and_its_date_does_not(deployed: Deployed) -> None:
    def hand_over(written_at: str, portal_url: str) -> None:
        contracts = {"recovery": {**CONTRACTS["recovery"], "portal_url": portal_url}}
        handover = Handover(estate="nordbank", organization="recovery", written_at=written_at, contracts=contracts)
        (deployed.project.folder / FILE_NAME).write_text(handover.dump())

    hand_over("2026-10-01T00:00:00Z", "https://portal.example")
    deployed.run("vault-orders")
    hand_over("2026-10-02T00:00:00Z", "https://portal.example")
    assert deployed.run("vault-orders").up == "skipped"
    hand_over("2026-10-02T00:00:00Z", "https://elsewhere.example")
    assert deployed.run("vault-orders").up == "made"
    assert "a contract that it reads has changed" in deployed.said


def test_the_record_fits_into_a_stack_tag(deployed: Deployed) -> None:
    assert len(TAG) <= 40
    assert 0 < len(deployed.operations.record) <= 256
