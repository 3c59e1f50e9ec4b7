"""The life of backup plans, selections, restore tests and the settings of a Region."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.aws_plugin.talking import Made, Plugin, Refusal
from tests.emulator.conftest import PAYMENTS, Emulator

PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
TESTS = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TESTED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
REGION = "aws:backup/regionSettings:RegionSettings"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/airlock-backup"
VAULT = f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-vault:local"
RULE: dict[str, Any] = {
    "ruleName": "daily",
    "targetVaultName": "local",
    "schedule": "cron(0 3 * * ? *)",
    "lifecycle": {"deleteAfter": 14},
    "copyActions": [{"destinationVaultArn": VAULT, "lifecycle": {"deleteAfter": 35}}],
}
SCHEDULE = "cron(0 5 * * ? *)"
POINTS = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
TAG = {"type": "STRINGEQUALS", "key": "airlock-class", "value": "payments"}


@pytest.fixture
def prepared(payments: Plugin) -> Plugin:
    """With the vault and the role that plans name."""
    payments.create("aws:backup/vault:Vault", name="local")
    statement = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    payments.create("aws:iam/role:Role", name="airlock-backup", assumeRolePolicy=trust)
    return payments


def plan(prepared: Plugin, *rules: dict[str, Any]) -> Made:
    return prepared.create(PLAN, name="payments", rules=list(rules or (RULE,)))


def live(aws: Emulator, made: Made) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("backup", PAYMENTS, "eu-west-1").get_backup_plan(BackupPlanId=made.id)
    return found


class TestPlan:
    def test_it_lives_and_ends(self, aws: Emulator, prepared: Plugin) -> None:
        made = plan(prepared)
        (rule,) = live(aws, made)["BackupPlan"]["Rules"]
        assert rule["CopyActions"] == [{"Lifecycle": {"DeleteAfterDays": 35}, "DestinationBackupVaultArn": VAULT}]
        assert made.refresh()
        assert made.diff(name="payments", rules=[RULE]) == (set(), set())
        made.delete()
        assert not made.refresh()

    def test_the_windows_are_the_real_plugins_not_awss(self, aws: Emulator, prepared: Plugin) -> None:
        (rule,) = live(aws, plan(prepared))["BackupPlan"]["Rules"]
        assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (60, 180)

    def test_what_a_rule_leaves_out_is_no_change(self, prepared: Plugin) -> None:
        made = plan(prepared)
        spelt_out = {**RULE, "startWindow": 60, "completionWindow": 180, "enableContinuousBackup": False}
        assert made.diff(name="payments", rules=[spelt_out]) == (set(), set())

    def test_another_schedule_is_a_new_version_and_the_same_plan(self, aws: Emulator, prepared: Plugin) -> None:
        made = plan(prepared)
        version, later = made.state["version"], {**RULE, "schedule": SCHEDULE}
        assert made.diff(name="payments", rules=[later]) == ({"rules"}, set())
        made.update(name="payments", rules=[later], tags={"a": "b"})
        assert live(aws, made)["BackupPlan"]["Rules"][0]["ScheduleExpression"] == SCHEDULE
        assert made.state["version"] != version
        assert made.state["tagsAll"] == {"a": "b"}

    def test_no_days_in_a_lifecycle_are_none(self, aws: Emulator, prepared: Plugin) -> None:
        """0 is what the older SDK shows for absent. [tf plan]"""
        never = {**RULE, "lifecycle": {"deleteAfter": 0}, "copyActions": []}
        made = plan(prepared, never)
        assert "DeleteAfterDays" not in live(aws, made)["BackupPlan"]["Rules"][0].get("Lifecycle", {})
        assert made.diff(name="payments", rules=[never]) == (set(), set())
        assert made.diff(name="payments", rules=[{**never, "lifecycle": None}]) == (set(), set())

    def test_the_order_of_rules_means_nothing(self, prepared: Plugin) -> None:
        second = {"ruleName": "weekly", "targetVaultName": "local", "schedule": SCHEDULE}
        made = plan(prepared, RULE, second)
        assert made.diff(name="payments", rules=[second, RULE]) == (set(), set())

    def test_a_rule_changed_by_hand_is_drift(self, aws: Emulator, prepared: Plugin) -> None:
        made = plan(prepared)
        found = live(aws, made)["BackupPlan"]
        found["Rules"][0].pop("RuleId", None)
        found["Rules"][0]["CopyActions"] = []
        aws.client("backup", PAYMENTS, "eu-west-1").update_backup_plan(BackupPlanId=made.id, BackupPlan=found)
        assert made.refresh()
        assert made.diff(name="payments", rules=[RULE]) == ({"rules"}, set())

    def test_another_name_is_another_plan(self, prepared: Plugin) -> None:
        assert plan(prepared).diff(name="other", rules=[RULE]) == ({"name"}, {"name"})

    def test_a_plan_that_selects_something_is_not_deleted(self, prepared: Plugin) -> None:
        made = plan(prepared)
        prepared.create(SELECTION, name="tagged", planId=made.id, iamRoleArn=ROLE, selectionTags=[TAG])
        with pytest.raises(Refusal, match="DeleteBackupPlan with InvalidRequestException"):
            made.delete()


class TestSelection:
    def test_it_lives_and_ends(self, aws: Emulator, prepared: Plugin) -> None:
        owner = plan(prepared)
        inputs: dict[str, Any] = {"name": "tagged", "planId": owner.id, "iamRoleArn": ROLE, "selectionTags": [TAG]}
        made = prepared.create(SELECTION, **inputs)
        assert made.refresh()
        assert made.diff(**inputs) == (set(), set())
        other = [{**TAG, "value": "orders"}]
        assert made.diff(**{**inputs, "selectionTags": other}) == ({"selectionTags"}, {"selectionTags"})
        made.delete()
        assert not made.refresh()

    def test_conditions_travel_as_one_block(self, aws: Emulator, prepared: Plugin) -> None:
        conditions = [{"stringEquals": [{"key": "aws:ResourceTag/class", "value": "payments"}]}]
        inputs: dict[str, Any] = {
            "name": "all",
            "planId": plan(prepared).id,
            "iamRoleArn": ROLE,
            "resources": ["*"],
            "conditions": conditions,
        }
        made = prepared.create(SELECTION, **inputs)
        client = aws.client("backup", PAYMENTS, "eu-west-1")
        found = client.get_backup_selection(BackupPlanId=inputs["planId"], SelectionId=made.id)["BackupSelection"]
        assert found["Conditions"]["StringEquals"] == [
            {"ConditionKey": "aws:ResourceTag/class", "ConditionValue": "payments"}
        ]
        assert made.diff(**inputs) == (set(), set())

    def test_one_condition_block_is_always_there(self, prepared: Plugin) -> None:
        """[tf sel]"""
        inputs = {"name": "tagged", "planId": plan(prepared).id, "iamRoleArn": ROLE, "selectionTags": [TAG]}
        made = prepared.create(SELECTION, **inputs)
        assert len(made.state["conditions"]) == 1
        assert not any(made.state["conditions"][0].values())
        assert made.diff(**inputs) == (set(), set())

    def test_an_import_names_the_plan_too(self, prepared: Plugin) -> None:
        owner = plan(prepared)
        made = prepared.create(SELECTION, name="tagged", planId=owner.id, iamRoleArn=ROLE, selectionTags=[TAG])
        found = prepared.read(SELECTION, f"{owner.id}|{made.id}")
        assert found is not None
        assert found[0] == made.id
        assert found[2] == made.inputs


class TestRestoreTesting:
    def test_a_plan_lives_and_ends(self, aws: Emulator, prepared: Plugin) -> None:
        inputs: dict[str, Any] = {"name": "monthly", "scheduleExpression": SCHEDULE, "recoveryPointSelection": POINTS}
        made = prepared.create(TESTS, **inputs)
        assert made.id == "monthly"
        assert made.refresh()
        assert made.diff(**inputs) == (set(), set())
        made.update(**{**inputs, "startWindowHours": 2})
        client = aws.client("backup", PAYMENTS, "eu-west-1")
        found = client.get_restore_testing_plan(RestoreTestingPlanName="monthly")["RestoreTestingPlan"]
        assert found["StartWindowHours"] == 2
        made.delete()
        assert not made.refresh()

    def test_a_selection_lives_and_ends(self, prepared: Plugin) -> None:
        prepared.create(TESTS, name="monthly", scheduleExpression=SCHEDULE, recoveryPointSelection=POINTS)
        inputs: dict[str, Any] = {
            "name": "objects",
            "restoreTestingPlanName": "monthly",
            "iamRoleArn": ROLE,
            "protectedResourceType": "S3",
            "protectedResourceConditions": {"stringEquals": [{"key": "aws:ResourceTag/a", "value": "b"}]},
        }
        made = prepared.create(TESTED, **inputs)
        assert made.refresh()
        assert made.diff(**inputs) == (set(), set())
        assert made.diff(**{**inputs, "protectedResourceType": "EBS"})[1] == {"protectedResourceType"}
        made.update(**{**inputs, "validationWindowHours": 3})
        assert made.state["validationWindowHours"] == 3
        made.delete()
        assert not made.refresh()


class TestRegionSettings:
    def test_what_the_program_leaves_out_shows_as_a_change(self, payments: Plugin) -> None:
        """As with the real plugin: AWS answers with every service."""
        made = payments.create(REGION, resourceTypeOptInPreference={"S3": True})
        everything = made.state["resourceTypeOptInPreference"]
        assert everything["S3"] is True
        assert len(everything) > 10
        assert made.diff(resourceTypeOptInPreference={"S3": True})[0] == {"resourceTypeOptInPreference"}
        assert made.diff(resourceTypeOptInPreference=everything) == (set(), set())

    def test_destroying_them_only_forgets(self, aws: Emulator, payments: Plugin) -> None:
        made = payments.create(REGION, resourceTypeOptInPreference={"S3": True})
        made.delete()
        found = aws.client("backup", PAYMENTS, "eu-west-1").describe_region_settings()
        assert found["ResourceTypeOptInPreference"]["S3"] is True
