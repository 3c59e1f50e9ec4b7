"""Recovery points: what they show, how long they stay, and who ends them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.emulator.worlds.backup import BUNKER, DAY, LANDING, MANAGEMENT, PAYMENTS, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


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

    def test_a_deleted_point_is_seen_deleting_and_then_is_gone(self, world: World) -> None:
        backup = world.backup()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        named = {"BackupVaultName": "local", "RecoveryPointArn": point}
        backup.delete_recovery_point(**named)
        refused("InvalidResourceStateException", backup.delete_recovery_point, **named)
        assert backup.describe_recovery_point(**named)["Status"] == "DELETING"
        refused("ResourceNotFoundException", backup.describe_recovery_point, **named)

    def test_a_deletion_that_nobody_looks_at_is_over_by_the_clock(self, world: World) -> None:
        backup = world.backup()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup.delete_recovery_point(BackupVaultName="local", RecoveryPointArn=point)
        world.emulator.advance(3600)
        backup.delete_backup_vault(BackupVaultName="local")

    def test_a_point_that_is_being_deleted_is_neither_changed_nor_restored(self, world: World) -> None:
        backup = world.backup()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        named = {"BackupVaultName": "local", "RecoveryPointArn": point}
        backup.delete_recovery_point(**named)
        update = backup.update_recovery_point_lifecycle
        refused("InvalidRequestException", update, **named, Lifecycle={"DeleteAfterDays": 60})
        order = {"RecoveryPointArn": point, "IamRoleArn": world.role(), "Metadata": {"DestinationBucketName": "r"}}
        refused("InvalidRequestException", backup.start_restore_job, **order)

    def test_minus_one_takes_the_lifecycle_away(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        forever = {"DeleteAfterDays": -1, "MoveToColdStorageAfterDays": -1}
        backup.update_recovery_point_lifecycle(BackupVaultName="local", RecoveryPointArn=point, Lifecycle=forever)
        world.emulator.advance(400 * DAY)
        assert backup.describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == 1

    def test_pages_of_points_hold_each_point_once_while_points_come(self, world: World) -> None:
        backup, bucket = world.backup(), world.bucket()
        made = []
        for _ in range(5):
            made.append(world.back_up(bucket)["RecoveryPointArn"])
            world.emulator.advance(60)
        first = backup.list_recovery_points_by_backup_vault(BackupVaultName="local", MaxResults=2)
        world.back_up(bucket)
        rest = backup.list_recovery_points_by_backup_vault(BackupVaultName="local", NextToken=first["NextToken"])
        seen = [point["RecoveryPointArn"] for page in (first, rest) for point in page["RecoveryPoints"]]
        assert seen == list(reversed(made))
        refused(
            "InvalidParameterValueException",
            backup.list_backup_jobs,
            NextToken=first["NextToken"],
        )

    def test_no_point_has_a_parent_to_leave(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        leave = world.backup().disassociate_recovery_point_from_parent
        refused("InvalidRequestException", leave, BackupVaultName="local", RecoveryPointArn=point)
        refused("ResourceNotFoundException", leave, BackupVaultName="local", RecoveryPointArn=point + "x")


class TestColdStorage:
    def test_a_type_with_a_cold_tier_moves_and_another_does_not(self, world: World) -> None:
        world.advanced_dynamodb()
        cold: dict[str, Any] = {"Lifecycle": {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 100}}
        table = world.back_up(world.table(), days=None, **cold)["RecoveryPointArn"]
        bucket = world.back_up(world.bucket(), days=None, **cold)["RecoveryPointArn"]
        look = world.backup().describe_recovery_point
        for days, expected in ((9, ("WARM", "WARM")), (2, ("COLD", "WARM"))):
            world.emulator.advance(days * DAY)
            seen = [look(BackupVaultName="local", RecoveryPointArn=arn)["StorageClass"] for arn in (table, bucket)]
            assert tuple(seen) == expected

    def test_what_is_cold_is_not_copied_to_another_account_and_keeps_its_day(self, world: World) -> None:
        world.advanced_dynamodb()
        target = world.air_gapped("bunker", BUNKER, high=365)
        world.backup(MANAGEMENT).update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": "true"})
        cold: dict[str, Any] = {"Lifecycle": {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 100}}
        point = world.back_up(world.table(), days=None, **cold)["RecoveryPointArn"]
        world.emulator.advance(11 * DAY)
        job = world.copy(point, target)
        assert (job["State"], "cold storage" in job["StatusMessage"]) == ("FAILED", True)
        refused(
            "InvalidRequestException",
            world.backup().update_recovery_point_lifecycle,
            BackupVaultName="local",
            RecoveryPointArn=point,
            Lifecycle={"MoveToColdStorageAfterDays": 20, "DeleteAfterDays": 120},
        )


class TestAClosedOwner:
    def test_the_points_stay_for_the_post_closure_period_and_no_longer(self, world: World) -> None:
        point, vault = world.guarded_point()
        world.client("organizations", MANAGEMENT, "us-east-1").close_account(AccountId=PAYMENTS)
        world.approve(world.ask_for_access(vault))
        landing = world.backup(LANDING)
        seen = landing.list_recovery_points_by_backup_vault
        for days, expected in ((20, 1), (14, 1)):
            world.emulator.advance(days * DAY)
            assert len(seen(BackupVaultName="access-1")["RecoveryPoints"]) == expected
        assert world.restore(point, {"DestinationBucketName": "back", "NewBucket": "true"}, LANDING)["Status"] == (
            "COMPLETED"
        )

    def test_after_it_nothing_is_left_although_the_retention_is_longer(self, world: World) -> None:
        world.switch_mpa()
        target = world.air_gapped("gapped", high=365)
        world.back_up(world.bucket(), days=300, LogicallyAirGappedBackupVaultArn=target)
        world.backup().associate_backup_vault_mpa_approval_team(
            BackupVaultName="gapped", MpaApprovalTeamArn=world.team()
        )
        world.approve(world.ask_for_access(target))
        world.client("organizations", MANAGEMENT, "us-east-1").close_account(AccountId=PAYMENTS)
        seen = world.backup(LANDING).list_recovery_points_by_backup_vault
        world.emulator.advance(89 * DAY)
        assert len(seen(BackupVaultName="access-1")["RecoveryPoints"]) == 1
        world.emulator.advance(2 * DAY)
        assert seen(BackupVaultName="access-1")["RecoveryPoints"] == []
