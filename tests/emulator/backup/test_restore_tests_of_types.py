"""Restore tests of each type: with the metadata that AWS infers, and with nothing left when they are over."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.backup.test_more_types import cluster, database, file_system, instance
from tests.emulator.worlds.backup import DAY, PAYMENTS, World


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


def count(world: World, kind: str) -> int:
    """How many resources of a type the account has."""

    def client(service: str) -> Any:
        return world.client(service, PAYMENTS)

    counts: dict[str, Callable[[], int]] = {
        "Aurora": lambda: len(client("rds").describe_db_clusters()["DBClusters"]),
        "DynamoDB": lambda: len(client("dynamodb").list_tables()["TableNames"]),
        "EBS": lambda: len(client("ec2").describe_volumes()["Volumes"]),
        "EC2": lambda: len(
            [
                one
                for reservation in client("ec2").describe_instances()["Reservations"]
                for one in reservation["Instances"]
                if one["State"]["Name"] != "terminated"
            ]
        ),
        "EFS": lambda: len(client("efs").describe_file_systems()["FileSystems"]),
        "RDS": lambda: len(client("rds").describe_db_instances()["DBInstances"]),
        "S3": lambda: len(client("s3").list_buckets()["Buckets"]),
    }
    return counts[kind]()


SOURCES: dict[str, Callable[[World], str]] = {
    "Aurora": cluster,
    "DynamoDB": lambda world: world.table(),
    "EBS": lambda world: world.volume({0: b"a"}),
    "EC2": lambda world: instance(world, b0=b"a"),
    "EFS": file_system,
    "RDS": database,
    "S3": lambda world: world.bucket(),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_test_restores_the_resource_and_takes_it_away_again(world: World, kind: str) -> None:
    backup = world.backup()
    world.back_up(SOURCES[kind](world))
    before, volumes = count(world, kind), count(world, "EBS") if kind == "EC2" else 0
    backup.create_restore_testing_plan(
        RestoreTestingPlan={
            "RestoreTestingPlanName": "daily",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "RecoveryPointSelection": {
                "Algorithm": "LATEST_WITHIN_WINDOW",
                "IncludeVaults": ["*"],
                "RecoveryPointTypes": ["SNAPSHOT"],
            },
        }
    )
    backup.create_restore_testing_selection(
        RestoreTestingPlanName="daily",
        RestoreTestingSelection={
            "RestoreTestingSelectionName": "one",
            "ProtectedResourceType": kind,
            "IamRoleArn": world.role(),
            "ProtectedResourceArns": ["*"],
            "ValidationWindowHours": 48,
        },
    )
    world.emulator.advance(DAY)
    (job,) = backup.list_restore_jobs()["RestoreJobs"]
    assert job["Status"] == "COMPLETED", job.get("StatusMessage")
    assert count(world, kind) == before + 1
    backup.put_restore_validation_result(RestoreJobId=job["RestoreJobId"], ValidationStatus="SUCCESSFUL")
    for _ in range(2):
        ended = backup.describe_restore_job(RestoreJobId=job["RestoreJobId"])
    assert ended["DeletionStatus"] == "SUCCESSFUL", ended.get("DeletionStatusMessage")
    assert count(world, kind) == before
    assert volumes in (0, count(world, "EBS")), "the volumes of a restored instance go with it"
