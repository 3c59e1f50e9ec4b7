"""Continuous backups: one point that follows its bucket, and can be restored as of any moment of its range."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.emulator.worlds.backup import DAY, PAYMENTS, REGION, World, finished, refused

HOUR = 3600


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


def plan_of(**rule: Any) -> dict[str, Any]:
    hourly = {
        "RuleName": "hourly",
        "TargetBackupVaultName": "local",
        "ScheduleExpression": "cron(0 * * * ? *)",
        "EnableContinuousBackup": True,
        "Lifecycle": {"DeleteAfterDays": 14},
    }
    return {"BackupPlanName": "continuous", "Rules": [{**hourly, **rule}]}


def follow(world: World, resource: str, **rule: Any) -> str:
    """A plan that backs the resource up continuously, and its first run; the plan's id."""
    backup = world.backup()
    plan: str = backup.create_backup_plan(BackupPlan=plan_of(**rule))["BackupPlanId"]
    selection = {"SelectionName": "one", "IamRoleArn": world.role(), "Resources": [resource]}
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)
    moment = now(world)
    # Into the quarter after the next full hour: a plain hour and a quarter meets two runs late in an hour.
    world.emulator.advance(HOUR + 15 * 60 - moment.minute * 60 - moment.second)
    return plan


def now(world: World) -> datetime:
    return datetime.fromisoformat(world.emulator.control("GET", "clock")["now"])


def points(world: World, vault: str = "local") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.backup().list_recovery_points_by_backup_vault(BackupVaultName=vault)[
        "RecoveryPoints"
    ]
    return found


def put(world: World, key: str, body: bytes) -> None:
    world.client("s3", PAYMENTS).put_object(Bucket="payments-data", Key=key, Body=body)


def restored(world: World, point: str, moment: datetime | None, name: str = "back") -> dict[str, bytes]:
    metadata = {"DestinationBucketName": name, "NewBucket": "true"}
    if moment is not None:
        metadata["RestoreTime"] = moment.isoformat()
    job = world.restore(point, metadata)
    assert job["Status"] == "COMPLETED", job.get("StatusMessage")
    s3 = world.client("s3", PAYMENTS)
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=name).get("Contents", [])]
    return {key: s3.get_object(Bucket=name, Key=key)["Body"].read() for key in keys}


class TestBuckets:
    def test_the_bucket_comes_back_as_of_the_moment_that_is_named(self, world: World) -> None:
        follow(world, world.bucket(ledger=b"one"))
        (point,) = points(world)
        assert point["Status"] == "AVAILABLE"
        first = now(world)
        world.emulator.advance(HOUR)
        put(world, "ledger", b"two")
        put(world, "notes", b"later")
        second = now(world)
        world.emulator.advance(HOUR)
        world.client("s3", PAYMENTS).delete_object(Bucket="payments-data", Key="ledger")
        third = now(world)
        assert restored(world, point["RecoveryPointArn"], first, "one") == {"ledger": b"one"}
        assert restored(world, point["RecoveryPointArn"], second, "two") == {"ledger": b"two", "notes": b"later"}
        assert restored(world, point["RecoveryPointArn"], third, "three") == {"notes": b"later"}
        assert restored(world, point["RecoveryPointArn"], None, "latest") == {"notes": b"later"}

    def test_versions_that_an_attacker_deletes_are_in_the_backup(self, world: World) -> None:
        follow(world, world.bucket(ledger=b"one"))
        (point,) = points(world)
        put(world, "ledger", b"two")
        before = now(world)
        world.emulator.advance(HOUR)
        s3 = world.client("s3", PAYMENTS)
        for version in s3.list_object_versions(Bucket="payments-data")["Versions"]:
            s3.delete_object(Bucket="payments-data", Key=version["Key"], VersionId=version["VersionId"])
        s3.delete_bucket(Bucket="payments-data")
        assert restored(world, point["RecoveryPointArn"], before) == {"ledger": b"two"}
        (stopped,) = points(world)
        assert (stopped["Status"], "no versions" in stopped["StatusMessage"]) == ("STOPPED", True)

    def test_the_rule_runs_on_with_the_same_point(self, world: World) -> None:
        follow(world, world.bucket())
        world.emulator.advance(5 * HOUR)
        assert len(points(world)) == 1
        jobs = world.backup().list_backup_jobs()["BackupJobs"]
        assert len(jobs) > 3
        assert {job["RecoveryPointArn"] for job in jobs} == {points(world)[0]["RecoveryPointArn"]}

    def test_a_moment_out_of_its_range_fails(self, world: World) -> None:
        follow(world, world.bucket())
        (point,) = points(world)
        for moment in (now(world) - timedelta(days=2), now(world) + timedelta(hours=2)):
            metadata = {"DestinationBucketName": "b", "NewBucket": "true", "RestoreTime": moment.isoformat()}
            job = world.restore(point["RecoveryPointArn"], metadata)
            assert (job["Status"], "outside of the range" in job["StatusMessage"]) == ("FAILED", True)
        wrong = {"DestinationBucketName": "b", "NewBucket": "true", "RestoreTime": "yesterday"}
        assert "RestoreTime is" in world.restore(point["RecoveryPointArn"], wrong)["StatusMessage"]

    def test_a_snapshot_has_no_moments(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        metadata = {"DestinationBucketName": "b", "NewBucket": "true", "RestoreTime": now(world).isoformat()}
        assert "no continuous backup" in world.restore(point, metadata)["StatusMessage"]

    def test_a_copy_is_a_snapshot_of_what_it_has(self, world: World) -> None:
        follow(world, world.bucket(ledger=b"one"))
        (point,) = points(world)
        put(world, "ledger", b"two")
        copy = world.copy(point["RecoveryPointArn"], world.air_gapped())
        put(world, "ledger", b"three")
        (copied,) = points(world, "gapped")
        assert (copy["State"], copied["Status"]) == ("COMPLETED", "COMPLETED")
        assert restored(world, copied["RecoveryPointArn"], None) == {"ledger": b"two"}

    def test_it_lives_in_an_air_gapped_vault_as_its_primary_target(self, world: World) -> None:
        follow(world, world.bucket(), TargetLogicallyAirGappedBackupVaultArn=world.air_gapped())
        (point,) = points(world, "gapped")
        assert point["Status"] == "AVAILABLE"
        leave = world.backup().disassociate_recovery_point
        refused("InvalidRequestException", leave, BackupVaultName="gapped", RecoveryPointArn=point["RecoveryPointArn"])


class TestOnePerResource:
    def test_a_second_one_in_another_vault_is_refused(self, world: World) -> None:
        bucket = world.bucket()
        follow(world, bucket)
        world.vault("second")
        other = {**plan_of(TargetBackupVaultName="second"), "BackupPlanName": "other"}
        backup = world.backup()
        plan = backup.create_backup_plan(BackupPlan=other)["BackupPlanId"]
        selection = {"SelectionName": "one", "IamRoleArn": world.role(), "Resources": [bucket]}
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)
        world.emulator.advance(HOUR)
        failed = backup.list_backup_jobs(ByBackupVaultName="second")["BackupJobs"]
        assert [(job["State"], "active continuous backup" in job["StatusMessage"]) for job in failed] == [
            ("FAILED", True)
        ]

    def test_another_retention_stops_it_and_begins_a_new_one(self, world: World) -> None:
        plan = follow(world, world.bucket())
        (old,) = points(world)
        world.backup().update_backup_plan(BackupPlanId=plan, BackupPlan=plan_of(Lifecycle={"DeleteAfterDays": 7}))
        world.emulator.advance(HOUR)
        by_status = {point["Status"]: point["RecoveryPointArn"] for point in points(world)}
        assert set(by_status) == {"STOPPED", "AVAILABLE"}
        assert by_status["STOPPED"] == old["RecoveryPointArn"]

    def test_one_that_has_stopped_ends_with_its_retention_and_one_that_follows_does_not(self, world: World) -> None:
        follow(world, world.bucket())
        world.emulator.advance(20 * DAY)
        assert [point["Status"] for point in points(world)] == ["AVAILABLE"]
        world.client("s3", PAYMENTS).put_bucket_versioning(
            Bucket="payments-data", VersioningConfiguration={"Status": "Suspended"}
        )
        world.emulator.advance(13 * DAY)
        assert [point["Status"] for point in points(world)] == ["STOPPED"]
        world.emulator.advance(2 * DAY)
        assert points(world) == []

    def test_deleting_it_ends_the_following(self, world: World) -> None:
        plan = follow(world, world.bucket())
        (point,) = points(world)
        world.backup().delete_recovery_point(BackupVaultName="local", RecoveryPointArn=point["RecoveryPointArn"])
        world.emulator.advance(2 * HOUR)
        (new,) = points(world)
        assert new["RecoveryPointArn"] != point["RecoveryPointArn"], f"plan {plan} begins a new one"


class TestLeaving:
    def test_it_can_be_given_back_and_a_snapshot_cannot(self, world: World) -> None:
        bucket = world.bucket()
        follow(world, bucket)
        (point,) = points(world)
        snapshot = world.back_up(bucket)["RecoveryPointArn"]
        leave = world.backup().disassociate_recovery_point
        refused("InvalidRequestException", leave, BackupVaultName="local", RecoveryPointArn=snapshot)
        refused("ResourceNotFoundException", leave, BackupVaultName="local", RecoveryPointArn=snapshot + "x")
        leave(BackupVaultName="local", RecoveryPointArn=point["RecoveryPointArn"])
        assert [found["RecoveryPointArn"] for found in points(world)] == [snapshot]

    def test_its_lifecycle_is_its_rules(self, world: World) -> None:
        follow(world, world.bucket())
        (point,) = points(world)
        refused(
            "InvalidRequestException",
            world.backup().update_recovery_point_lifecycle,
            BackupVaultName="local",
            RecoveryPointArn=point["RecoveryPointArn"],
            Lifecycle={"DeleteAfterDays": 20},
        )


class TestRules:
    @pytest.mark.parametrize(
        "lifecycle", [{}, {"DeleteAfterDays": 36}, {"DeleteAfterDays": 0}, {"MoveToColdStorageAfterDays": 1}]
    )
    def test_a_rule_that_keeps_them_longer_than_35_days_is_refused(
        self, world: World, lifecycle: dict[str, int]
    ) -> None:
        create = world.backup().create_backup_plan
        refused("InvalidParameterValueException", create, BackupPlan=plan_of(Lifecycle=lifecycle))

    def test_types_without_continuous_backups_get_snapshots(self, world: World) -> None:
        follow(world, world.table())
        assert [point["Status"] for point in points(world)] == ["COMPLETED"]

    def test_a_database_is_followed_but_its_moments_are_not_modelled(self, world: World) -> None:
        source = world.client("rds", PAYMENTS).create_db_instance(
            DBInstanceIdentifier="ledger", Engine="postgres", DBInstanceClass="db.t3.medium", AllocatedStorage=20
        )["DBInstance"]["DBInstanceArn"]
        follow(world, source)
        (point,) = points(world)
        assert point["Status"] == "AVAILABLE"
        with pytest.raises(world.backup().exceptions.ClientError) as caught:
            world.backup().start_restore_job(
                RecoveryPointArn=point["RecoveryPointArn"],
                IamRoleArn=world.role(),
                Metadata={"DBInstanceIdentifier": "back"},
            )
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


class TestRestoreTests:
    def test_a_plan_can_take_continuous_points_too(self, world: World) -> None:
        follow(world, world.bucket(ledger=b"one"))
        backup = world.backup()
        backup.create_restore_testing_plan(
            RestoreTestingPlan={
                "RestoreTestingPlanName": "often",
                "ScheduleExpression": "rate(1 hour)",
                "RecoveryPointSelection": {
                    "Algorithm": "LATEST_WITHIN_WINDOW",
                    "IncludeVaults": [f"arn:aws:backup:{REGION}:{PAYMENTS}:backup-vault:local"],
                    "RecoveryPointTypes": ["CONTINUOUS"],
                },
            }
        )
        backup.create_restore_testing_selection(
            RestoreTestingPlanName="often",
            RestoreTestingSelection={
                "RestoreTestingSelectionName": "buckets",
                "ProtectedResourceType": "S3",
                "IamRoleArn": world.role(),
                "ProtectedResourceArns": ["*"],
                "ValidationWindowHours": 5,
            },
        )
        world.emulator.advance(HOUR + 60)
        (job,) = backup.list_restore_jobs()["RestoreJobs"]
        done = finished(lambda: backup.describe_restore_job(RestoreJobId=job["RestoreJobId"]), "Status")
        assert done["Status"] == "COMPLETED", done.get("StatusMessage")
