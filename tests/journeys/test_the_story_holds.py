"""What anyone sees with `make demo`, in both patterns: the promises of the project, one by one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from demo.evidence import ACCESS, APPROVED, CHANGE, REJECTED, REVOCATION
from demo.report import render

if TYPE_CHECKING:
    from demo.tale import Tale

pytestmark = [pytest.mark.engine, pytest.mark.journey]

SCHEMA = Path(__file__).resolve().parents[2] / "demo" / "evidence.schema.json"


def test_the_evidence_follows_its_committed_schema(told: Tale) -> None:
    evidence = json.loads((told.stage.folder / "evidence.json").read_text())
    problems = [error.message for error in Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(evidence)]
    assert problems == []


def test_nothing_is_left_unproven(told: Tale) -> None:
    assert told.evidence.problems() == []


def test_every_stack_role_was_deployed(told: Tale) -> None:
    assert len(told.evidence.stacks) == 7
    assert all(stack["resources"] > 0 for stack in told.evidence.stacks)


def test_a_run_with_nothing_to_do_changes_nothing_and_makes_no_write_call(told: Tale) -> None:
    assert told.evidence.second_run == {"changes": 0, "write_calls": 0, "writes": []}


def test_every_attack_ended_as_stated_and_says_on_whose_word(told: Tale) -> None:
    assert all(row["as_expected"] for row in told.evidence.attacks)
    assert {row["basis"] for row in told.evidence.attacks} == {"documented", "inferred"}


def test_the_air_gapped_points_survived_what_the_attacker_tried(told: Tale) -> None:
    refused = {row["action"] for row in told.evidence.attacks if row["outcome"] == "refused"}
    assert {"delete the air-gapped vault", "delete a recovery point of the air-gapped vault"} <= refused


def test_a_rejected_request_gives_no_access_and_its_restore_fails_with_a_sentence(told: Tale) -> None:
    rejected = told.evidence.access_requests(REJECTED)[0]
    assert rejected["access"] == "none"
    assert rejected["restore_error"].endswith(".")
    assert "Traceback" not in rejected["restore_error"]


def test_access_opens_at_the_last_vote_that_the_team_needs_and_not_before(told: Tale) -> None:
    approved = told.evidence.access_requests(APPROVED)[0]
    assert len(approved["votes"]) == 2
    assert not approved["opened_before_quorum"]
    assert approved["opened_at"] >= approved["votes"][-1]["time"]


def test_each_lost_data_class_is_opened_by_a_request_of_its_own_and_every_request_names_its_voters(told: Tale) -> None:
    assert len(told.evidence.access_requests(APPROVED)) == len(told.lost_classes)
    assert all(len(row["votes"]) == 2 for row in told.evidence.requests)
    asked_for = {row["kind"] for row in told.evidence.requests}
    assert asked_for == {ACCESS, CHANGE} | ({REVOCATION} if told.estate.pattern == "cross-account" else set())


def test_objects_items_and_blocks_come_back_equal(told: Tale) -> None:
    services = {row["resource"].split(":")[2] for row in told.evidence.restored}
    assert services == {"s3", "dynamodb", "ec2"}
    assert all(row["equal"] for row in told.evidence.restored)


def test_the_recovery_makes_no_call_as_a_principal_of_a_lost_account(told: Tale) -> None:
    assert told.evidence.kit_only["calls_by_lost_accounts"] == 0
    assert told.evidence.kit_only["calls"] > 0


def test_the_access_is_closed_at_the_end(told: Tale) -> None:
    assert told.evidence.torn_down["gone"]


def test_policies_were_evaluated_from_the_bootstrap_to_the_end(told: Tale) -> None:
    assert told.evidence.enforcement == "on"


def test_what_the_guardrail_forbids_is_refused_by_a_service_control_policy(told: Tale) -> None:
    by_policy = {row["action"] for row in told.evidence.attacks if row["denied_by"] == "service control policy"}
    assert {
        "delete the recovery points of the local vault",
        "delete the air-gapped vault",
        "remove the approval team from the vault",
        "end the share of the vault with the forensic account",
        "schedule the deletion of the local vault's key",
        "let everybody take on the deployment role",
    } <= by_policy


def test_where_no_policy_stands_in_the_way_the_vault_itself_refuses(told: Tale) -> None:
    by_service = {
        row["action"] for row in told.evidence.attacks if row["outcome"] == "refused" and not row["denied_by"]
    }
    assert {
        "delete a recovery point of the air-gapped vault",
        "shorten the retention of that point",
        "remove the lock of the air-gapped vault",
        "delete the air-gapped vault",
    } <= by_service


def test_the_requester_s_boundary_holds_whatever_else_the_role_is_given(told: Tale) -> None:
    (stolen,) = [row for row in told.evidence.attacks if row["denied_by"] == "permissions boundary"]
    assert stolen["outcome"] == "refused"


def test_the_report_shows_what_was_restored_and_which_policy_refused(told: Tale) -> None:
    page = render(told.evidence)
    assert all(row["resource"] in page for row in told.evidence.restored)
    assert "refused by a service control policy" in page
    assert "refused by a permissions boundary" in page
    assert "refused by the service" in page


def test_what_is_told_is_sentences_and_no_data_structures(told: Tale) -> None:
    steps = [str(step) for step in told.evidence.timeline if step.kind != "chapter"]
    assert [step for step in steps if not re.fullmatch(r"[^{}\[\]]+\.", step)] == []
