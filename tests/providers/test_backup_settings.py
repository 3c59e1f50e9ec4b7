"""Settings of AWS Backup that are maps: ours are switched on, and nothing else of them is a change, ever."""

from typing import Any

import pytest

from airlock.providers.backup_settings import BackupGlobalSettingsProvider, BackupRegionSettingsProvider
from tests.providers.conftest import MANAGEMENT, Program, World

PAYMENTS = "444444444444"


class TestRegionSettings:
    @pytest.fixture
    def opted(self, world: World) -> Program:
        inputs = {
            "connection": world.connection(PAYMENTS),
            "services": ["DynamoDB", "S3"],
            "fully_managed": ["DynamoDB"],
        }
        return Program(BackupRegionSettingsProvider(), world, inputs)

    def switch(self, program: Program, **services: bool) -> None:
        """Somebody else does, in the account's Region."""
        self.backup(program).update_region_settings(ResourceTypeOptInPreference=services)

    def backup(self, program: Program) -> Any:
        return program.world.emulator.client("backup", PAYMENTS, program.inputs["connection"]["region"])

    def test_are_switched_on_with_one_write_and_then_rest(self, opted: Program) -> None:
        self.switch(opted, DynamoDB=False, S3=False)
        assert opted.settle() == ["UpdateRegionSettings"]
        assert (opted.id, opted.status, opted.state["off"]) == (
            f"{PAYMENTS}/{opted.inputs['connection']['region']}",
            "ON",
            [],
        )
        assert opted.up() == []

    def test_leave_what_others_switched_on_or_off_as_it_is(self, opted: Program) -> None:
        self.switch(opted, S3=False, RDS=False, EFS=True)
        opted.settle()
        found = self.backup(opted).describe_region_settings()["ResourceTypeOptInPreference"]
        assert (found["S3"], found["RDS"], found["EFS"]) == (True, False, True)
        self.switch(opted, RDS=True, EFS=False)
        opted.refresh()
        assert opted.up() == [], "what the estate does not need is nobody's change"

    def test_that_are_on_already_are_taken_without_a_write(self, opted: Program) -> None:
        self.switch(opted, DynamoDB=True, S3=True)
        self.backup(opted).update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True})
        assert opted.up() == []
        opted.id, opted.state = "", {}
        assert opted.up() == [], "a killed create is repeated without one, too"

    def test_that_somebody_switched_off_are_a_change_and_are_switched_on_again(self, opted: Program) -> None:
        opted.settle()
        self.switch(opted, S3=False)
        opted.refresh()
        assert (opted.status, opted.state["off"]) == ("OFF", ["S3"])
        assert opted.settle() == ["UpdateRegionSettings"]

    def test_a_type_that_the_region_does_not_know_is_named_by_the_preview(self, opted: Program) -> None:
        opted.inputs["services"] = ["DynamoDB", "Mainframe"]
        (reason,) = opted.preview()
        assert "`Mainframe` is no resource type that AWS Backup can protect so in" in reason
        assert PAYMENTS in reason
        assert "It knows" in reason
        assert "DynamoDB" in reason

    def test_stay_on_when_the_resource_is_deleted(self, opted: Program) -> None:
        opted.settle()
        since = opted.world.seq()
        opted.provider.delete(opted.id, dict(opted.state))
        assert opted.world.writes_since(since) == []


class TestGlobalSettings:
    @pytest.fixture
    def settings(self, world: World) -> Program:
        wanted = ["isCrossAccountBackupEnabled", "isMpaEnabled"]
        return Program(
            BackupGlobalSettingsProvider(),
            world,
            {"connection": world.connection(MANAGEMENT), "settings": wanted},
        )

    def test_are_switched_on_and_a_further_one_stays_on(self, settings: Program) -> None:
        backup = settings.world.emulator.client("backup", MANAGEMENT, settings.inputs["connection"]["region"])
        off = {"isCrossAccountBackupEnabled": "false", "isMpaEnabled": "false"}
        backup.update_global_settings(GlobalSettings={**off, "isDelegatedAdministratorEnabled": "true"})
        assert settings.settle() == ["UpdateGlobalSettings"]
        assert (settings.id, settings.status) == (MANAGEMENT, "ON")
        assert backup.describe_global_settings()["GlobalSettings"] == {
            "isCrossAccountBackupEnabled": "true",
            "isMpaEnabled": "true",
            "isDelegatedAdministratorEnabled": "true",
        }
        assert settings.up() == []

    def test_that_somebody_switched_off_are_switched_on_again(self, settings: Program) -> None:
        settings.settle()
        backup = settings.world.emulator.client("backup", MANAGEMENT, settings.inputs["connection"]["region"])
        backup.update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": "true", "isMpaEnabled": "false"})
        settings.refresh()
        assert settings.state["off"] == ["isMpaEnabled"]
        assert settings.settle() == ["UpdateGlobalSettings"]
