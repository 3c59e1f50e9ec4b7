"""AWS Backup at its less kind: what differs by Region, what grows with time, and what takes a while."""

from typing import Any

import pytest

from tests.emulator.worlds.backup import MANAGEMENT, PAYMENTS, World, refused

UNKNOWN = (
    "Element present in resource type {} preference has invalid values. Please use describeRegionSettings API to know "
    "the supported resource types."
)
INVALID = "InvalidParameterValueException"


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def choose(world: World, name: str, option: str) -> None:
    world.emulator.control("POST", "choices", {"name": f"backup.{name}", "option": option})


class TestTypesOfARegion:
    def types(self, world: World) -> set[str]:
        known: set[str] = world.backup().describe_region_settings()["ResourceTypeOptInPreference"].keys()
        assert sorted(known) == sorted(world.backup().get_supported_resource_types()["ResourceTypes"])
        return known

    def test_a_small_region_lacks_some_and_has_what_most_estates_need(self, world: World) -> None:
        usual = self.types(world)
        choose(world, "types-of-a-region", "shorter")
        assert {"S3", "DynamoDB", "EBS", "EC2"} < self.types(world) < usual
        assert {"Aurora", "DSQL", "Timestream"} <= usual - self.types(world)

    def test_a_region_can_know_more_than_anybody_wrote_down(self, world: World) -> None:
        usual = self.types(world)
        choose(world, "types-of-a-region", "longer")
        assert self.types(world) > usual
        further = sorted(self.types(world) - usual)
        assert len(further) == 2
        world.backup().update_region_settings(ResourceTypeOptInPreference={further[0]: True})
        found = world.backup().describe_region_settings()
        assert [found["ResourceTypeOptInPreference"][name] for name in further] == [True, False]
        assert further[0] in found["ResourceTypeManagementPreference"]

    def test_a_large_region_can_know_what_a_small_one_does_not(self, world: World) -> None:
        choose(world, "types-of-a-region", "by-region")
        found = {}
        for region in ("eu-west-1", "eu-central-1"):
            backup = world.backup(PAYMENTS, region)
            found[region] = backup.describe_region_settings()["ResourceTypeOptInPreference"]
            assert sorted(found[region]) == sorted(backup.get_supported_resource_types()["ResourceTypes"])
        assert found["eu-west-1"].keys() > found["eu-central-1"].keys()
        update = world.backup(PAYMENTS, "eu-central-1").update_region_settings
        refused(INVALID, update, ResourceTypeOptInPreference=found["eu-west-1"])
        world.backup(PAYMENTS, "eu-west-1").update_region_settings(ResourceTypeOptInPreference=found["eu-west-1"])

    def test_a_type_that_the_region_does_not_know_changes_nothing(self, world: World) -> None:
        choose(world, "types-of-a-region", "shorter")
        before = world.backup().describe_region_settings()
        update = world.backup().update_region_settings
        message = refused(INVALID, update, ResourceTypeOptInPreference={"S3": True, "Aurora": True})
        assert message == UNKNOWN.format("opt in")
        message = refused(INVALID, update, ResourceTypeManagementPreference={"DynamoDB": True, "EFS": True})
        assert message == UNKNOWN.format("management")
        after = world.backup().describe_region_settings()
        assert after["ResourceTypeOptInPreference"] == before["ResourceTypeOptInPreference"]
        assert after["ResourceTypeManagementPreference"] == before["ResourceTypeManagementPreference"]

    def test_everywhere_a_type_that_nobody_has_is_refused_in_the_same_words(self, world: World) -> None:
        update = world.backup().update_region_settings
        assert refused(INVALID, update, ResourceTypeOptInPreference={"Floppy": True}) == UNKNOWN.format("opt in")
        assert refused(INVALID, update, ResourceTypeManagementPreference={"S3": True}) == UNKNOWN.format("management")


def test_a_global_setting_that_nobody_wrote_down_is_shown_and_kept(world: World) -> None:
    backup = world.backup(MANAGEMENT)
    usual = backup.describe_global_settings()["GlobalSettings"]
    choose(world, "global-settings", "one-more")
    (further,) = backup.describe_global_settings()["GlobalSettings"].keys() - usual.keys()
    backup.update_global_settings(GlobalSettings={further: "true"})
    backup.update_global_settings(GlobalSettings={**usual, "isMpaEnabled": "true"})
    found = backup.describe_global_settings()["GlobalSettings"]
    assert (found[further], found["isMpaEnabled"]) == ("true", "true")


def test_a_global_setting_that_is_not_there_is_refused(world: World) -> None:
    update = world.backup(MANAGEMENT).update_global_settings
    assert "isFurtherFeatureEnabled" in refused(INVALID, update, GlobalSettings={"isFurtherFeatureEnabled": "true"})


class TestANewRole:
    """It can be assumed some seconds after IAM made it."""

    @pytest.fixture(autouse=True)
    def role(self, world: World) -> str:
        choose(world, "new-role", "unknown-for-seconds")
        return world.role()

    def is_known_in_the_end(self, world: World, role: str, call: Any, **inputs: Any) -> None:
        message = refused(INVALID, call, **inputs)
        assert message == f"IAM Role {role} cannot be assumed by AWS Backup."
        world.emulator.advance(20)
        call(**inputs)

    def test_for_a_selection_of_a_plan(self, world: World, role: str) -> None:
        world.vault()
        plan = {"BackupPlanName": "daily", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "local"}]}
        plan_id = world.backup().create_backup_plan(BackupPlan=plan)["BackupPlanId"]
        selection = {"SelectionName": "all", "IamRoleArn": role, "Resources": ["*"]}
        create = world.backup().create_backup_selection
        self.is_known_in_the_end(world, role, create, BackupPlanId=plan_id, BackupSelection=selection)

    def test_for_a_selection_of_a_restore_testing_plan(self, world: World, role: str) -> None:
        points = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
        world.backup().create_restore_testing_plan(
            RestoreTestingPlan={
                "RestoreTestingPlanName": "weekly",
                "ScheduleExpression": "cron(0 5 ? * MON *)",
                "RecoveryPointSelection": points,
            }
        )
        selection = {
            "RestoreTestingSelectionName": "buckets",
            "ProtectedResourceType": "S3",
            "IamRoleArn": role,
            "ProtectedResourceArns": ["*"],
        }
        create = world.backup().create_restore_testing_selection
        named = {"RestoreTestingPlanName": "weekly", "RestoreTestingSelection": selection}
        self.is_known_in_the_end(world, role, create, **named)

    def test_for_a_backup_job(self, world: World, role: str) -> None:
        world.vault()
        job = {"BackupVaultName": "local", "ResourceArn": world.bucket(), "IamRoleArn": role}
        self.is_known_in_the_end(world, role, world.backup().start_backup_job, **job)


def test_the_name_of_a_deleted_air_gapped_vault_stays_taken_for_minutes_whoever_looks(world: World) -> None:
    choose(world, "deleted-vault", "gone-after-minutes")
    backup = world.backup()
    world.air_gapped()
    backup.delete_backup_vault(BackupVaultName="gapped")
    for _ in range(3):
        refused("AlreadyExistsException", world.air_gapped)
        assert backup.describe_backup_vault(BackupVaultName="gapped")["BackupVaultName"]
    world.emulator.advance(60)
    refused("AlreadyExistsException", world.air_gapped)
    world.emulator.advance(120)
    refused("ResourceNotFoundException", backup.describe_backup_vault, BackupVaultName="gapped")
    world.air_gapped()
