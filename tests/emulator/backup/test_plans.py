"""Backup plans: their versions and selections, and the runs that the clock brings."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.emulator.worlds.backup import DAY, PAYMENTS, REGION, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


def plan_of(**rule: Any) -> dict[str, Any]:
    """A plan with one rule; the arguments change the rule."""
    daily = {"RuleName": "daily", "TargetBackupVaultName": "local", "ScheduleExpression": "cron(0 3 * * ? *)"}
    return {"BackupPlanName": "payments", "Rules": [{**daily, "Lifecycle": {"DeleteAfterDays": 14}, **rule}]}


def by_tag(world: World, value: str = "payments") -> dict[str, Any]:
    wanted = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "airlock-class", "ConditionValue": value}]
    return {"SelectionName": "by-tag", "IamRoleArn": world.role(), "ListOfTags": wanted}


def create(world: World, body: dict[str, Any], *selections: dict[str, Any]) -> str:
    backup = world.backup()
    plan_id: str = backup.create_backup_plan(BackupPlan=body)["BackupPlanId"]
    for selection in selections:
        backup.create_backup_selection(BackupPlanId=plan_id, BackupSelection=selection)
    return plan_id


def opt_in(world: World, *types: str) -> None:
    world.backup().update_region_settings(ResourceTypeOptInPreference=dict.fromkeys(types, True))


def tag_bucket(world: World, name: str, value: str = "payments") -> None:
    world.client("s3", PAYMENTS).put_bucket_tagging(
        Bucket=name, Tagging={"TagSet": [{"Key": "airlock-class", "Value": value}]}
    )


def next_three(world: World, **rule: Any) -> list[datetime]:
    plan_id = create(world, plan_of(**rule))
    found = world.backup().get_backup_plan(BackupPlanId=plan_id, MaxScheduledRunsPreview=3)
    return [run["ExecutionTime"].astimezone(UTC) for run in found["ScheduledRunsPreview"]]


class TestPlans:
    def test_a_plan_is_created_read_changed_and_deleted(self, world: World) -> None:
        backup = world.backup()
        made = backup.create_backup_plan(BackupPlan=plan_of(), BackupPlanTags={"owner": "airlock"})
        plan_id = made["BackupPlanId"]
        found = backup.get_backup_plan(BackupPlanId=plan_id)
        rule = found["BackupPlan"]["Rules"][0]
        assert (rule["RuleName"], rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == ("daily", 480, 10080)
        assert backup.list_tags(ResourceArn=made["BackupPlanArn"])["Tags"] == {"owner": "airlock"}
        changed = backup.update_backup_plan(BackupPlanId=plan_id, BackupPlan=plan_of(Lifecycle={"DeleteAfterDays": 30}))
        assert changed["VersionId"] != made["VersionId"]
        versions = backup.list_backup_plan_versions(BackupPlanId=plan_id)["BackupPlanVersionsList"]
        assert [version["VersionId"] for version in versions] == [made["VersionId"], changed["VersionId"]]
        old = backup.get_backup_plan(BackupPlanId=plan_id, VersionId=made["VersionId"])
        assert old["BackupPlan"]["Rules"][0]["Lifecycle"] == {"DeleteAfterDays": 14}
        assert "DeletionDate" in backup.delete_backup_plan(BackupPlanId=plan_id)
        refused("ResourceNotFoundException", backup.get_backup_plan, BackupPlanId=plan_id)
        assert backup.list_backup_plans()["BackupPlansList"] == []
        assert len(backup.list_backup_plans(IncludeDeleted=True)["BackupPlansList"]) == 1
        backup.create_backup_plan(BackupPlan=plan_of())

    def test_a_name_is_taken_once(self, world: World) -> None:
        backup = world.backup()
        first = backup.create_backup_plan(BackupPlan=plan_of(), CreatorRequestId="one")
        again = backup.create_backup_plan(BackupPlan=plan_of(), CreatorRequestId="one")
        assert first["BackupPlanId"] == again["BackupPlanId"]
        refused("AlreadyExistsException", backup.create_backup_plan, BackupPlan=plan_of())

    def test_a_plan_with_selections_cannot_be_deleted(self, world: World) -> None:
        backup = world.backup()
        plan_id = create(world, plan_of(), by_tag(world))
        refused("InvalidRequestException", backup.delete_backup_plan, BackupPlanId=plan_id)
        selection = backup.list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"][0]
        assert selection["SelectionName"] == "by-tag"
        named = {"BackupPlanId": plan_id, "SelectionId": selection["SelectionId"]}
        assert backup.get_backup_selection(**named)["BackupSelection"]["IamRoleArn"] == world.role()
        backup.delete_backup_selection(**named)
        refused("ResourceNotFoundException", backup.get_backup_selection, **named)
        backup.delete_backup_plan(BackupPlanId=plan_id)

    @pytest.mark.parametrize(
        "rule",
        [
            {"ScheduleExpression": "cron(0 3 * * *)"},
            {"ScheduleExpression": "cron(0 25 * * ? *)"},
            {"ScheduleExpression": "cron(0 3 * * * *)"},
            {"ScheduleExpression": "daily"},
            {"ScheduleExpressionTimezone": "Mars/Olympus"},
            {"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 119}},
            {"Lifecycle": {"DeleteAfterDays": 0}},
            {"CopyActions": [{"DestinationBackupVaultArn": "gapped"}]},
            {"StartWindowMinutes": 59},
            {"RuleName": "not a name"},
        ],
    )
    def test_a_rule_that_aws_would_not_take_is_refused(self, world: World, rule: dict[str, Any]) -> None:
        refused("InvalidParameterValueException", world.backup().create_backup_plan, BackupPlan=plan_of(**rule))

    @pytest.mark.parametrize(
        "change",
        [{"IamRoleArn": "airlock-backup"}, {"ListOfTags": []}, {"SelectionName": "not a name"}],
    )
    def test_a_selection_that_aws_would_not_take_is_refused(self, world: World, change: dict[str, Any]) -> None:
        plan_id = create(world, plan_of())
        selection = {**by_tag(world), **change}
        create_selection = world.backup().create_backup_selection
        refused("InvalidParameterValueException", create_selection, BackupPlanId=plan_id, BackupSelection=selection)


class TestSchedules:
    def test_a_daily_rule_runs_daily(self, world: World) -> None:
        runs = next_three(world)
        assert [(run.hour, run.minute) for run in runs] == [(3, 0)] * 3
        assert {later - earlier for earlier, later in pairwise(runs)} == {timedelta(days=1)}

    @pytest.mark.parametrize(
        ("expression", "test"),
        [
            ("cron(30 4 ? * MON-WED *)", lambda run: (run.hour, run.minute) == (4, 30) and run.weekday() < 3),
            ("cron(0 0 L * ? *)", lambda run: (run + timedelta(days=1)).day == 1),
            ("cron(0 6 ? * 6L *)", lambda run: run.weekday() == 4 and (run + timedelta(days=7)).month != run.month),
            ("cron(0 6 ? * 2#1 *)", lambda run: run.weekday() == 0 and run.day <= 7),
            ("cron(0/20 9-10 * * ? *)", lambda run: run.hour in (9, 10) and run.minute in (0, 20, 40)),
            ("cron(0 5 15W * ? *)", lambda run: run.weekday() < 5 and 14 <= run.day <= 17),
            ("cron(0 5 1 JAN,JUL ? *)", lambda run: run.day == 1 and run.month in (1, 7)),
        ],
    )
    def test_the_six_fields_of_cron_mean_what_aws_says(self, world: World, expression: str, test: Any) -> None:
        runs = next_three(world, ScheduleExpression=expression)
        assert len(runs) == 3
        assert all(test(run) for run in runs), runs

    def test_a_schedule_is_in_its_time_zone_over_the_change_of_the_clocks(self, world: World) -> None:
        world.emulator.control("POST", "clock", {"set": "2027-03-26T12:00:00+00:00"})
        runs = next_three(world, ScheduleExpressionTimezone="Europe/Stockholm")
        assert [run.hour for run in runs] == [2, 1, 1], "03:00 in Stockholm is 02:00 UTC in winter, 01:00 in summer"

    def test_a_rate_runs_at_its_interval(self, world: World) -> None:
        runs = next_three(world, ScheduleExpression="rate(12 hours)")
        assert runs[1] - runs[0] == timedelta(hours=12)


class TestRuns:
    def test_the_clock_brings_backups_and_copies(self, world: World) -> None:
        target = world.air_gapped()
        copy = {"DestinationBackupVaultArn": target, "Lifecycle": {"DeleteAfterDays": 35}}
        plan_id = create(world, plan_of(CopyActions=[copy], RecoveryPointTags={"by": "plan"}), by_tag(world))
        world.bucket()
        tag_bucket(world, "payments-data")
        opt_in(world, "S3")
        world.emulator.advance(3 * DAY)
        backup = world.backup()
        local = backup.list_recovery_points_by_backup_vault(BackupVaultName="local", ByBackupPlanId=plan_id)
        gapped = backup.list_recovery_points_by_backup_vault(BackupVaultName="gapped")
        assert (len(local["RecoveryPoints"]), len(gapped["RecoveryPoints"])) == (3, 3)
        newest = local["RecoveryPoints"][0]
        assert newest["CreationDate"].astimezone(UTC).strftime("%H:%M") == "03:00"
        assert newest["CreatedBy"]["BackupRuleName"] == "daily"
        assert backup.list_tags(ResourceArn=newest["RecoveryPointArn"])["Tags"] == {"by": "plan"}
        assert gapped["RecoveryPoints"][0]["Lifecycle"] == {"DeleteAfterDays": 35}
        jobs = backup.list_copy_jobs(ByState="COMPLETED")["CopyJobs"]
        assert all(job["CreatedBy"]["BackupPlanId"] == plan_id and "CreatedByBackupJobId" in job for job in jobs)
        assert "LastExecutionDate" in backup.get_backup_plan(BackupPlanId=plan_id)

    def test_each_point_holds_the_content_of_its_day(self, world: World) -> None:
        create(world, plan_of(), by_tag(world))
        world.bucket()
        tag_bucket(world, "payments-data")
        opt_in(world, "S3")
        world.emulator.advance(DAY)
        world.client("s3", PAYMENTS).put_object(Bucket="payments-data", Key="ledger", Body=b"changed")
        world.emulator.advance(DAY)
        listed = world.backup().list_recovery_points_by_backup_vault(BackupVaultName="local")["RecoveryPoints"]
        newest, oldest = (point["RecoveryPointArn"] for point in listed)
        for point, name, body in ((oldest, "before", b"in the black"), (newest, "after", b"changed")):
            world.restore(point, {"DestinationBucketName": name, "NewBucket": "true"})
            assert world.client("s3", PAYMENTS).get_object(Bucket=name, Key="ledger")["Body"].read() == body

    def test_a_selection_by_tag_needs_the_service_opt_in_and_one_by_arn_does_not(self, world: World) -> None:
        tagged, named = world.bucket("tagged"), world.bucket("named")
        tag_bucket(world, "tagged")
        outright = {"SelectionName": "by-arn", "IamRoleArn": world.role(), "Resources": [named]}
        create(world, plan_of(), by_tag(world), outright)
        world.emulator.advance(DAY)
        backed_up = [job["ResourceArn"] for job in world.backup().list_backup_jobs()["BackupJobs"]]
        assert backed_up == [named]
        opt_in(world, "S3")
        world.emulator.advance(DAY)
        backed_up = [job["ResourceArn"] for job in world.backup().list_backup_jobs()["BackupJobs"]]
        assert sorted(backed_up) == sorted([named, named, tagged])

    def test_selections_find_tables_and_volumes_by_their_tags_too(self, world: World) -> None:
        table, volume = world.table(), world.volume({0: b"a"})
        tag = {"Key": "airlock-class", "Value": "payments"}
        world.client("dynamodb", PAYMENTS).tag_resource(ResourceArn=table, Tags=[tag])
        world.client("ec2", PAYMENTS).create_tags(Resources=[volume.partition("volume/")[2]], Tags=[tag])
        opt_in(world, "DynamoDB", "EBS")
        create(world, plan_of(), by_tag(world))
        world.emulator.advance(DAY)
        jobs = world.backup().list_backup_jobs(ByState="COMPLETED")["BackupJobs"]
        assert {job["ResourceArn"] for job in jobs} == {table, volume}

    def test_conditions_and_exclusions_narrow_a_selection(self, world: World) -> None:
        for name, value in (("one", "payments"), ("two", "payments"), ("three", "orders")):
            world.bucket(name)
            tag_bucket(world, name, value)
        opt_in(world, "S3")
        key = "aws:ResourceTag/airlock-class"
        narrowed = {
            "SelectionName": "narrowed",
            "IamRoleArn": world.role(),
            "Resources": ["*"],
            "NotResources": ["arn:aws:s3:::two"],
            "Conditions": {"StringLike": [{"ConditionKey": key, "ConditionValue": "pay*"}]},
        }
        create(world, plan_of(), narrowed)
        world.emulator.advance(DAY)
        jobs = world.backup().list_backup_jobs()["BackupJobs"]
        assert [job["ResourceArn"] for job in jobs] == ["arn:aws:s3:::one"]

    def test_a_deleted_or_changed_plan_runs_no_more_in_its_old_form(self, world: World) -> None:
        outright = {"SelectionName": "by-arn", "IamRoleArn": world.role(), "Resources": [world.bucket()]}
        plan_id = create(world, plan_of(), outright)
        world.backup().update_backup_plan(
            BackupPlanId=plan_id, BackupPlan=plan_of(ScheduleExpression="cron(0 9 * * ? *)")
        )
        world.emulator.advance(2 * DAY)
        jobs = world.backup().list_backup_jobs()["BackupJobs"]
        assert {job["CreationDate"].astimezone(UTC).hour for job in jobs} == {9}
        selection = world.backup().list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"][0]
        world.backup().delete_backup_selection(BackupPlanId=plan_id, SelectionId=selection["SelectionId"])
        world.backup().delete_backup_plan(BackupPlanId=plan_id)
        world.emulator.advance(2 * DAY)
        assert len(world.backup().list_backup_jobs()["BackupJobs"]) == len(jobs)

    def test_a_missing_vault_or_role_shows_in_the_job_of_the_run(self, world: World) -> None:
        role = f"arn:aws:iam::{PAYMENTS}:role/missing"
        outright = {"SelectionName": "by-arn", "IamRoleArn": role, "Resources": [world.bucket()]}
        create(world, plan_of(), outright)
        world.emulator.advance(DAY)
        job = world.backup().list_backup_jobs()["BackupJobs"][0]
        assert (job["State"], "no such role" in job["StatusMessage"]) == ("FAILED", True)

    def test_ninety_days_pass_quickly_and_old_points_leave(self, world: World) -> None:
        target = world.air_gapped()
        copy = {"DestinationBackupVaultArn": target, "Lifecycle": {"DeleteAfterDays": 35}}
        outright = {"SelectionName": "by-arn", "IamRoleArn": world.role(), "Resources": [world.bucket()]}
        create(world, plan_of(CopyActions=[copy]), outright)
        began = time.monotonic()
        world.emulator.advance(90 * DAY)
        took = time.monotonic() - began
        backup = world.backup()
        numbers = [
            backup.describe_backup_vault(BackupVaultName=name)["NumberOfRecoveryPoints"] for name in ("local", "gapped")
        ]
        assert numbers == [14, 35]
        assert took < 10, f"90 days took {took:.1f} s"


class TestRegionSettings:
    def test_a_new_account_has_opted_in_to_nothing(self, world: World) -> None:
        found = world.backup().describe_region_settings()
        assert not any(found["ResourceTypeOptInPreference"].values())
        assert found["ResourceTypeManagementPreference"]["DynamoDB"] is False

    def test_settings_are_changed_one_by_one_and_per_region(self, world: World) -> None:
        opt_in(world, "S3")
        opt_in(world, "EBS")
        found = world.backup().describe_region_settings()["ResourceTypeOptInPreference"]
        assert {name for name, on in found.items() if on} == {"S3", "EBS"}
        elsewhere = world.backup(PAYMENTS, "eu-central-1").describe_region_settings()
        assert not any(elsewhere["ResourceTypeOptInPreference"].values())
        update = world.backup().update_region_settings
        refused("InvalidParameterValueException", update, ResourceTypeOptInPreference={"Floppy": True})
        refused("InvalidParameterValueException", update, ResourceTypeManagementPreference={"S3": True})


def test_a_vault_of_another_region_can_be_a_copy_target(world: World) -> None:
    other = world.backup(PAYMENTS, "eu-central-1").create_logically_air_gapped_backup_vault(
        BackupVaultName="far", MinRetentionDays=7, MaxRetentionDays=90
    )["BackupVaultArn"]
    point = world.back_up(world.bucket())["RecoveryPointArn"]
    job = world.copy(point, other)
    assert job["State"] == "COMPLETED", job.get("StatusMessage")
    assert f":eu-central-1:{PAYMENTS}:recovery-point:" in job["DestinationRecoveryPointArn"]
    assert REGION not in job["DestinationRecoveryPointArn"]
