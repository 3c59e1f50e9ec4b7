"""Promises of the service control policy."""

import json
from dataclasses import replace
from typing import Any

import pytest

from airlock.domain.errors import UsageError
from components.guardrail_statements import EXEMPT
from components.vault_guardrail import MAX_CHARACTERS, VaultGuardrail, VaultGuardrailArgs, guardrail_document
from tests.components.recording import record

TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-*"
GOOD = VaultGuardrailArgs(policy_name="airlock-vault-guardrail", target_id="r-root", team_patterns=(TEAM,))


def statements() -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in json.loads(guardrail_document(GOOD))["Statement"]}


def test_the_guardrail_only_denies() -> None:
    assert {one["Effect"] for one in statements().values()} == {"Deny"}


def test_only_teams_of_the_topology_may_be_associated_by_whomever() -> None:
    rule = statements()["OnlyOurTeams"]
    assert rule["Action"] == ["backup:AssociateBackupVaultMpaApprovalTeam"]
    assert rule["Condition"] == {"ArnNotLike": {"backup:MpaApprovalTeamArn": [TEAM]}}, (
        "an exempt role would be a way in"
    )


@pytest.mark.parametrize(
    "action",
    [
        "backup:DeleteBackupVault",
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:DisassociateBackupVaultMpaApprovalTeam",
        "backup:RevokeRestoreAccessBackupVault",
        "backup:DeleteBackupVaultLockConfiguration",
        "backup:UpdateGlobalSettings",
        "ram:DisassociateResourceShare",
        "kms:ScheduleKeyDeletion",
        "organizations:LeaveOrganization",
        "account:CloseAccount",
    ],
)
def test_what_undoes_the_protection_is_denied_to_all_but_the_two_roles(action: str) -> None:
    rules = [one for one in statements().values() if action in one["Action"]]
    assert rules, f"{action} is allowed to every administrator"
    for rule in rules:
        assert rule["Condition"]["ArnNotLike"] == {"aws:PrincipalArn": EXEMPT}


def test_the_two_roles_are_exempt_by_name_in_every_account() -> None:
    assert EXEMPT == ["arn:aws:iam::*:role/airlock-deploy", "arn:aws:iam::*:role/airlock-break-glass"]


def test_nobody_else_changes_or_makes_the_exempt_roles() -> None:
    rule = statements()["RolesOfAirlock"]
    assert set(EXEMPT) <= set(rule["Resource"])
    assert {"iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy"} <= set(rule["Action"])


def test_keys_and_shares_of_others_are_left_alone() -> None:
    condition = statements()["WhatIsTagged"]["Condition"]
    assert condition["Null"] == {"aws:ResourceTag/airlock": "false"}


def test_the_tag_itself_cannot_be_taken_off() -> None:
    assert {"kms:UntagResource", "ram:UntagResource", "backup:UntagResource"} <= set(
        statements()["WhatIsTagged"]["Action"]
    )


def test_the_guardrail_is_short_enough_for_aws() -> None:
    assert len(guardrail_document(GOOD)) <= MAX_CHARACTERS


def test_a_guardrail_that_is_too_long_for_aws_is_refused() -> None:
    many = tuple(TEAM.replace("quorum", f"quorum-{number}") for number in range(200))
    with pytest.raises(UsageError, match="AWS takes 10240"):
        replace(GOOD, team_patterns=many)


def test_the_guardrail_is_attached_to_the_root() -> None:
    recording = record(lambda: VaultGuardrail("guardrail", GOOD))
    assert recording.one("PolicyAttachment").inputs["targetId"] == "r-root"
    assert recording.one("policy:Policy").inputs["type"] == "SERVICE_CONTROL_POLICY"
