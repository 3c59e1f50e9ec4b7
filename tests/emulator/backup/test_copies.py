"""Copy jobs: between vaults of one account, and to other accounts."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.emulator.worlds.backup import (
    AUDIT,
    BUNKER,
    DAY,
    LANDING,
    MANAGEMENT,
    PAYMENTS,
    REGION,
    World,
    finished,
    refused,
)

OUTSIDE_COPY = (
    "Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault."
)


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


def allow_copies(world: World, vault: str, account: str, principal: Any, **condition: Any) -> None:
    """The policy of a vault that lets another account copy into it."""
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
    }
    world.backup(account).put_backup_vault_access_policy(
        BackupVaultName=vault, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )


def switch_cross_account(world: World, on: bool = True) -> None:
    world.backup(MANAGEMENT).update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": str(on).lower()})


class TestCopies:
    def test_a_copy_arrives_with_its_own_lifecycle_and_origin(self, world: World) -> None:
        target = world.air_gapped()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        job = world.copy(point, target)
        assert job["State"] == "COMPLETED"
        assert job["DestinationVaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
        copied = world.backup().describe_recovery_point(
            BackupVaultName="gapped", RecoveryPointArn=job["DestinationRecoveryPointArn"]
        )
        assert copied["Lifecycle"] == {"DeleteAfterDays": 35}
        assert copied["CalculatedLifecycle"]["DeleteAt"] - copied["CreationDate"] == timedelta(days=35)
        assert copied["SourceBackupVaultArn"].endswith(":backup-vault:local")

    def test_a_copy_is_as_old_as_its_source_and_its_retention_counts_from_then(self, world: World) -> None:
        target = world.air_gapped()
        source = world.back_up(world.bucket())["RecoveryPointArn"]
        look = world.backup().describe_recovery_point
        made = look(BackupVaultName="local", RecoveryPointArn=source)["CreationDate"]
        world.emulator.advance(5 * DAY)
        copy = world.copy(source, target)["DestinationRecoveryPointArn"]
        copied = look(BackupVaultName="gapped", RecoveryPointArn=copy)
        assert copied["CreationDate"] == made
        assert copied["CompletionDate"] - made >= timedelta(days=5)
        assert copied["CalculatedLifecycle"]["DeleteAt"] == made + timedelta(days=35)
        world.emulator.advance(30 * DAY + 1)
        assert world.backup().describe_backup_vault(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 0

    def test_a_copy_without_a_lifecycle_ends_with_its_source(self, world: World) -> None:
        source = world.back_up(world.bucket(), days=14)["RecoveryPointArn"]
        job = world.copy(source, world.air_gapped(), days=None)
        copied = world.backup().describe_recovery_point(
            BackupVaultName="gapped", RecoveryPointArn=job["DestinationRecoveryPointArn"]
        )
        assert copied["Lifecycle"] == {"DeleteAfterDays": 14}
        assert copied["CalculatedLifecycle"]["DeleteAt"] == copied["CreationDate"] + timedelta(days=14)

    def test_a_lifecycle_without_an_end_keeps_the_end_of_the_source(self, world: World) -> None:
        source = world.back_up(world.bucket(), days=200)["RecoveryPointArn"]
        job_id = world.backup().start_copy_job(
            RecoveryPointArn=source,
            SourceBackupVaultName="local",
            DestinationBackupVaultArn=world.vault("second"),
            IamRoleArn=world.role(),
            Lifecycle={"MoveToColdStorageAfterDays": 30},
        )["CopyJobId"]
        job = finished(lambda: world.backup().describe_copy_job(CopyJobId=job_id)["CopyJob"], "State")
        kept = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 200}
        assert job["DestinationRecoveryPointLifecycle"] == kept

    @pytest.mark.parametrize(("days", "of_the_source"), [(6, 14), (91, 14), (None, 6), (None, None)])
    def test_retention_outside_the_bounds_fails_the_copy_with_the_documented_text(
        self, world: World, days: int | None, of_the_source: int | None
    ) -> None:
        point = world.back_up(world.bucket(), days=of_the_source)["RecoveryPointArn"]
        job = world.copy(point, world.air_gapped(), days=days)
        assert (job["State"], job["StatusMessage"]) == ("FAILED", OUTSIDE_COPY)
        assert world.backup().describe_backup_vault(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 0

    def test_a_table_is_copied_only_with_advanced_features(self, world: World) -> None:
        target = world.air_gapped()
        table = world.table()
        plain = world.copy(world.back_up(table)["RecoveryPointArn"], target)
        assert plain["State"] == "FAILED"
        assert "advanced features" in plain["StatusMessage"]
        world.advanced_dynamodb()
        assert world.copy(world.back_up(table)["RecoveryPointArn"], target)["State"] == "COMPLETED"

    def test_from_an_air_gapped_vault_a_copy_needs_a_standard_vault_with_its_own_key(self, world: World) -> None:
        point, _ = world.air_gapped_point()
        default = world.copy(point, world.vault("default-key"), vault="gapped")
        assert default["State"] == "FAILED"
        assert "customer managed key" in default["StatusMessage"]
        key = world.client("kms", PAYMENTS).create_key()["KeyMetadata"]["Arn"]
        own = world.copy(point, world.vault("own-key", EncryptionKeyArn=key), vault="gapped")
        assert own["State"] == "COMPLETED"

    def test_the_source_has_to_exist(self, world: World) -> None:
        target = world.air_gapped()
        start = world.backup().start_copy_job
        order = {
            "RecoveryPointArn": f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:none",
            "SourceBackupVaultName": "local",
            "DestinationBackupVaultArn": target,
            "IamRoleArn": world.role(),
        }
        refused("ResourceNotFoundException", start, **order)
        order["RecoveryPointArn"] = world.back_up(world.bucket())["RecoveryPointArn"]
        refused("ResourceNotFoundException", start, **{**order, "DestinationBackupVaultArn": target + "-other"})
        refused("InvalidParameterValueException", start, **{**order, "DestinationBackupVaultArn": "gapped"})


class TestCopiesToOtherAccounts:
    def test_they_need_the_opt_in_of_the_management_account_and_the_policy_of_the_vault(self, world: World) -> None:
        target = world.air_gapped("bunker", BUNKER)
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        without_opt_in = world.copy(point, target)
        assert (without_opt_in["State"], "not enabled" in without_opt_in["StatusMessage"]) == ("FAILED", True)
        switch_cross_account(world)
        without_policy = world.copy(point, target)
        assert (without_policy["State"], "Access Denied" in without_policy["StatusMessage"]) == ("FAILED", True)
        allow_copies(world, "bunker", BUNKER, {"AWS": f"arn:aws:iam::{PAYMENTS}:root"})
        job = world.copy(point, target)
        assert job["State"] == "COMPLETED", job.get("StatusMessage")
        assert job["DestinationRecoveryPointArn"].startswith(f"arn:aws:backup:{REGION}:{BUNKER}:recovery-point:")
        assert world.backup(BUNKER).describe_backup_vault(BackupVaultName="bunker")["NumberOfRecoveryPoints"] == 1

    def test_the_receiving_account_sees_the_copy_arrive_by_looking(self, world: World) -> None:
        target = world.air_gapped("bunker", BUNKER)
        switch_cross_account(world)
        allow_copies(world, "bunker", BUNKER, {"AWS": PAYMENTS})
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        world.backup().start_copy_job(
            RecoveryPointArn=point,
            SourceBackupVaultName="local",
            DestinationBackupVaultArn=target,
            IamRoleArn=world.role(),
            Lifecycle={"DeleteAfterDays": 35},
        )
        look = world.backup(BUNKER).list_recovery_points_by_backup_vault
        numbers = [len(look(BackupVaultName="bunker")["RecoveryPoints"]) for _ in range(3)]
        assert numbers == [0, 0, 1]

    @pytest.mark.parametrize(
        ("principal", "condition", "state"),
        [
            ({"AWS": AUDIT}, {}, "FAILED"),
            ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-another"}}, "FAILED"),
            ("*", {"StringEquals": {"aws:PrincipalOrgID": "OURS"}}, "COMPLETED"),
            ("*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "OURS/*"}}, "COMPLETED"),
            ("*", {"Bool": {"aws:SecureTransport": "true"}}, "FAILED"),
        ],
    )
    def test_the_policy_is_read_with_its_conditions(
        self, world: World, principal: Any, condition: Any, state: str
    ) -> None:
        organization = world.seeded["organizations"][0]["organization_id"]
        condition = json.loads(json.dumps(condition).replace("OURS", organization))
        target = world.air_gapped("bunker", BUNKER)
        switch_cross_account(world)
        allow_copies(world, "bunker", BUNKER, principal, **condition)
        assert world.copy(world.back_up(world.bucket())["RecoveryPointArn"], target)["State"] == state

    def test_never_to_another_organization(self, world: World) -> None:
        target = world.air_gapped("landing", LANDING)
        switch_cross_account(world)
        allow_copies(world, "landing", LANDING, "*")
        job = world.copy(world.back_up(world.bucket())["RecoveryPointArn"], target)
        assert (job["State"], "same organization" in job["StatusMessage"]) == ("FAILED", True)
