"""Backup and copy jobs, recovery points, and what keeps or ends them."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.emulator.backup_world import (
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
OUTSIDE_BACKUP = "Backup job failed because the lifecycle is outside the valid range for backup vault."


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


class TestBackupJobs:
    def test_a_job_is_created_then_runs_then_is_completed_look_by_look(self, world: World) -> None:
        backup = world.backup()
        job = backup.start_backup_job(
            BackupVaultName="local",
            ResourceArn=world.bucket(),
            IamRoleArn=world.role(),
            Lifecycle={"DeleteAfterDays": 9},
        )
        seen = [backup.describe_backup_job(BackupJobId=job["BackupJobId"]) for _ in range(4)]
        assert [answer["State"] for answer in seen] == ["CREATED", "RUNNING", "COMPLETED", "COMPLETED"]
        assert "RecoveryPointArn" not in seen[0]
        assert seen[2]["ResourceType"] == "S3"

    def test_the_clock_ends_a_job_that_nobody_looks_at(self, world: World) -> None:
        backup = world.backup()
        started = datetime.fromisoformat(world.emulator.control("GET", "clock")["now"])
        job = backup.start_backup_job(BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role())
        world.emulator.advance(30 * DAY)
        ended = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
        assert ended["State"] == "COMPLETED"
        assert ended["CompletionDate"] - started < timedelta(hours=1), "it ended at its own time, not at the look"

    def test_a_point_of_s3_has_an_arn_of_aws_backup_and_one_of_ebs_is_a_snapshot(self, world: World) -> None:
        of_bucket = world.back_up(world.bucket())
        of_volume = world.back_up(world.volume({0: b"a"}))
        assert of_bucket["RecoveryPointArn"].startswith(
            f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:payments-data-"
        )
        assert of_volume["RecoveryPointArn"].startswith(f"arn:aws:ec2:{REGION}::snapshot/snap-")

    def test_a_bucket_without_versioning_cannot_be_backed_up(self, world: World) -> None:
        job = world.back_up(world.bucket("loose", versioned=False))
        assert job["State"] == "FAILED"
        assert "versioning is not enabled" in job["StatusMessage"]

    def test_what_can_be_seen_to_be_wrong_is_refused_at_once(self, world: World) -> None:
        start = world.backup().start_backup_job
        good = {"BackupVaultName": "local", "ResourceArn": world.bucket(), "IamRoleArn": world.role()}
        unknown_role = f"arn:aws:iam::{PAYMENTS}:role/nobody"
        refused("InvalidParameterValueException", start, **{**good, "IamRoleArn": unknown_role})
        refused("InvalidParameterValueException", start, **{**good, "IamRoleArn": world.role(BUNKER)})
        refused("ResourceNotFoundException", start, **{**good, "ResourceArn": "arn:aws:s3:::nowhere"})
        refused("InvalidParameterValueException", start, **{**good, "ResourceArn": "arn:aws:sqs:eu-west-1:1:queue"})
        refused("ResourceNotFoundException", start, **{**good, "BackupVaultName": "nowhere"})
        world.air_gapped()
        refused("InvalidRequestException", start, **{**good, "BackupVaultName": "gapped"})
        cold = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 119}
        refused("InvalidParameterValueException", start, **good, Lifecycle=cold)

    def test_the_same_token_starts_one_job(self, world: World) -> None:
        order = {
            "BackupVaultName": "local",
            "ResourceArn": world.bucket(),
            "IamRoleArn": world.role(),
            "IdempotencyToken": "once",
        }
        first, second = world.backup().start_backup_job(**order), world.backup().start_backup_job(**order)
        assert first["BackupJobId"] == second["BackupJobId"]

    def test_retention_outside_the_lock_of_the_vault_fails_the_job(self, world: World) -> None:
        world.backup().put_backup_vault_lock_configuration(BackupVaultName="local", MinRetentionDays=7)
        job = world.back_up(world.bucket(), days=6)
        assert (job["State"], job["StatusMessage"]) == ("FAILED", OUTSIDE_BACKUP)
        assert world.backup().list_recovery_points_by_backup_vault(BackupVaultName="local")["RecoveryPoints"] == []

    def test_a_stopped_job_leaves_no_point(self, world: World) -> None:
        backup = world.backup()
        job = backup.start_backup_job(BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role())
        backup.stop_backup_job(BackupJobId=job["BackupJobId"])
        look = backup.describe_backup_job
        seen = [look(BackupJobId=job["BackupJobId"])["State"] for _ in range(3)]
        assert seen == ["ABORTING", "ABORTED", "ABORTED"]
        world.emulator.advance(DAY)
        assert backup.describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == 0
        refused("InvalidRequestException", backup.stop_backup_job, BackupJobId=job["BackupJobId"])

    def test_jobs_are_listed_by_state_and_resource(self, world: World) -> None:
        done = world.back_up(world.bucket())
        failed = world.back_up(world.bucket("loose", versioned=False))
        list_jobs = world.backup().list_backup_jobs
        assert [job["BackupJobId"] for job in list_jobs(ByState="FAILED")["BackupJobs"]] == [failed["BackupJobId"]]
        by_resource = list_jobs(ByResourceArn=done["ResourceArn"])["BackupJobs"]
        assert [job["BackupJobId"] for job in by_resource] == [done["BackupJobId"]]
        refused("ResourceNotFoundException", world.backup().describe_backup_job, BackupJobId="none")

    def test_jobs_and_points_are_listed_by_time(self, world: World) -> None:
        bucket = world.bucket()
        early = world.back_up(bucket)
        world.emulator.advance(DAY)
        between = datetime.fromisoformat(world.emulator.control("GET", "clock")["now"])
        world.emulator.advance(DAY)
        late = world.back_up(bucket)
        list_jobs, list_points = world.backup().list_backup_jobs, world.backup().list_recovery_points_by_backup_vault
        for expected, bound in ((late, {"ByCreatedAfter": between}), (early, {"ByCreatedBefore": between})):
            assert [job["BackupJobId"] for job in list_jobs(**bound)["BackupJobs"]] == [expected["BackupJobId"]]
            points = list_points(BackupVaultName="local", **bound)["RecoveryPoints"]
            assert [point["RecoveryPointArn"] for point in points] == [expected["RecoveryPointArn"]]


class TestAirGappedVaultAsPrimaryTarget:
    def test_a_fully_managed_backup_goes_straight_into_the_vault(self, world: World) -> None:
        point_arn, _ = world.air_gapped_point()
        point = world.backup().describe_recovery_point(BackupVaultName="gapped", RecoveryPointArn=point_arn)
        assert point["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
        assert point_arn.startswith(f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:")
        local = world.backup().describe_backup_vault(BackupVaultName="local-of-gapped")
        assert local["NumberOfRecoveryPoints"] == 0

    def test_a_snapshot_passes_through_the_standard_vault_and_leaves_it(self, world: World) -> None:
        target = world.air_gapped()
        backup = world.backup()
        job = world.back_up(world.volume({0: b"a"}), days=35, LogicallyAirGappedBackupVaultArn=target)
        on_the_way = backup.describe_recovery_point(BackupVaultName="local", RecoveryPointArn=job["RecoveryPointArn"])
        assert on_the_way["Lifecycle"] == {"DeleteAfterEvent": "DELETE_AFTER_COPY"}
        copy = backup.list_copy_jobs()["CopyJobs"][0]
        finished(lambda: backup.describe_copy_job(CopyJobId=copy["CopyJobId"])["CopyJob"], "State")
        assert backup.describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == 0
        point = backup.list_recovery_points_by_backup_vault(BackupVaultName="gapped")["RecoveryPoints"][0]
        assert point["RecoveryPointArn"].startswith(f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:")
        assert point["Lifecycle"]["DeleteAfterDays"] == 35

    def test_a_table_without_advanced_features_stays_behind_although_the_job_is_completed(self, world: World) -> None:
        job = world.back_up(world.table(), days=35, LogicallyAirGappedBackupVaultArn=world.air_gapped())
        assert job["State"] == "COMPLETED"
        assert "not supported by" in job["StatusMessage"]
        assert job["BackupVaultName"] == "local"
        assert world.backup().describe_backup_vault(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 0

    def test_a_volume_with_an_aws_managed_key_stays_behind(self, world: World) -> None:
        volume = world.volume({0: b"a"}, Encrypted=True)
        job = world.back_up(volume, days=35, LogicallyAirGappedBackupVaultArn=world.air_gapped())
        assert job["State"] == "COMPLETED"
        assert "cannot be copied to a logically air-gapped backup vault" in job["StatusMessage"]
        assert world.backup().describe_backup_vault(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 0

    def test_retention_outside_the_bounds_fails_the_job(self, world: World) -> None:
        job = world.back_up(world.bucket(), days=91, LogicallyAirGappedBackupVaultArn=world.air_gapped())
        assert (job["State"], job["StatusMessage"]) == ("FAILED", OUTSIDE_BACKUP)

    def test_a_vault_of_another_account_is_no_target(self, world: World) -> None:
        foreign = world.air_gapped("foreign", BUNKER)
        refused(
            "InvalidParameterValueException",
            world.backup().start_backup_job,
            BackupVaultName="local",
            ResourceArn=world.bucket(),
            IamRoleArn=world.role(),
            LogicallyAirGappedBackupVaultArn=foreign,
        )


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


class TestRecoveryPoints:
    def test_a_point_shows_where_it_is_and_how_long_it_stays(self, world: World) -> None:
        arn = world.back_up(world.bucket(), days=14)["RecoveryPointArn"]
        point = world.backup().describe_recovery_point(BackupVaultName="local", RecoveryPointArn=arn)
        assert (point["Status"], point["VaultType"], point["StorageClass"]) == ("COMPLETED", "BACKUP_VAULT", "WARM")
        assert point["CalculatedLifecycle"]["DeleteAt"] == point["CreationDate"] + timedelta(days=14)
        listed = world.backup().list_recovery_points_by_resource(ResourceArn="arn:aws:s3:::payments-data")
        assert [found["RecoveryPointArn"] for found in listed["RecoveryPoints"]] == [arn]

    def test_a_point_leaves_when_its_retention_ends_and_not_before(self, world: World) -> None:
        world.air_gapped_point()
        look = world.backup().describe_backup_vault
        world.emulator.advance(34 * DAY)
        assert look(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 1
        world.emulator.advance(1 * DAY + 1)
        assert look(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 0

    def test_nobody_deletes_a_point_of_an_air_gapped_vault_before_its_time(self, world: World) -> None:
        point, _ = world.air_gapped_point()
        delete = {"BackupVaultName": "gapped", "RecoveryPointArn": point}
        refused("InvalidRequestException", world.backup().delete_recovery_point, **delete)
        world.emulator.advance(34 * DAY)
        refused("InvalidRequestException", world.backup().delete_recovery_point, **delete)

    def test_nobody_changes_the_retention_of_a_point_in_a_locked_vault(self, world: World) -> None:
        point, _ = world.air_gapped_point()
        update = world.backup().update_recovery_point_lifecycle
        for days in (34, 35, 60, 91):
            named = {"BackupVaultName": "gapped", "RecoveryPointArn": point, "Lifecycle": {"DeleteAfterDays": days}}
            refused("InvalidRequestException", update, **named)
        found = world.backup().describe_recovery_point(BackupVaultName="gapped", RecoveryPointArn=point)
        assert found["Lifecycle"] == {"DeleteAfterDays": 35}

    def test_a_lock_in_governance_mode_protects_retention_until_it_is_removed(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        named = {"BackupVaultName": "local", "RecoveryPointArn": point, "Lifecycle": {"DeleteAfterDays": 60}}
        backup.put_backup_vault_lock_configuration(BackupVaultName="local", MinRetentionDays=7)
        refused("InvalidRequestException", backup.update_recovery_point_lifecycle, **named)
        backup.delete_backup_vault_lock_configuration(BackupVaultName="local")
        assert backup.update_recovery_point_lifecycle(**named)["Lifecycle"] == {"DeleteAfterDays": 60}
        world.emulator.advance(59 * DAY)
        assert backup.describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == 1

    def test_protected_resources_name_their_newest_point(self, world: World) -> None:
        bucket = world.bucket()
        world.back_up(bucket)
        world.emulator.advance(60)
        newest = world.back_up(bucket)["RecoveryPointArn"]
        world.back_up(world.table())
        found = {one["ResourceArn"]: one for one in world.backup().list_protected_resources()["Results"]}
        assert len(found) == 2
        assert found[bucket]["LastRecoveryPointArn"] == newest
        assert world.backup().describe_protected_resource(ResourceArn=bucket)["ResourceType"] == "S3"
        by_vault = world.backup().list_protected_resources_by_backup_vault(BackupVaultName="local")["Results"]
        assert len(by_vault) == 2
        refused("ResourceNotFoundException", world.backup().describe_protected_resource, ResourceArn="arn:aws:s3:::no")
