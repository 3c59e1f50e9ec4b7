"""AWS Backup in the real pace: states last as long as documented, and looking at them changes nothing."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.emulator.backup.test_continuous import follow, points
from tests.emulator.backup.test_restore_tests import buckets, plan, restored_by, select
from tests.emulator.conftest import ROOT, Emulator
from tests.emulator.worlds.backup import DAY, World, refused


@pytest.fixture(scope="module")
def process() -> Iterator[Emulator]:
    """An emulator of its own."""
    command = [sys.executable, "-m", "emulator", "--port", "0", "--pace", "real"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    yield Emulator(running.stdout.readline().split()[-1])
    running.terminate()
    running.stdout.close()
    running.wait(timeout=10)


@pytest.fixture
def world(process: Emulator) -> World:
    process.reset()
    found = World(process)
    found.vault("local")
    return found


def test_a_backup_job_takes_its_minutes(world: World) -> None:
    backup = world.backup()
    job = backup.start_backup_job(BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role())
    seen = []
    for minutes in (0, 0, 2, 2, 7):
        world.emulator.advance(minutes * 60)
        seen.append(backup.describe_backup_job(BackupJobId=job["BackupJobId"])["State"])
    assert seen == ["CREATED", "CREATED", "RUNNING", "RUNNING", "COMPLETED"]


def test_a_point_is_deleting_for_a_while(world: World) -> None:
    backup = world.backup()
    backup.start_backup_job(BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role())
    world.emulator.advance(15 * 60)
    (point,) = points(world)
    named = {"BackupVaultName": "local", "RecoveryPointArn": point["RecoveryPointArn"]}
    backup.delete_recovery_point(**named)
    assert {backup.describe_recovery_point(**named)["Status"] for _ in range(3)} == {"DELETING"}
    world.emulator.advance(6 * 60)
    refused("ResourceNotFoundException", backup.describe_recovery_point, **named)


def test_restore_tests_start_within_their_window_and_a_bucket_takes_a_day_to_go(world: World) -> None:
    backup = world.backup()
    backup.start_backup_job(BackupVaultName="local", ResourceArn=world.bucket(), IamRoleArn=world.role())
    world.emulator.advance(15 * 60)
    arn = plan(world)
    select(world, ValidationWindowHours=168)
    world.emulator.advance(2 * DAY)
    job = restored_by(world, arn)[-1]
    created = job["CreationDate"]
    opened = created.replace(hour=5, minute=0, second=0, microsecond=0)
    opened -= timedelta(days=1) if opened > created else timedelta()
    assert opened < created < opened + timedelta(hours=24), "the start window of 24 hours opens at 05:00"
    world.emulator.advance(DAY)
    backup.put_restore_validation_result(RestoreJobId=job["RestoreJobId"], ValidationStatus="SUCCESSFUL")
    name = job["CreatedResourceArn"].rpartition(":")[2]
    for hours, there in ((0, True), (23, True), (2, False)):
        world.emulator.advance(hours * 3600)
        assert (name in buckets(world)) is there


def test_a_continuous_backup_of_a_bucket_is_fifteen_minutes_behind(world: World) -> None:
    follow(world, world.bucket(ledger=b"one"))
    world.emulator.advance(3600)
    (point,) = points(world)
    backup = world.backup()
    now = datetime.fromisoformat(world.emulator.control("GET", "clock")["now"])
    outcomes = []
    for minutes in (5, 20):
        job = backup.start_restore_job(
            RecoveryPointArn=point["RecoveryPointArn"],
            IamRoleArn=world.role(),
            Metadata={
                "DestinationBucketName": f"back-{minutes}",
                "NewBucket": "true",
                "RestoreTime": (now - timedelta(minutes=minutes)).isoformat(),
            },
        )
        outcomes.append(job["RestoreJobId"])
    world.emulator.advance(11 * 60)
    ended = [backup.describe_restore_job(RestoreJobId=job_id)["Status"] for job_id in outcomes]
    assert ended == ["FAILED", "COMPLETED"]
