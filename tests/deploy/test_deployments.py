"""The whole way through the real engine: seven stacks, two backends, a pack, people who are awaited."""

import json
import os
from pathlib import Path

import pytest

from airlock.deploy import StackFailed, export_handover, write_inventory
from airlock.domain import handover
from airlock.domain.contracts import RecoveryContract
from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory
from tests.deploy.support import STACKS, Project

pytestmark = pytest.mark.engine
SAMPLE_TYPE = "pulumi-python:dynamic/airlock:Sample"


def test_a_deployment_from_nothing_to_a_second_run_that_changes_nothing(project: Project) -> None:
    seen = project.preview()
    assert {stack.name: stack.needs for stack in seen.stacks if not stack.needs}.keys() == {"management", "recovery"}
    assert {stack.name: stack.sentence for stack in seen.stacks}["forensic"] == (
        "not yet previewable: needs the stack `vault-orders`, the stack `workload-payments`"
    )
    assert not any(project.deployed().values()), "a preview made something"

    project.behave(recovery={"waits_for": "Three people have to accept their invitation."})
    result = project.deploy()
    assert [stack.name for stack in result.stacks] == STACKS
    assert all((stack.changes, stack.resources) == ({"create": 2}, 3) for stack in result.stacks)
    assert [(each.stack, each.resource, each.sentence) for each in result.waiting] == [
        ("recovery", "recovery-thing", "Three people have to accept their invitation.")
    ]
    assert result.exit_code == 3, "a deployment that waits for people must not look finished"
    for name in STACKS:
        operations = [operation for stack, operation in project.started if stack == name]
        assert operations == ["preview", "up"], f"{name} was updated without its preview"

    assert result.handover == project.folder / "handover.json"
    text = result.handover.read_text()
    assert handover.load(text, "nordbank").contract("recovery", RecoveryContract, holds=["quorum"]).portal_url
    assert result.inventory is not None
    inventory = Inventory.from_json(result.inventory.read_text())
    assert {vault.name: vault.account_id for vault in inventory.vaults} == {
        "orders-2026": "333333333333",
        "payments-2026": "444444444444",
    }
    assert inventory.team_of(inventory.vault("orders-2026")).approvers == ["ada.lind", "bo.berg", "cleo.dahl"]
    assert inventory.landing.requester_role_arn.endswith("role/airlock-requester")

    again = project.deploy()
    assert again.changes == 0, "a second run with nothing to do must change nothing"
    assert {stack.up for stack in again.stacks} == {"skipped"}
    assert [operation for _, operation in project.started] == ["preview"] * len(STACKS)
    assert again.waiting == result.waiting, "who is still awaited must be said again"

    result.handover.unlink()
    result.inventory.unlink()
    assert export_handover(project.request) == result.handover
    assert write_inventory(project.request) == result.inventory
    assert Inventory.from_json(result.inventory.read_text()).vaults == inventory.vaults
    selections = Path(os.environ["PULUMI_HOME"]) / "workspaces"
    assert not any("stack" in json.loads(file.read_text()) for file in selections.glob("airlock-*.json")), (
        "the stack that the user had selected was changed under his hands"
    )


def test_a_preview_without_the_handover_file_says_who_writes_it(project: Project) -> None:
    project.behave(backup_admin={"program": "Far enough."}, vault_orders={"program": "Far enough."})
    with pytest.raises(StackFailed):
        project.deploy()
    (project.folder / "handover.json").unlink()
    project.behave()
    needs = {stack.name: stack.needs for stack in project.preview().stacks}
    assert needs["vault-orders"] == ("handover.json (`airlock handover export` writes it)",)
    assert needs["landing"] == (), "landing lies in the recovery stack's own backend and reads it directly"


def test_the_first_failure_stops_with_the_stacks_own_words(project: Project) -> None:
    project.behave(management={"refuse": "The trusted access of AWS Backup is missing. Switch it on."})
    with pytest.raises(StackFailed) as caught:
        project.deploy()
    assert caught.value.stack == "management"
    assert caught.value.sentences == ("`management-thing`: The trusted access of AWS Backup is missing. Switch it on.",)
    assert "Traceback" not in str(caught.value)
    assert "airlock deploy" in str(caught.value)
    assert "backup-admin" not in dict(project.started), "a stack was started although the one it reads failed"

    project.behave(management={"program": "The account `management` is not in the topology."})
    with pytest.raises(
        StackFailed, match=r"failed during preview:\n  The account `management` is not in the topology."
    ):
        project.deploy()


def test_the_pack_blocks_before_anything_is_made(project: Project) -> None:
    project.behave(management={"forbidden": True})
    with pytest.raises(StackFailed, match=r"This vault must not be made.*\(policy no-forbidden\)") as caught:
        project.deploy()
    assert caught.value.operation == "preview"
    assert ("management", "up") not in project.started
    assert project.deployed()["management"] == []


def test_in_one_organization_nothing_is_handed_over_by_a_file(one_organization: Project) -> None:
    one_organization.behave(one_management={"program": "Far enough."})
    with pytest.raises(StackFailed):
        one_organization.deploy()
    assert (SAMPLE_TYPE, "recovery-thing") in one_organization.deployed()["one-recovery"]
    assert not (one_organization.folder / "handover.json").exists()
    with pytest.raises(UsageError, match="nothing to hand over"):
        export_handover(one_organization.request)
