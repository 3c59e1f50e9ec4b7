"""Restore tests: plans run by the clock, restore what they should, wait for a verdict, and leave nothing behind."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.emulator.worlds.backup import DAY, LANDING, PAYMENTS, REGION, World, finished, refused

HOUR = 3600


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


def plan(world: World, account: str = PAYMENTS, schedule: str = "cron(0 5 ? * * *)", **selection: Any) -> str:
    """A restore testing plan that runs each morning; its ARN. The arguments change its choice of recovery points."""
    chosen = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    arn: str = world.backup(account).create_restore_testing_plan(
        RestoreTestingPlan={
            "RestoreTestingPlanName": "daily",
            "ScheduleExpression": schedule,
            "RecoveryPointSelection": {**chosen, **selection},
        }
    )["RestoreTestingPlanArn"]
    return arn


def select(world: World, kind: str = "S3", account: str = PAYMENTS, **change: Any) -> None:
    selection = {
        "RestoreTestingSelectionName": f"all_{kind}",
        "ProtectedResourceType": kind,
        "IamRoleArn": world.role(account, "restore-tests"),
        "ProtectedResourceArns": ["*"],
        "ValidationWindowHours": 4,
    }
    world.backup(account).create_restore_testing_selection(
        RestoreTestingPlanName="daily", RestoreTestingSelection={**selection, **change}
    )


def next_morning(world: World, minutes: int = 20) -> None:
    """Let the clock pass the next 05:00 by some minutes."""
    now = datetime.fromisoformat(world.emulator.control("GET", "clock")["now"])
    morning = now.replace(hour=5, minute=0, second=0, microsecond=0)
    morning += timedelta(days=1) if morning <= now else timedelta()
    world.emulator.advance((morning - now).total_seconds() + minutes * 60)


def restored_by(world: World, arn: str, account: str = PAYMENTS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.backup(account).list_restore_jobs(ByRestoreTestingPlanArn=arn)["RestoreJobs"]
    return found


def buckets(world: World, account: str = PAYMENTS) -> list[str]:
    return [bucket["Name"] for bucket in world.client("s3", account).list_buckets()["Buckets"]]


class TestRuns:
    def test_the_clock_restores_the_newest_point_of_each_resource(self, world: World) -> None:
        world.back_up(world.bucket(ledger=b"old"))
        world.emulator.advance(60)
        world.client("s3", PAYMENTS).put_object(Bucket="payments-data", Key="ledger", Body=b"new")
        newest = world.back_up("arn:aws:s3:::payments-data")["RecoveryPointArn"]
        world.back_up(world.bucket("other"))
        arn = plan(world)
        select(world)
        next_morning(world)
        jobs = {job["SourceResourceArn"]: job for job in restored_by(world, arn)}
        assert set(jobs) == {"arn:aws:s3:::payments-data", "arn:aws:s3:::other"}
        job = jobs["arn:aws:s3:::payments-data"]
        assert (job["RecoveryPointArn"], job["Status"]) == (newest, "COMPLETED")
        assert job["CreatedBy"] == {"RestoreTestingPlanArn": arn}
        name = job["CreatedResourceArn"].rpartition(":")[2]
        assert name.startswith("awsbackup-restore-test-")
        s3 = world.client("s3", PAYMENTS)
        assert s3.get_object(Bucket=name, Key="ledger")["Body"].read() == b"new"
        tags = {tag["Key"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
        assert "awsbackup-restore-test" in tags
        found = world.backup().get_restore_testing_plan(RestoreTestingPlanName="daily")["RestoreTestingPlan"]
        assert (found["LastExecutionTime"].hour, found["LastExecutionTime"].minute) == (5, 0)
        assert world.backup().list_restore_testing_plans()["RestoreTestingPlans"][0]["LastExecutionTime"]

    def test_a_plan_runs_again_and_not_after_its_deletion(self, world: World) -> None:
        world.back_up(world.bucket(), days=90)
        arn = plan(world)
        select(world)
        for number in (1, 2, 3):
            next_morning(world)
            assert len(restored_by(world, arn)) == number
        backup = world.backup()
        backup.delete_restore_testing_selection(RestoreTestingPlanName="daily", RestoreTestingSelectionName="all_S3")
        backup.delete_restore_testing_plan(RestoreTestingPlanName="daily")
        next_morning(world)
        assert len(restored_by(world, arn)) == 3

    def test_a_changed_schedule_replaces_the_earlier_one(self, world: World) -> None:
        world.back_up(world.bucket())
        arn = plan(world)
        select(world)
        world.backup().update_restore_testing_plan(
            RestoreTestingPlanName="daily", RestoreTestingPlan={"ScheduleExpression": "cron(0 5 1 1 ? *)"}
        )
        next_morning(world)
        assert restored_by(world, arn) == []

    def test_the_window_the_vaults_and_the_resources_narrow_the_choice(self, world: World) -> None:
        world.vault("second")
        world.back_up(world.bucket("early"), days=90)
        world.emulator.advance(10 * DAY)
        excluded = world.back_up(world.bucket("excluded"), vault="second")["BackupVaultArn"]
        world.back_up(world.bucket("named"))
        world.back_up(world.bucket("unnamed"))
        arn = plan(world, ExcludeVaults=[excluded], SelectionWindowDays=5)
        select(world, ProtectedResourceArns=[f"arn:aws:s3:::{name}" for name in ("early", "excluded", "named")])
        next_morning(world)
        assert [job["SourceResourceArn"] for job in restored_by(world, arn)] == ["arn:aws:s3:::named"]

    def test_conditions_are_held_against_the_tags_of_the_newest_point(self, world: World) -> None:
        for name, value in (("gold", "gold"), ("iron", "iron")):
            world.bucket(name)
            tags = {"TagSet": [{"Key": "class", "Value": value}]}
            world.client("s3", PAYMENTS).put_bucket_tagging(Bucket=name, Tagging=tags)
            world.back_up(f"arn:aws:s3:::{name}")
        arn = plan(world)
        wanted = {"StringEquals": [{"Key": "aws:ResourceTag/class", "Value": "gold"}]}
        select(world, ProtectedResourceConditions=wanted)
        unwanted = {"StringNotEquals": [{"Key": "aws:ResourceTag/class", "Value": "iron"}]}
        select(world, ProtectedResourceConditions=unwanted, RestoreTestingSelectionName="the_same")
        next_morning(world)
        assert [job["SourceResourceArn"] for job in restored_by(world, arn)] == ["arn:aws:s3:::gold"] * 2

    def test_any_point_of_the_window_can_be_chosen(self, world: World) -> None:
        bucket = world.bucket()
        made = set()
        for _ in range(4):
            made.add(world.back_up(bucket, days=90)["RecoveryPointArn"])
            world.emulator.advance(60)
        arn = plan(world, Algorithm="RANDOM_WITHIN_WINDOW")
        select(world)
        for _ in range(12):
            next_morning(world)
        tested = {job["RecoveryPointArn"] for job in restored_by(world, arn)}
        assert tested <= made
        assert len(tested) > 1, "twelve runs over four points should not always take the same one"

    def test_a_role_that_is_gone_fails_the_test(self, world: World) -> None:
        world.back_up(world.bucket())
        arn = plan(world)
        select(world)
        world.client("iam", PAYMENTS).delete_role(RoleName="restore-tests")
        next_morning(world)
        (job,) = restored_by(world, arn)
        assert (job["Status"], "cannot be assumed" in job["StatusMessage"]) == ("FAILED", True)

    def test_overrides_change_what_was_inferred(self, world: World) -> None:
        key = world.client("kms", PAYMENTS).create_key()["KeyMetadata"]["Arn"]
        world.back_up(world.volume({0: b"a"}))
        arn = plan(world)
        overrides = {"AVAILABILITYZONE": f"{REGION}c", "kmsKeyId": key}
        select(world, "EBS", RestoreMetadataOverrides=overrides)
        next_morning(world)
        (job,) = restored_by(world, arn)
        assert job["Status"] == "COMPLETED", job.get("StatusMessage")
        volume_id = job["CreatedResourceArn"].partition("volume/")[2]
        found = world.client("ec2", PAYMENTS).describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
        assert (found["AvailabilityZone"], found["KmsKeyId"]) == (f"{REGION}c", key)
        metadata = world.backup().get_restore_job_metadata(RestoreJobId=job["RestoreJobId"])["Metadata"]
        assert metadata == {"availabilityZone": f"{REGION}c", "encrypted": "true", "kmsKeyId": key}

    def test_what_a_test_restored_is_not_backed_up(self, world: World) -> None:
        backup = world.backup()
        world.back_up(world.bucket())
        plan(world)
        select(world, ValidationWindowHours=168)
        next_morning(world)
        hourly = {"RuleName": "hourly", "TargetBackupVaultName": "local", "ScheduleExpression": "cron(30 * * * ? *)"}
        made = backup.create_backup_plan(BackupPlan={"BackupPlanName": "all", "Rules": [hourly]})["BackupPlanId"]
        everything = {"SelectionName": "all", "IamRoleArn": world.role(), "Resources": ["arn:aws:s3:::*"]}
        backup.create_backup_selection(BackupPlanId=made, BackupSelection=everything)
        world.emulator.advance(2 * HOUR)
        backed_up = {job["ResourceArn"] for job in backup.list_backup_jobs()["BackupJobs"]}
        assert len(buckets(world)) == 2
        assert backed_up == {"arn:aws:s3:::payments-data"}


class TestVaultsOfOthers:
    def test_a_vault_that_is_shared_is_tested_in_the_account_it_is_shared_with(self, world: World) -> None:
        _, vault = world.air_gapped_point()
        world.share(vault, PAYMENTS, LANDING)
        arn = plan(world, LANDING, IncludeVaults=[vault])
        select(world, account=LANDING)
        next_morning(world)
        (job,) = restored_by(world, arn, LANDING)
        assert (job["Status"], job["BackupVaultArn"]) == ("COMPLETED", vault)
        name = job["CreatedResourceArn"].rpartition(":")[2]
        assert world.client("s3", LANDING).get_object(Bucket=name, Key="ledger")["Body"].read() == b"in the black"

    def test_an_open_restore_access_vault_is_tested_and_a_closed_one_is_not(self, world: World) -> None:
        _, vault = world.guarded_point()
        session = world.ask_for_access(vault)
        arn = plan(world, LANDING, IncludeVaults=["arn:aws:backup:*:*:backup-vault:access-*"])
        select(world, account=LANDING)
        next_morning(world)
        assert restored_by(world, arn, LANDING) == []
        session = world.ask_for_access(vault, "access-2") if session_over(world, session) else session
        world.approve(session)
        next_morning(world)
        assert [job["Status"] for job in restored_by(world, arn, LANDING)] == ["COMPLETED"]

    def test_a_temporary_point_is_not_tested(self, world: World) -> None:
        target = world.air_gapped()
        arn = plan(world, schedule="rate(1 minute)", IncludeVaults=["arn:aws:backup:*:*:backup-vault:local"])
        select(world, "EBS")
        world.backup().start_backup_job(
            BackupVaultName="local",
            ResourceArn=world.volume({0: b"a"}),
            IamRoleArn=world.role(),
            LogicallyAirGappedBackupVaultArn=target,
            Lifecycle={"DeleteAfterDays": 35},
        )
        world.emulator.advance(15 * 60)
        assert world.backup().describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == 1
        assert restored_by(world, arn) == []


def session_over(world: World, session: str) -> bool:
    from tests.emulator.worlds.backup import RECOVERY

    mpa = world.client("mpa", RECOVERY, "us-east-1")
    return bool(mpa.get_session(SessionArn=session)["Status"] != "PENDING")


class TestVerdicts:
    @pytest.fixture
    def job_id(self, world: World) -> str:
        world.back_up(world.bucket())
        self.arn = plan(world)
        select(world)
        next_morning(world)
        (job,) = restored_by(world, self.arn)
        return str(job["RestoreJobId"])

    @pytest.mark.parametrize("verdict", ["SUCCESSFUL", "FAILED"])
    def test_a_verdict_is_final_and_what_was_restored_goes(self, world: World, job_id: str, verdict: str) -> None:
        backup = world.backup()
        put = backup.put_restore_validation_result
        put(RestoreJobId=job_id, ValidationStatus="VALIDATING")
        assert backup.describe_restore_job(RestoreJobId=job_id)["ValidationStatus"] == "VALIDATING"
        put(RestoreJobId=job_id, ValidationStatus=verdict, ValidationStatusMessage="counted")
        assert len(buckets(world)) == 2, "deletion takes its time"
        seen = [backup.describe_restore_job(RestoreJobId=job_id) for _ in range(3)]
        assert [job["DeletionStatus"] for job in seen] == ["DELETING", "SUCCESSFUL", "SUCCESSFUL"]
        assert (seen[2]["ValidationStatus"], seen[2]["ValidationStatusMessage"]) == (verdict, "counted")
        assert buckets(world) == ["payments-data"]
        refused("InvalidRequestException", put, RestoreJobId=job_id, ValidationStatus="SUCCESSFUL")

    def test_without_a_verdict_the_window_ends_as_timed_out(self, world: World, job_id: str) -> None:
        world.emulator.advance(3 * HOUR)
        job = world.backup().describe_restore_job(RestoreJobId=job_id)
        assert "ValidationStatus" not in job
        assert "DeletionStatus" not in job
        world.emulator.advance(2 * HOUR)
        assert world.backup().describe_restore_job(RestoreJobId=job_id)["ValidationStatus"] == "TIMED_OUT"
        world.emulator.advance(2 * DAY)
        listed = restored_by(world, self.arn)
        assert [job["DeletionStatus"] for job in listed if job["RestoreJobId"] == job_id] == ["SUCCESSFUL"]
        put = world.backup().put_restore_validation_result
        refused("InvalidRequestException", put, RestoreJobId=job_id, ValidationStatus="SUCCESSFUL")

    def test_who_takes_the_tag_off_keeps_the_resource(self, world: World, job_id: str) -> None:
        backup = world.backup()
        name = backup.describe_restore_job(RestoreJobId=job_id)["CreatedResourceArn"].rpartition(":")[2]
        world.client("s3", PAYMENTS).delete_bucket_tagging(Bucket=name)
        backup.put_restore_validation_result(RestoreJobId=job_id, ValidationStatus="SUCCESSFUL")
        world.emulator.advance(2 * DAY)
        job = backup.describe_restore_job(RestoreJobId=job_id)
        assert (job["DeletionStatus"], "awsbackup-restore-test" in job["DeletionStatusMessage"]) == ("FAILED", True)
        assert name in buckets(world)

    def test_without_a_window_what_was_restored_goes_at_once(self, world: World) -> None:
        world.back_up(world.table())
        arn = plan(world)
        select(world, "DynamoDB", ValidationWindowHours=0)
        next_morning(world, minutes=60)
        (job,) = restored_by(world, arn)
        assert (job["Status"], job["DeletionStatus"]) == ("COMPLETED", "SUCCESSFUL")
        assert world.client("dynamodb", PAYMENTS).list_tables()["TableNames"] == ["accounts"]

    def test_only_a_completed_test_takes_a_verdict(self, world: World) -> None:
        backup = world.backup()
        put = backup.put_restore_validation_result
        refused("ResourceNotFoundException", put, RestoreJobId="none", ValidationStatus="FAILED")
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        by_hand = world.restore(point, {"DestinationBucketName": "by-hand", "NewBucket": "true"})["RestoreJobId"]
        refused("InvalidRequestException", put, RestoreJobId=by_hand, ValidationStatus="FAILED")
        refused("InvalidParameterValueException", put, RestoreJobId=by_hand, ValidationStatus="PERHAPS")
        arn = plan(world)
        select(world)
        next_morning(world, minutes=0)
        (job,) = restored_by(world, arn)
        refused("InvalidRequestException", put, RestoreJobId=job["RestoreJobId"], ValidationStatus="FAILED")
        finished(lambda: backup.describe_restore_job(RestoreJobId=job["RestoreJobId"]), "Status")
        put(RestoreJobId=job["RestoreJobId"], ValidationStatus="FAILED")


class TestInferredMetadata:
    def test_it_is_the_least_that_a_restore_needs(self, world: World) -> None:
        infer = world.backup().get_restore_testing_inferred_metadata
        volume = world.back_up(world.volume({0: b"a"}))["RecoveryPointArn"]
        found = infer(BackupVaultName="local", RecoveryPointArn=volume)["InferredMetadata"]
        assert found["encrypted"] == "true"
        assert found["availabilityZone"].startswith(REGION)
        bucket = world.back_up(world.bucket())["RecoveryPointArn"]
        found = infer(BackupVaultName="local", RecoveryPointArn=bucket)["InferredMetadata"]
        assert (found["NewBucket"], found["EncryptionType"]) == ("true", "SSE-S3")
        assert world.restore(bucket, found)["Status"] == "COMPLETED"
        table = world.back_up(world.table())["RecoveryPointArn"]
        found = infer(BackupVaultName="local", RecoveryPointArn=table)["InferredMetadata"]
        assert world.restore(table, found)["Status"] == "COMPLETED"

    def test_a_shared_vault_is_named_with_its_owner(self, world: World) -> None:
        point, vault = world.air_gapped_point()
        infer = world.backup(LANDING).get_restore_testing_inferred_metadata
        asked = {"BackupVaultName": "gapped", "RecoveryPointArn": point, "BackupVaultAccountId": PAYMENTS}
        refused("AccessDeniedException", infer, **asked)
        world.share(vault, PAYMENTS, LANDING)
        assert infer(**asked)["InferredMetadata"]["NewBucket"] == "true"
        refused("ResourceNotFoundException", infer, **{**asked, "RecoveryPointArn": point + "x"})


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "change",
        [
            {"ProtectedResourceArns": ["*", "arn:aws:s3:::one"]},
            {
                "ProtectedResourceArns": ["arn:aws:s3:::one"],
                "ProtectedResourceConditions": {"StringEquals": [{"Key": "a", "Value": "b"}]},
            },
            {"ProtectedResourceArns": [f"arn:aws:s3:::b{number}" for number in range(31)]},
            {
                "ProtectedResourceConditions": {
                    "StringEquals": [{"Key": f"k{number}", "Value": "v"} for number in range(31)]
                }
            },
            {"RestoreMetadataOverrides": {"colour": "red"}},
        ],
    )
    def test_selections_that_aws_would_not_take(self, world: World, change: dict[str, Any]) -> None:
        plan(world)
        with pytest.raises(world.backup().exceptions.InvalidParameterValueException):
            select(world, **change)

    def test_vaults_that_are_no_vaults(self, world: World) -> None:
        with pytest.raises(world.backup().exceptions.InvalidParameterValueException):
            plan(world, IncludeVaults=["local"])
        with pytest.raises(world.backup().exceptions.InvalidParameterValueException):
            plan(world, IncludeVaults=[f"arn:aws:backup:{REGION}:{PAYMENTS}:backup-vault:v{n}" for n in range(31)])

    def test_the_101st_plan_and_the_31st_selection(self, world: World) -> None:
        backup = world.backup()
        for number in range(99):
            backup.create_restore_testing_plan(
                RestoreTestingPlan={
                    "RestoreTestingPlanName": f"plan_{number}",
                    "ScheduleExpression": "cron(0 5 1 1 ? *)",
                    "RecoveryPointSelection": {
                        "Algorithm": "LATEST_WITHIN_WINDOW",
                        "IncludeVaults": ["*"],
                        "RecoveryPointTypes": ["SNAPSHOT"],
                    },
                }
            )
        plan(world)
        with pytest.raises(backup.exceptions.ClientError, match="LimitExceeded"):
            backup.create_restore_testing_plan(
                RestoreTestingPlan={
                    **json.loads(json.dumps({"RestoreTestingPlanName": "one_more"})),
                    "ScheduleExpression": "cron(0 5 1 1 ? *)",
                    "RecoveryPointSelection": {
                        "Algorithm": "LATEST_WITHIN_WINDOW",
                        "IncludeVaults": ["*"],
                        "RecoveryPointTypes": ["SNAPSHOT"],
                    },
                }
            )
        for number in range(30):
            select(world, RestoreTestingSelectionName=f"s{number}")
        with pytest.raises(backup.exceptions.ClientError, match="LimitExceeded"):
            select(world, RestoreTestingSelectionName="one_more")
