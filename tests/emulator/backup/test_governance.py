"""Holds, scans, tiers, access points, indexes, templates and summaries; every answer is held against the model."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.emulator.worlds.backup import AUDIT, DAY, LANDING, MANAGEMENT, PAYMENTS, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestLegalHolds:
    def hold(self, world: World, **selection: Any) -> str:
        made = world.backup().create_legal_hold(
            Title="case 12", Description="kept for the court", RecoveryPointSelection=selection, Tags={"case": "12"}
        )
        assert made["Status"] == "CREATING"
        hold_id: str = made["LegalHoldId"]
        return hold_id

    def point(self, world: World, days: int = 14) -> str:
        world.vault()
        arn: str = world.back_up(world.bucket(), days=days)["RecoveryPointArn"]
        return arn

    def test_a_held_point_cannot_be_deleted_and_does_not_expire(self, world: World) -> None:
        backup, point = world.backup(), self.point(world, days=14)
        hold = self.hold(world, VaultNames=["local"])
        message = refused(
            "InvalidRequestException", backup.delete_recovery_point, BackupVaultName="local", RecoveryPointArn=point
        )
        assert hold in message
        world.emulator.advance(30 * DAY)
        backup.describe_recovery_point(BackupVaultName="local", RecoveryPointArn=point)

    def test_when_the_hold_is_cancelled_what_is_over_expires(self, world: World) -> None:
        backup, point = world.backup(), self.point(world, days=14)
        hold = self.hold(world, VaultNames=["local"])
        world.emulator.advance(30 * DAY)
        backup.cancel_legal_hold(LegalHoldId=hold, CancelDescription="settled", RetainRecordInDays=10)
        refused(
            "ResourceNotFoundException",
            backup.describe_recovery_point,
            BackupVaultName="local",
            RecoveryPointArn=point,
        )
        assert backup.get_legal_hold(LegalHoldId=hold)["Status"] == "CANCELING"
        found = backup.get_legal_hold(LegalHoldId=hold)
        assert (found["Status"], found["CancelDescription"]) == ("CANCELED", "settled")
        refused("InvalidResourceStateException", backup.cancel_legal_hold, LegalHoldId=hold, CancelDescription="again")
        world.emulator.advance(11 * DAY)
        assert backup.list_legal_holds()["LegalHolds"] == []

    def test_a_hold_covers_what_its_selection_names_and_nothing_else(self, world: World) -> None:
        backup, point = world.backup(), self.point(world)
        other = self.hold(world, ResourceIdentifiers=["arn:aws:s3:::another-bucket"])
        old = datetime.now(UTC) - timedelta(days=400)
        dated = self.hold(world, DateRange={"FromDate": old, "ToDate": old + timedelta(days=1)})
        for hold in (other, dated):
            assert backup.list_recovery_points_by_legal_hold(LegalHoldId=hold)["RecoveryPoints"] == []
        named = self.hold(world, ResourceIdentifiers=["arn:aws:s3:::payments-data"])
        found = backup.list_recovery_points_by_legal_hold(LegalHoldId=named)["RecoveryPoints"]
        assert [(one["RecoveryPointArn"], one["BackupVaultName"]) for one in found] == [(point, "local")]

    def test_it_is_active_after_a_while_and_listed(self, world: World) -> None:
        backup, hold = world.backup(), self.hold(world)
        assert backup.get_legal_hold(LegalHoldId=hold)["Status"] == "CREATING"
        assert [one["Status"] for one in backup.list_legal_holds()["LegalHolds"]] == ["ACTIVE"]
        arn = backup.get_legal_hold(LegalHoldId=hold)["LegalHoldArn"]
        assert backup.list_tags(ResourceArn=arn)["Tags"] == {"case": "12"}
        refused("ResourceNotFoundException", backup.get_legal_hold, LegalHoldId="none")


class TestScans:
    def start(self, world: World, point: str, **more: Any) -> Callable[[], dict[str, Any]]:
        backup = world.backup()
        request = {
            "BackupVaultName": "local",
            "RecoveryPointArn": point,
            "IamRoleArn": world.role(),
            "ScannerRoleArn": world.role(name="scanner"),
            "MalwareScanner": "GUARDDUTY",
            "ScanMode": "FULL_SCAN",
        }
        job = backup.start_scan_job(**request | more)["ScanJobId"]
        return lambda: dict(backup.describe_scan_job(ScanJobId=job))

    def test_a_scan_job_fails_and_says_that_nothing_was_scanned(self, world: World) -> None:
        world.vault()
        look = self.start(world, world.back_up(world.bucket())["RecoveryPointArn"])
        assert [look()["State"] for _ in range(3)] == ["CREATED", "RUNNING", "FAILED"]
        assert "EMULATOR" in look()["StatusMessage"]
        assert "ScanResult" not in look(), "a scan that did not take place has no result"
        listed = world.backup().list_scan_jobs(ByState="FAILED", ByResourceType="S3")["ScanJobs"]
        assert len(listed) == 1
        counted = world.backup().list_scan_job_summaries(State="FAILED")["ScanJobSummaries"]
        assert [one["Count"] for one in counted] == [1]

    def test_an_incremental_scan_needs_a_base(self, world: World) -> None:
        world.vault()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        refused("InvalidParameterValueException", self.start, world=world, point=point, ScanMode="INCREMENTAL_SCAN")
        refused("ResourceNotFoundException", world.backup().describe_scan_job, ScanJobId="none")

    def test_there_are_no_results_where_nothing_was_scanned(self, world: World) -> None:
        world.vault()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        refused(
            "ResourceNotFoundException",
            world.backup().get_pitr_malware_scan_results,
            BackupVaultName="local",
            RecoveryPointArn=point,
            ScanEndTime=datetime.now(UTC),
            MalwareScanner="GUARDDUTY",
        )


class TestTiering:
    def wanted(self, name: str = "cold", vault: str = "local", kind: str = "S3") -> dict[str, Any]:
        selection = {"Resources": ["*"], "TieringDownSettingsInDays": 60, "ResourceType": kind}
        return {"TieringConfigurationName": name, "BackupVaultName": vault, "ResourceSelection": [selection]}

    def test_a_configuration_is_kept_changed_and_deleted(self, world: World) -> None:
        backup = world.backup()
        world.vault()
        backup.create_tiering_configuration(TieringConfiguration=self.wanted())
        changed = self.wanted()
        name = changed.pop("TieringConfigurationName")
        changed["ResourceSelection"][0]["TieringDownSettingsInDays"] = 90
        backup.update_tiering_configuration(TieringConfigurationName=name, TieringConfiguration=changed)
        found = backup.get_tiering_configuration(TieringConfigurationName=name)["TieringConfiguration"]
        assert found["ResourceSelection"] == changed["ResourceSelection"]
        assert len(backup.list_tiering_configurations()["TieringConfigurations"]) == 1
        backup.delete_tiering_configuration(TieringConfigurationName=name)
        refused("ResourceNotFoundException", backup.get_tiering_configuration, TieringConfigurationName=name)

    def test_a_vault_has_one_and_the_default_is_beside_it(self, world: World) -> None:
        create = world.backup().create_tiering_configuration
        world.vault()
        create(TieringConfiguration=self.wanted())
        create(TieringConfiguration=self.wanted("everywhere", "*"))
        refused("ConflictException", create, TieringConfiguration=self.wanted("second"))
        refused("AlreadyExistsException", create, TieringConfiguration=self.wanted("cold", "*"))
        refused("InvalidParameterValueException", create, TieringConfiguration=self.wanted("third", "no-such-vault"))
        refused("InvalidParameterValueException", create, TieringConfiguration=self.wanted("fourth", kind="EBS"))
        many = self.wanted("fifth")
        many["ResourceSelection"] *= 6
        world.vault("other")
        refused("LimitExceededException", create, TieringConfiguration=many | {"BackupVaultName": "other"})


class TestAccessPointsAndIndexes:
    def test_an_access_point_blocks_the_deletion_of_its_point_while_it_is_made(self, world: World) -> None:
        backup = world.backup()
        world.vault()
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        made = backup.create_backup_access_point(Name="look-inside", RecoveryPointArn=point)
        assert made["Status"] == "CREATING"
        refused(
            "InvalidRequestException", backup.delete_recovery_point, BackupVaultName="local", RecoveryPointArn=point
        )
        refused("AlreadyExistsException", backup.create_backup_access_point, Name="look-inside", RecoveryPointArn=point)
        found = backup.describe_backup_access_point(AccessPointArn=made["AccessPointArn"])
        assert found["Status"] == "FAILED", "none is AVAILABLE as long as S3 cannot read through it"
        assert "EMULATOR" in found["StatusMessage"]
        listed = backup.list_backup_access_points_by_recovery_point(RecoveryPointArn=point)["BackupAccessPoints"]
        by_resource = backup.list_backup_access_points_by_resource(ResourceArn=found["ResourceArn"])
        assert len(listed) == len(by_resource["BackupAccessPoints"]) == 1
        backup.delete_backup_access_point(AccessPointArn=made["AccessPointArn"])
        assert backup.list_backup_access_points()["BackupAccessPoints"][0]["Status"] == "DELETING"
        assert backup.list_backup_access_points()["BackupAccessPoints"] == []

    def test_only_s3_points_have_access_points(self, world: World) -> None:
        world.vault()
        world.advanced_dynamodb()
        point = world.back_up(world.table())["RecoveryPointArn"]
        create = world.backup().create_backup_access_point
        refused("InvalidRequestException", create, Name="look-inside", RecoveryPointArn=point)
        refused("ResourceNotFoundException", create, Name="look-inside", RecoveryPointArn=point + "x")

    def test_an_index_counts_the_objects_of_a_bucket(self, world: World) -> None:
        backup = world.backup()
        world.vault()
        point = world.back_up(world.bucket(one=b"1", two=b"2"))["RecoveryPointArn"]
        named = {"BackupVaultName": "local", "RecoveryPointArn": point}
        refused("ResourceNotFoundException", backup.get_recovery_point_index_details, **named)
        made = backup.update_recovery_point_index_settings(**named, Index="ENABLED", IamRoleArn=world.role())
        assert (made["Index"], made["IndexStatus"]) == ("ENABLED", "PENDING")
        backup.list_indexed_recovery_points()
        found = backup.get_recovery_point_index_details(**named)
        assert (found["IndexStatus"], found["TotalItemsIndexed"]) == ("ACTIVE", 2)
        backup.update_recovery_point_index_settings(**named, Index="DISABLED")
        assert backup.list_indexed_recovery_points()["IndexedRecoveryPoints"][0]["IndexStatus"] == "DELETING"
        assert backup.list_indexed_recovery_points()["IndexedRecoveryPoints"] == []

    def test_points_in_an_air_gapped_vault_are_not_indexed(self, world: World) -> None:
        point, _ = world.air_gapped_point()
        refused(
            "InvalidRequestException",
            world.backup().update_recovery_point_index_settings,
            BackupVaultName="gapped",
            RecoveryPointArn=point,
            Index="ENABLED",
            IamRoleArn=world.role(),
        )


class TestTemplates:
    def test_a_template_is_a_plan_that_can_be_made(self, world: World) -> None:
        backup = world.backup()
        templates = backup.list_backup_plan_templates()["BackupPlanTemplatesList"]
        assert len(templates) == 4
        for template in templates:
            document = backup.get_backup_plan_from_template(BackupPlanTemplateId=template["BackupPlanTemplateId"])
            plan = document["BackupPlanDocument"]
            assert plan["BackupPlanName"] == template["BackupPlanTemplateName"]
            for rule in plan["Rules"]:
                rule.pop("RuleId")
            backup.create_backup_plan(BackupPlan=plan)
        refused("ResourceNotFoundException", backup.get_backup_plan_from_template, BackupPlanTemplateId="none")

    def test_a_plan_survives_the_way_through_its_text(self, world: World) -> None:
        backup = world.backup()
        rule = {"RuleName": "daily", "TargetBackupVaultName": "local", "Lifecycle": {"DeleteAfterDays": -1}}
        plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "one", "Rules": [rule]})
        text = backup.export_backup_plan_template(BackupPlanId=plan["BackupPlanId"])["BackupPlanTemplateJson"]
        read = backup.get_backup_plan_from_json(BackupPlanTemplateJson=text)["BackupPlan"]
        kept = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]
        for body in (read, kept):
            body["Rules"][0].pop("RuleId")
        assert read == kept

    @pytest.mark.parametrize("text", ["{", "[]", "{}", json.dumps({"BackupPlanName": "x", "Rules": []})])
    def test_a_text_that_is_no_plan_is_refused(self, world: World, text: str) -> None:
        refused("InvalidParameterValueException", world.backup().get_backup_plan_from_json, BackupPlanTemplateJson=text)


class TestSummaries:
    def test_they_count_the_jobs_that_there_are(self, world: World) -> None:
        backup = world.backup()
        world.vault()
        bucket = world.bucket()
        for _ in range(2):
            world.back_up(bucket)
        world.emulator.advance(2 * DAY)
        world.back_up(bucket)
        whole = backup.list_backup_job_summaries(AggregationPeriod="FOURTEEN_DAYS")
        assert whole["AggregationPeriod"] == "FOURTEEN_DAYS"
        assert [(one["Count"], one["State"]) for one in whole["BackupJobSummaries"]] == [(3, "AGGREGATE_ALL")]
        daily = backup.list_backup_job_summaries(AggregationPeriod="ONE_DAY", State="ANY", ResourceType="S3")
        assert [(one["Count"], one["State"], one["ResourceType"]) for one in daily["BackupJobSummaries"]] == [
            (2, "COMPLETED", "S3"),
            (1, "COMPLETED", "S3"),
        ]
        assert backup.list_backup_job_summaries(State="FAILED")["BackupJobSummaries"] == []
        for count in (backup.list_copy_job_summaries, backup.list_restore_job_summaries):
            assert next(value for name, value in count().items() if name.endswith("Summaries")) == []

    def test_jobs_of_other_accounts_are_counted_for_the_management_account_only(self, world: World) -> None:
        world.vault()
        world.back_up(world.bucket())
        management, member = world.backup(MANAGEMENT), world.backup(AUDIT)
        found = management.list_backup_job_summaries(AccountId="ANY")["BackupJobSummaries"]
        assert [(one["AccountId"], one["Count"]) for one in found] == [(PAYMENTS, 1)]
        assert member.list_backup_job_summaries(AccountId=PAYMENTS)["BackupJobSummaries"] == []
        assert world.backup(LANDING).list_backup_job_summaries(AccountId="ANY")["BackupJobSummaries"] == []
