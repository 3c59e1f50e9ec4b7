"""Promises about where data comes back, and about the restores that prove it."""

from dataclasses import replace
from typing import Any

import pytest

from airlock.domain.connection import Connection
from airlock.domain.errors import UsageError
from components.backup_role import FOR_RESTORE, BackupRole, BackupRoleArgs
from components.recovery_landing import RecoveryLanding, RecoveryLandingArgs
from components.restore_testing import RestoreTesting, RestoreTestingArgs
from components.service_opt_in import ServiceOptIn, ServiceOptInArgs
from tests.components.recording import Recording, record

VAULT = "arn:aws:backup:eu-west-1:333333333333:backup-vault:orders-2026"
TESTING = RestoreTestingArgs(
    plan_name="airlock",
    schedule="cron(0 9 ? * SUN *)",
    vault_arns=(VAULT,),
    resource_types=("S3", "EBS"),
    role_arn="arn:aws:iam::666666666666:role/airlock-restore-testing",
)


def landing() -> Recording:
    return record(
        lambda: RecoveryLanding("landing", RecoveryLandingArgs(account_id="888888888888", region="eu-west-1"))
    )


def test_each_type_is_tested_out_of_the_vaults_alone() -> None:
    recording = record(lambda: RestoreTesting("restore-testing", TESTING))
    assert recording.one("RestoreTestingPlan").inputs["recoveryPointSelection"]["includeVaults"] == [VAULT]
    tested = {one.inputs["protectedResourceType"] for one in recording.of("RestoreTestingSelection")}
    assert tested == {"S3", "EBS"}


def test_a_plan_that_could_test_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="no resource type that can be tested"):
        replace(TESTING, resource_types=("Timestream",))
    with pytest.raises(UsageError, match="has no vault"):
        replace(TESTING, vault_arns=())


def test_a_plan_name_with_a_hyphen_is_refused_because_aws_refuses_it() -> None:
    with pytest.raises(UsageError, match="use letters, digits and `_`"):
        replace(TESTING, plan_name="air-lock")


def test_the_requester_stands_under_a_boundary() -> None:
    recording = landing()
    requester = recording.named("landing-requester")
    assert requester.inputs["name"] == "airlock-requester"
    assert requester.inputs["permissionsBoundary"].endswith(":airlock-requester-boundary")


def test_the_requester_can_ask_for_access_in_its_own_name() -> None:
    statements = landing().named("landing-boundary").document("policy")["Statement"]
    (ask,) = [one for one in statements if one["Sid"] == "AskForAccess"]
    assert {"mpa:StartSession", "backup:CreateRestoreAccessBackupVault"} <= set(ask["Action"])


def test_the_boundary_has_no_way_to_more_rights() -> None:
    statements = landing().named("landing-boundary").document("policy")["Statement"]
    actions = {
        action
        for one in statements
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }
    assert {action for action in actions if action.startswith("iam:")} == {"iam:PassRole"}
    assert not [action for action in actions if action in ("*", "backup:*", "mpa:*", "kms:*")]


def test_only_the_restore_role_may_be_handed_to_aws_backup() -> None:
    statements = landing().named("landing-boundary").document("policy")["Statement"]
    (hand,) = [one for one in statements if one["Action"] == "iam:PassRole"]
    assert hand["Resource"] == "arn:aws:iam::888888888888:role/airlock-restore"


def test_volumes_come_back_encrypted_under_the_accounts_own_key() -> None:
    recording = landing()
    assert recording.one("EncryptionByDefault").inputs["enabled"] is True
    assert recording.one("DefaultKmsKey").inputs["keyArn"].endswith(":landing-key")
    assert recording.one("kms/key:Key").protect


def test_the_landing_key_serves_restores_and_volumes() -> None:
    statements = landing().one("kms/key:Key").document("policy")["Statement"]
    assert {"Administration", "RestoreUse", "RestoreGrants", "VolumesOfThisAccount"} == {
        one["Sid"] for one in statements
    }


def test_a_backup_role_is_for_aws_backup_only() -> None:
    args = BackupRoleArgs(role_name="airlock-restore", description="d", managed_policy_arns=FOR_RESTORE)
    role = record(lambda: BackupRole("restore", args)).one("role:Role")
    (trust,) = role.document("assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}


def test_a_backup_role_without_a_policy_is_refused() -> None:
    with pytest.raises(UsageError, match="`airlock-restore` has no policy"):
        BackupRoleArgs(role_name="airlock-restore", description="d", managed_policy_arns=())


HERE = Connection(account_id="444444444444", region="eu-west-1")


def opted_in(*types: str) -> dict[str, Any]:
    args = ServiceOptInArgs(connection=HERE, resource_types=types)
    return dict(record(lambda: ServiceOptIn("services", args)).one("BackupRegionSettings").inputs)


def test_what_the_estate_protects_is_opted_in_and_nothing_else() -> None:
    assert opted_in("S3", "EBS")["services"] == ["EBS", "S3"], "what is left out is never backed up"


def test_tables_have_their_advanced_features() -> None:
    assert opted_in("S3")["fully_managed"] == []
    assert opted_in("DynamoDB", "S3")["fully_managed"] == ["DynamoDB"], "no table could enter an air-gapped vault"
