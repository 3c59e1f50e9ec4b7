"""Rules of vaults and plans that stand beside their life: deletion, keys, what keeps for ever, open questions."""

from typing import Any

import pytest

from tests.emulator.worlds.backup import DAY, LANDING, PAYMENTS, REGION, World, refused

NO_KEY = f"arn:aws:kms:{REGION}:{PAYMENTS}:key/00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestDeletion:
    def test_an_air_gapped_vault_is_shown_and_its_name_taken_until_it_is_gone(self, world: World) -> None:
        backup = world.backup()
        world.air_gapped()
        backup.delete_backup_vault(BackupVaultName="gapped")
        refused("AlreadyExistsException", world.air_gapped)
        refused("ResourceNotFoundException", backup.describe_backup_vault, BackupVaultName="gapped")
        world.air_gapped()

    def test_it_is_gone_by_the_clock_when_nobody_looks(self, world: World) -> None:
        world.air_gapped()
        world.backup().delete_backup_vault(BackupVaultName="gapped")
        world.emulator.advance(180)
        assert world.backup().list_backup_vaults()["BackupVaultList"] == []

    def test_nothing_can_be_done_with_it_any_more(self, world: World) -> None:
        backup = world.backup()
        world.air_gapped()
        backup.delete_backup_vault(BackupVaultName="gapped")
        refused("ResourceNotFoundException", backup.delete_backup_vault, BackupVaultName="gapped")
        refused(
            "ResourceNotFoundException",
            backup.associate_backup_vault_mpa_approval_team,
            BackupVaultName="gapped",
            MpaApprovalTeamArn="arn:aws:mpa:us-east-1:777777777777:approval-team/any-1",
        )

    def test_a_standard_vault_is_gone_at_once(self, world: World) -> None:
        world.vault()
        world.backup().delete_backup_vault(BackupVaultName="local")
        refused("ResourceNotFoundException", world.backup().describe_backup_vault, BackupVaultName="local")


class TestKeys:
    def test_a_vault_whose_key_there_is_not_ends_up_failed(self, world: World) -> None:
        backup = world.backup()
        backup.create_logically_air_gapped_backup_vault(
            BackupVaultName="gapped", MinRetentionDays=7, MaxRetentionDays=90, EncryptionKeyArn=NO_KEY
        )
        states = [backup.describe_backup_vault(BackupVaultName="gapped")["VaultState"] for _ in range(2)]
        assert states == ["CREATING", "FAILED"]

    def test_a_key_of_another_account_encrypts_a_vault(self, world: World) -> None:
        key = world.client("kms", LANDING).create_key()["KeyMetadata"]["Arn"]
        backup = world.backup()
        backup.create_logically_air_gapped_backup_vault(
            BackupVaultName="gapped", MinRetentionDays=7, MaxRetentionDays=90, EncryptionKeyArn=key
        )
        backup.describe_backup_vault(BackupVaultName="gapped")
        found = backup.describe_backup_vault(BackupVaultName="gapped")
        assert (found["VaultState"], found["EncryptionKeyType"]) == ("AVAILABLE", "CUSTOMER_MANAGED_KMS_KEY")
        assert found["EncryptionKeyArn"] == key


class TestForEver:
    def test_minus_one_keeps_a_point_for_ever(self, world: World) -> None:
        world.vault()
        point = world.back_up(world.bucket(), days=-1)["RecoveryPointArn"]
        world.emulator.advance(4000 * DAY)
        named = {"BackupVaultName": "local", "RecoveryPointArn": point}
        found = world.backup().describe_recovery_point(**named)
        assert "DeleteAt" not in found.get("CalculatedLifecycle", {})

    def test_for_ever_is_longer_than_any_maximum(self, world: World) -> None:
        vault_arn = world.air_gapped()
        world.vault()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        job = world.copy(point, vault_arn, days=-1)
        assert (job["State"], "retention" in job["StatusMessage"]) == ("FAILED", True)

    @pytest.mark.parametrize("days", [0, -2, 36501])
    def test_other_numbers_are_refused(self, world: World, days: int) -> None:
        rule = {"RuleName": "daily", "TargetBackupVaultName": "local", "Lifecycle": {"DeleteAfterDays": days}}
        refused(
            "InvalidParameterValueException",
            world.backup().create_backup_plan,
            BackupPlan={"BackupPlanName": "one", "Rules": [rule]},
        )


class TestPlans:
    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"StartWindowMinutes": 59}, "StartWindowMinutes"),
            ({"StartWindowMinutes": 120, "CompletionWindowMinutes": 179}, "CompletionWindowMinutes"),
            ({"ScheduleExpression": "cron(0 5 * * * *)"}, "day-of-week"),
            ({"ScheduleExpression": "every day"}, "neither cron"),
            ({"ScheduleExpressionTimezone": "Mars/Olympus"}, "time zone"),
            ({"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 119}}, "90 days more"),
            ({"EnableContinuousBackup": True, "Lifecycle": {"DeleteAfterDays": 36}}, "35"),
            ({"CopyActions": [{"DestinationBackupVaultArn": "arn:aws:s3:::bucket"}]}, "not the ARN of a backup vault"),
            (
                {"TargetLogicallyAirGappedBackupVaultArn": (f"arn:aws:backup:{REGION}:{LANDING}:backup-vault:gapped")},
                "not in this account",
            ),
        ],
    )
    def test_a_rule_that_cannot_run_is_refused_and_named(
        self, world: World, changed: dict[str, Any], words: str
    ) -> None:
        rule = {"RuleName": "daily", "TargetBackupVaultName": "local"} | changed
        message = refused(
            "InvalidParameterValueException",
            world.backup().create_backup_plan,
            BackupPlan={"BackupPlanName": "one", "Rules": [rule]},
        )
        assert "daily" in message
        assert words in message

    def test_an_air_gapped_vault_can_be_its_primary_target(self, world: World) -> None:
        rule = {
            "RuleName": "daily",
            "TargetBackupVaultName": "local",
            "TargetLogicallyAirGappedBackupVaultArn": world.air_gapped(),
        }
        made = world.backup().create_backup_plan(BackupPlan={"BackupPlanName": "one", "Rules": [rule]})
        kept = world.backup().get_backup_plan(BackupPlanId=made["BackupPlanId"])["BackupPlan"]["Rules"][0]
        assert rule.items() <= kept.items()

    @pytest.mark.parametrize(
        "setting",
        [
            {"ResourceType": "EBS", "BackupOptions": {"WindowsVSS": "enabled"}},
            {"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "on"}},
        ],
    )
    def test_an_advanced_setting_that_there_is_not_is_refused(self, world: World, setting: dict[str, Any]) -> None:
        rule = {"RuleName": "daily", "TargetBackupVaultName": "local"}
        body = {"BackupPlanName": "one", "Rules": [rule], "AdvancedBackupSettings": [setting]}
        refused("InvalidParameterValueException", world.backup().create_backup_plan, BackupPlan=body)

    def test_a_name_with_a_blank_is_refused(self, world: World) -> None:
        rule = {"RuleName": "daily", "TargetBackupVaultName": "local"}
        body = {"BackupPlanName": "my plan", "Rules": [rule]}
        refused("InvalidParameterValueException", world.backup().create_backup_plan, BackupPlan=body)


class TestOpenQuestions:
    def choose(self, world: World, name: str, option: str) -> None:
        world.emulator.control("POST", "choices", {"name": f"backup.{name}", "option": option})

    def test_access_that_was_not_granted_leaves_a_failed_vault(self, world: World) -> None:
        world.reject(world.ask_for_access(world.guarded_point()[1]))
        found = world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")
        assert found["VaultState"] == "FAILED"

    def test_or_it_leaves_nothing_and_can_be_asked_for_under_the_same_name(self, world: World) -> None:
        self.choose(world, "restore-access-not-approved", "removed")
        vault_arn = world.guarded_point()[1]
        world.reject(world.ask_for_access(vault_arn))
        refused("ResourceNotFoundException", world.backup(LANDING).describe_backup_vault, BackupVaultName="access-1")
        assert (
            world.backup().list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
            == []
        )
        world.approve(world.ask_for_access(vault_arn))

    @pytest.mark.parametrize(
        ("option", "code"), [("not-found", "ResourceNotFoundException"), ("hidden", "AccessDeniedException")]
    )
    def test_an_unknown_vault_is_missing_or_hidden(self, world: World, option: str, code: str) -> None:
        self.choose(world, "look-at-an-unknown-vault", option)
        world.air_gapped()
        refused(code, world.backup().describe_backup_vault, BackupVaultName="nobody-made-it")
        assert world.backup().describe_backup_vault(BackupVaultName="gapped")["BackupVaultName"] == "gapped"

    @pytest.mark.parametrize(("option", "words"), [("sentence", "isMpaEnabled"), ("short", "MPA is not opted-in")])
    def test_the_text_without_the_opt_in_has_the_same_code(self, world: World, option: str, words: str) -> None:
        self.choose(world, "mpa-not-opted-in", option)
        world.air_gapped()
        message = refused(
            "InvalidRequestException",
            world.backup().associate_backup_vault_mpa_approval_team,
            BackupVaultName="gapped",
            MpaApprovalTeamArn=world.team(),
        )
        assert words in message
