"""A snapshot carries backups whole: content, jobs on their way, what follows a bucket, and schedules."""

from typing import Any

from tests.emulator.backup.test_continuous import follow, points, put, restored
from tests.emulator.worlds.backup import DAY, PAYMENTS, World, finished


def test_points_jobs_and_schedules_go_on_from_a_snapshot(emulator: Any) -> None:
    world = World(emulator)
    world.vault("local")
    backup = world.backup()
    follow(world, world.bucket(ledger=b"one"))
    volume = world.back_up(world.volume({0: b"a"}))["RecoveryPointArn"]
    job = backup.start_backup_job(BackupVaultName="local", ResourceArn=world.table(), IamRoleArn=world.role())
    emulator.control("POST", "snapshots/before")
    put(world, "ledger", b"two")
    world.emulator.advance(20 * DAY)
    emulator.control("POST", "snapshots/before/restore")
    look = {"BackupJobId": job["BackupJobId"]}
    assert finished(lambda: backup.describe_backup_job(**look), "State")["State"] == "COMPLETED"
    by_status = {point["Status"]: point["RecoveryPointArn"] for point in points(world)}
    assert set(by_status) == {"AVAILABLE", "COMPLETED"}
    assert restored(world, by_status["AVAILABLE"], None) == {"ledger": b"one"}
    put(world, "ledger", b"three")
    assert restored(world, by_status["AVAILABLE"], None, "again") == {"ledger": b"three"}
    base = backup.get_recovery_point_restore_metadata(BackupVaultName="local", RecoveryPointArn=volume)
    assert world.restore(volume, base["RestoreMetadata"])["Status"] == "COMPLETED"
    before = len(backup.list_backup_jobs()["BackupJobs"])
    world.emulator.advance(DAY)
    assert len(backup.list_backup_jobs()["BackupJobs"]) > before, "the plan runs on"
    assert PAYMENTS in points(world)[0]["BackupVaultArn"]
