"""Backup jobs: on demand, with their windows, their events and their end."""

from datetime import datetime, timedelta
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

OUTSIDE_BACKUP = "Backup job failed because the lifecycle is outside the valid range for backup vault."


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


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

    @pytest.mark.parametrize(
        "windows",
        [{"StartWindowMinutes": 59}, {"StartWindowMinutes": 52_560_001}, {"CompleteWindowMinutes": 0}],
    )
    def test_windows_out_of_their_bounds_are_refused(self, world: World, windows: dict[str, int]) -> None:
        start = world.backup().start_backup_job
        order = {"BackupVaultName": "local", "ResourceArn": world.bucket(), "IamRoleArn": world.role()}
        refused("InvalidParameterValueException", start, **order, **windows)

    def test_a_job_that_cannot_start_in_its_window_expires(self, world: World) -> None:
        choice = {"name": "backup.job-start", "option": "not within the start window"}
        world.emulator.control("POST", "choices", choice)
        backup = world.backup()
        job = backup.start_backup_job(
            BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role(), StartWindowMinutes=60
        )
        look = {"BackupJobId": job["BackupJobId"]}
        seen = [backup.describe_backup_job(**look) for _ in range(4)]
        assert {found["State"] for found in seen} == {"CREATED"}
        assert seen[0]["StartBy"] - seen[0]["CreationDate"] == timedelta(hours=1)
        world.emulator.advance(59 * 60)
        assert backup.describe_backup_job(**look)["State"] == "CREATED"
        world.emulator.advance(2 * 60)
        expired = backup.describe_backup_job(**look)
        assert (expired["State"], "start window" in expired["StatusMessage"]) == ("EXPIRED", True)
        assert backup.list_recovery_points_by_backup_vault(BackupVaultName="local")["RecoveryPoints"] == []

    def test_a_job_that_is_not_completed_in_its_window_expires(self, world: World) -> None:
        backup = world.backup()
        job = backup.start_backup_job(
            BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role(), CompleteWindowMinutes=5
        )
        world.emulator.advance(3600)
        expired = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
        assert (expired["State"], "completion window" in expired["StatusMessage"]) == ("EXPIRED", True)

    def test_records_are_dropped_after_30_days_and_points_are_not(self, world: World) -> None:
        backup = world.backup()
        made = world.back_up(world.bucket(), days=90)
        copied = world.copy(made["RecoveryPointArn"], world.air_gapped())
        restored = world.restore(made["RecoveryPointArn"], {"DestinationBucketName": "back", "NewBucket": "true"})
        world.emulator.advance(29 * DAY)
        assert len(backup.list_backup_jobs()["BackupJobs"]) == 1
        assert backup.describe_copy_job(CopyJobId=copied["CopyJobId"])["CopyJob"]["State"] == "COMPLETED"
        world.emulator.advance(2 * DAY)
        assert backup.list_backup_jobs()["BackupJobs"] == []
        assert backup.list_copy_jobs()["CopyJobs"] == []
        assert backup.list_restore_jobs()["RestoreJobs"] == []
        look = backup.describe_backup_job
        refused("ResourceNotFoundException", look, BackupJobId=made["BackupJobId"])
        refused("ResourceNotFoundException", backup.describe_copy_job, CopyJobId=copied["CopyJobId"])
        refused("ResourceNotFoundException", backup.describe_restore_job, RestoreJobId=restored["RestoreJobId"])
        assert backup.describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == 1

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


class TestJobsOfAnOrganization:
    def test_the_management_account_sees_all_of_them_and_a_member_its_own(self, world: World) -> None:
        ours = world.back_up(world.bucket())["BackupJobId"]
        world.vault("local", AUDIT)
        theirs = world.back_up(world.bucket("audit-data", AUDIT), AUDIT)["BackupJobId"]
        world.vault("local", LANDING)
        world.back_up(world.bucket("landing-data", LANDING), LANDING)

        def seen(account: str, of: str) -> set[str]:
            listed = world.backup(account).list_backup_jobs(ByAccountId=of)["BackupJobs"]
            return {job["BackupJobId"] for job in listed}

        assert seen(MANAGEMENT, "*") == {ours, theirs}, "and none of another organization"
        assert seen(MANAGEMENT, AUDIT) == {theirs}
        assert seen(PAYMENTS, "*") == {ours}
        assert seen(PAYMENTS, AUDIT) == set()
        organizations = world.client("organizations", MANAGEMENT, "us-east-1")
        organizations.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
        organizations.register_delegated_administrator(AccountId=PAYMENTS, ServicePrincipal="backup.amazonaws.com")
        assert seen(PAYMENTS, "*") == {ours, theirs}
