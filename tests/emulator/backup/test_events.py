"""What AWS Backup announces of jobs and recovery points: to EventBridge, and to CloudTrail as service events."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.backup import DAY, PAYMENTS, REGION, World
from tests.emulator.worlds.events import Queue, rule

HOUR = 3600


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


@pytest.fixture
def heard(world: World) -> Queue:
    """A queue that gets every event of AWS Backup in the account."""
    queue = Queue(world.emulator, account=PAYMENTS)
    rule(world.emulator, {"source": ["aws.backup"]}, {"Arn": queue.arn}, account=PAYMENTS)
    return queue


def of(heard: Queue, kind: str) -> list[dict[str, Any]]:
    return [body for body in heard.bodies() if body["detail-type"] == f"{kind} State Change"]


def service_events(world: World) -> list[dict[str, Any]]:
    """The names and details of what CloudTrail heard from AWS Backup itself, oldest first."""
    client = world.emulator.client("cloudtrail", PAYMENTS, REGION)
    wanted = [{"AttributeKey": "EventSource", "AttributeValue": "backup.amazonaws.com"}]
    pages = client.get_paginator("lookup_events").paginate(LookupAttributes=wanted)
    records = [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]
    return [record for record in reversed(records) if record["eventType"] == "AwsServiceEvent"]


class TestEventBridge:
    def test_a_backup_job_is_heard_in_each_of_its_states(self, world: World, heard: Queue) -> None:
        job = world.back_up(world.bucket())
        found = of(heard, "Backup Job")
        assert [event["detail"]["state"] for event in found] == ["CREATED", "RUNNING", "COMPLETED"]
        assert set(found[0]["detail"]) == {"backupJobId", "state", "creationDate"}
        last = found[-1]
        assert last["resources"] == [job["RecoveryPointArn"]]
        detail = last["detail"]
        assert (detail["backupJobId"], detail["backupVaultName"]) == (job["BackupJobId"], "local")
        assert (detail["resourceType"], detail["percentDone"]) == ("S3", 100)
        assert detail["backupSizeInBytes"] == detail["bytesTransferred"] == str(job["BackupSizeInBytes"])

    def test_a_failure_names_its_reason(self, world: World, heard: Queue) -> None:
        world.back_up(world.bucket(versioned=False))
        last = of(heard, "Backup Job")[-1]["detail"]
        assert (last["state"], "versioning" in last["statusMessage"]) == ("FAILED", True)

    def test_a_job_of_a_plan_names_the_plan(self, world: World, heard: Queue) -> None:
        backup = world.backup()
        daily = {"RuleName": "daily", "TargetBackupVaultName": "local", "ScheduleExpression": "cron(0 3 * * ? *)"}
        plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "payments", "Rules": [daily]})
        selection = {"SelectionName": "one", "IamRoleArn": world.role(), "Resources": [world.bucket()]}
        backup.create_backup_selection(BackupPlanId=plan["BackupPlanId"], BackupSelection=selection)
        world.emulator.advance(DAY)
        created_by = of(heard, "Backup Job")[-1]["detail"]["createdBy"]
        assert created_by["backupPlanArn"] == plan["BackupPlanArn"]
        assert set(created_by) == {"backupPlanId", "backupPlanArn", "backupPlanVersion", "backupPlanRuleId"}

    def test_a_copy_job_is_heard_with_both_vaults(self, world: World, heard: Queue) -> None:
        target = world.air_gapped()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        job = world.copy(point, target)
        found = of(heard, "Copy Job")
        assert [event["detail"]["state"] for event in found] == ["CREATED", "RUNNING", "COMPLETED"]
        assert found[1]["detail"]["destinationRecoveryPointArn"] == {}
        last = found[-1]["detail"]
        assert last["destinationBackupVaultArn"] == target
        assert last["destinationRecoveryPointArn"] == job["DestinationRecoveryPointArn"]
        assert found[-1]["resources"] == [point]

    def test_a_restore_job_is_heard_with_what_it_made(self, world: World, heard: Queue) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        world.restore(point, {"DestinationBucketName": "back", "NewBucket": "true"})
        found = of(heard, "Restore Job")
        states = [event["detail"].get("status") or event["detail"]["state"] for event in found]
        assert states == ["CREATED", "PENDING", "RUNNING", "COMPLETED"]
        last = found[-1]["detail"]
        assert (last["createdResourceArn"], last["recoveryPointArn"]) == ("arn:aws:s3:::back", point)
        assert "restoreTestingPlanArn" not in last

    def test_a_restore_test_names_its_plan_so_that_a_function_can_judge_it(self, world: World, heard: Queue) -> None:
        world.back_up(world.bucket())
        backup = world.backup()
        arn = backup.create_restore_testing_plan(
            RestoreTestingPlan={
                "RestoreTestingPlanName": "daily",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "RecoveryPointSelection": {
                    "Algorithm": "LATEST_WITHIN_WINDOW",
                    "IncludeVaults": ["*"],
                    "RecoveryPointTypes": ["SNAPSHOT"],
                },
            }
        )["RestoreTestingPlanArn"]
        backup.create_restore_testing_selection(
            RestoreTestingPlanName="daily",
            RestoreTestingSelection={
                "RestoreTestingSelectionName": "buckets",
                "ProtectedResourceType": "S3",
                "IamRoleArn": world.role(),
                "ProtectedResourceArns": ["*"],
                "ValidationWindowHours": 48,
            },
        )
        world.emulator.advance(DAY)
        completed = [
            event["detail"] for event in of(heard, "Restore Job") if event["detail"].get("status") == "COMPLETED"
        ]
        assert [detail["restoreTestingPlanArn"] for detail in completed] == [arn]
        backup.put_restore_validation_result(RestoreJobId=completed[0]["restoreJobId"], ValidationStatus="SUCCESSFUL")

    def test_a_recovery_point_is_heard_when_it_comes_and_when_it_is_deleted(self, world: World, heard: Queue) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        backup.update_recovery_point_lifecycle(
            BackupVaultName="local", RecoveryPointArn=point, Lifecycle={"DeleteAfterDays": 30}
        )
        backup.delete_recovery_point(BackupVaultName="local", RecoveryPointArn=point)
        bodies = [body for body in heard.bodies() if body["detail-type"].startswith("Recovery Point")]
        kinds = [(body["detail-type"], body["detail"]["status"]) for body in bodies]
        assert kinds == [
            ("Recovery Point State Change", "COMPLETED"),
            ("Recovery Point Change", "COMPLETED"),
            ("Recovery Point State Change", "DELETING"),
        ]
        first = bodies[0]
        assert first["resources"] == [point]
        detail = first["detail"]
        assert (detail["lifecycle"], detail["storageClass"], detail["isEncrypted"]) == (
            {"deleteAfterDays": 14},
            "WARM",
            "true",
        )
        assert detail["calculatedLifeCycle"]["deleteAt"].endswith("Z")


class TestCloudTrail:
    def test_jobs_and_ends_of_points_are_service_events(self, world: World) -> None:
        point = world.back_up(world.bucket(), days=14)["RecoveryPointArn"]
        copied = world.copy(point, world.air_gapped())["DestinationRecoveryPointArn"]
        world.restore(point, {"DestinationBucketName": "back", "NewBucket": "true"})
        world.emulator.advance(15 * DAY)
        records = service_events(world)
        assert [record["eventName"] for record in records] == [
            "BackupJobStarted",
            "BackupJobCompleted",
            "CopyJobStarted",
            "CopyJobCompleted",
            "RestoreStarted",
            "RestoreCompleted",
            "BackupDeleted",
        ]
        by_name = {record["eventName"]: record["serviceEventDetails"] for record in records}
        assert by_name["BackupJobCompleted"]["state"] == "COMPLETED"
        assert by_name["BackupDeleted"]["recoveryPointArn"] == point
        assert by_name["CopyJobCompleted"]["destinationRecoveryPointArn"] == copied

    def test_the_way_into_cold_storage_is_one(self, world: World) -> None:
        world.advanced_dynamodb()
        cold = {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 100}
        world.back_up(world.table(), days=None, Lifecycle=cold)
        world.emulator.advance(11 * DAY)
        assert [record["eventName"] for record in service_events(world)][-1] == "BackupTransitionedToCold"
