"""Backup Audit Manager: frameworks and reports. Every answer is held against the service model by `World`."""

from typing import Any

import pytest

from tests.emulator.worlds.backup import AUDIT, MANAGEMENT, PAYMENTS, REGION, World, refused

PROTECTED = {"ControlName": "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN"}
CHANNEL = {"S3BucketName": "reports", "Formats": ["CSV"]}


def parameters(**given: str) -> list[dict[str, str]]:
    return [{"ParameterName": name, "ParameterValue": value} for name, value in given.items()]


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestFrameworks:
    def test_a_framework_is_deployed_after_a_while_and_keeps_its_controls(self, world: World) -> None:
        backup = world.backup()
        controls = [
            PROTECTED,
            {
                "ControlName": "RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT",
                "ControlInputParameters": parameters(recoveryPointAgeValue="7", recoveryPointAgeUnit="days"),
                "ControlScope": {"ComplianceResourceTypes": ["S3"]},
            },
        ]
        made = backup.create_framework(
            FrameworkName="ransomware", FrameworkControls=controls, FrameworkTags={"kind": "audit"}
        )
        assert made["FrameworkArn"].startswith(f"arn:aws:backup:{REGION}:{PAYMENTS}:framework:ransomware-")
        backup.list_frameworks()
        found = backup.describe_framework(FrameworkName="ransomware")
        assert (found["DeploymentStatus"], found["FrameworkControls"]) == ("COMPLETED", controls)
        assert backup.list_tags(ResourceArn=made["FrameworkArn"])["Tags"] == {"kind": "audit"}

    def test_its_deployment_is_seen_while_it_lasts(self, world: World) -> None:
        backup = world.backup()
        backup.create_framework(FrameworkName="one", FrameworkControls=[PROTECTED])
        assert backup.describe_framework(FrameworkName="one")["DeploymentStatus"] == "CREATE_IN_PROGRESS"
        assert backup.describe_framework(FrameworkName="one")["DeploymentStatus"] == "COMPLETED"

    def test_it_is_inactive_while_aws_config_records_nothing(self, world: World) -> None:
        backup, config = world.backup(), world.client("config", PAYMENTS)
        backup.create_framework(FrameworkName="one", FrameworkControls=[PROTECTED])
        assert backup.describe_framework(FrameworkName="one")["FrameworkStatus"] == "INACTIVE"
        role = world.role()
        config.put_configuration_recorder(
            ConfigurationRecorder={
                "name": "default",
                "roleARN": role,
                "recordingGroup": {
                    "allSupported": False,
                    "includeGlobalResourceTypes": False,
                    "resourceTypes": ["AWS::Backup::BackupPlan"],
                },
            }
        )
        world.client("s3", PAYMENTS).create_bucket(
            Bucket="config-of-payments", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-of-payments"})
        config.start_configuration_recorder(ConfigurationRecorderName="default")
        assert backup.describe_framework(FrameworkName="one")["FrameworkStatus"] == "PARTIALLY_ACTIVE"

    def test_an_update_replaces_the_controls_and_a_deletion_takes_a_while(self, world: World) -> None:
        backup = world.backup()
        backup.create_framework(FrameworkName="one", FrameworkControls=[PROTECTED])
        for _ in range(2):
            backup.describe_framework(FrameworkName="one")
        encrypted = {"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"}
        backup.update_framework(FrameworkName="one", FrameworkControls=[encrypted], FrameworkDescription="better")
        refused("ConflictException", backup.delete_framework, FrameworkName="one")
        backup.describe_framework(FrameworkName="one")
        found = backup.describe_framework(FrameworkName="one")
        assert (found["FrameworkControls"], found["FrameworkDescription"]) == ([encrypted], "better")
        backup.delete_framework(FrameworkName="one")
        assert backup.describe_framework(FrameworkName="one")["DeploymentStatus"] == "DELETE_IN_PROGRESS"
        refused("ResourceNotFoundException", backup.describe_framework, FrameworkName="one")

    @pytest.mark.parametrize(
        ("control", "words"),
        [
            ({"ControlName": "BACKUP_EVERYTHING"}, "no control"),
            (PROTECTED | {"ControlInputParameters": parameters(days="1")}, "takes no parameter"),
            (
                {
                    "ControlName": "RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT",
                    "ControlInputParameters": parameters(recoveryPointAgeValue="92", recoveryPointAgeUnit="days"),
                },
                "between 1 and 91",
            ),
            (
                {
                    "ControlName": "RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT",
                    "ControlScope": {"Tags": {"kind": "ledger"}},
                },
                "not of tags",
            ),
            (
                {
                    "ControlName": "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT",
                    "ControlInputParameters": parameters(crossAccountList=",".join(["111111111111"] * 6)),
                },
                "at most 5",
            ),
            (PROTECTED | {"ControlScope": {"Tags": {"one": "1", "two": "2"}}}, "one tag"),
        ],
    )
    def test_a_control_that_there_is_not_is_refused(self, world: World, control: dict[str, Any], words: str) -> None:
        message = refused(
            "InvalidParameterValueException",
            world.backup().create_framework,
            FrameworkName="one",
            FrameworkControls=[control],
        )
        assert words in message

    def test_a_name_with_a_hyphen_is_refused(self, world: World) -> None:
        refused(
            "InvalidParameterValueException",
            world.backup().create_framework,
            FrameworkName="no-hyphens",
            FrameworkControls=[PROTECTED],
        )

    def test_the_sixteenth_framework_is_one_too_many(self, world: World) -> None:
        backup = world.backup()
        for number in range(15):
            backup.create_framework(FrameworkName=f"f{number}", FrameworkControls=[PROTECTED])
        refused("LimitExceededException", backup.create_framework, FrameworkName="f15", FrameworkControls=[PROTECTED])
        refused("AlreadyExistsException", backup.create_framework, FrameworkName="f0", FrameworkControls=[PROTECTED])


class TestReports:
    def plan(self, world: World, name: str = "daily", account: str = PAYMENTS, **setting: Any) -> dict[str, Any]:
        made: dict[str, Any] = world.backup(account).create_report_plan(
            ReportPlanName=name,
            ReportDeliveryChannel=CHANNEL,
            ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"} | setting,
        )
        return made

    def test_a_report_plan_is_kept_changed_and_deleted(self, world: World) -> None:
        backup = world.backup()
        arn = self.plan(world)["ReportPlanArn"]
        backup.describe_report_plan(ReportPlanName="daily")
        found = backup.describe_report_plan(ReportPlanName="daily")["ReportPlan"]
        assert (found["ReportPlanArn"], found["DeploymentStatus"]) == (arn, "COMPLETED")
        assert found["ReportDeliveryChannel"] == CHANNEL
        backup.update_report_plan(ReportPlanName="daily", ReportPlanDescription="for the auditor")
        assert backup.list_report_plans()["ReportPlans"][0]["ReportPlanDescription"] == "for the auditor"
        backup.list_report_plans()
        backup.delete_report_plan(ReportPlanName="daily")
        backup.list_report_plans()
        assert backup.list_report_plans()["ReportPlans"] == []
        refused("ResourceNotFoundException", backup.describe_report_plan, ReportPlanName="daily")

    def test_a_report_job_fails_and_says_that_nobody_wrote_a_report(self, world: World) -> None:
        backup = world.backup()
        self.plan(world)
        job = backup.start_report_job(ReportPlanName="daily", IdempotencyToken="once")["ReportJobId"]
        assert backup.start_report_job(ReportPlanName="daily", IdempotencyToken="once")["ReportJobId"] == job
        seen = [backup.describe_report_job(ReportJobId=job)["ReportJob"] for _ in range(3)]
        assert [look["Status"] for look in seen] == ["CREATED", "RUNNING", "FAILED"]
        assert "EMULATOR" in seen[-1]["StatusMessage"]
        assert seen[-1]["ReportDestination"] == {"S3BucketName": "reports", "S3Keys": []}
        assert len(backup.list_report_jobs(ByReportPlanName="daily", ByStatus="FAILED")["ReportJobs"]) == 1
        assert backup.list_report_jobs(ByReportPlanName="other")["ReportJobs"] == []

    def test_a_compliance_report_needs_a_framework_that_exists(self, world: World) -> None:
        backup = world.backup()
        setting = {"ReportTemplate": "CONTROL_COMPLIANCE_REPORT"}
        wanted = {"ReportPlanName": "compliance", "ReportDeliveryChannel": CHANNEL, "ReportSetting": setting}
        refused("InvalidParameterValueException", backup.create_report_plan, **wanted)
        setting["FrameworkArns"] = [f"arn:aws:backup:{REGION}:{PAYMENTS}:framework:none-1"]  # type: ignore[assignment]
        refused("InvalidParameterValueException", backup.create_report_plan, **wanted)
        made = backup.create_framework(FrameworkName="one", FrameworkControls=[PROTECTED])
        setting["FrameworkArns"] = [made["FrameworkArn"]]  # type: ignore[assignment]
        backup.create_report_plan(**wanted)

    def test_only_those_who_administer_an_organization_report_on_it(self, world: World) -> None:
        refused(
            "InvalidParameterValueException",
            world.backup().create_report_plan,
            ReportPlanName="all",
            ReportDeliveryChannel=CHANNEL,
            ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT", "Accounts": [AUDIT]},
        )
        self.plan(world, "all", MANAGEMENT, Accounts=["ROOT"], Regions=["*"])

    @pytest.mark.parametrize(
        ("channel", "template"),
        [(CHANNEL, "MALWARE_JOB_REPORT"), ({"S3BucketName": "reports", "Formats": ["PDF"]}, "COPY_JOB_REPORT")],
    )
    def test_an_unknown_template_or_format_is_refused(
        self, world: World, channel: dict[str, Any], template: str
    ) -> None:
        refused(
            "InvalidParameterValueException",
            world.backup().create_report_plan,
            ReportPlanName="odd",
            ReportDeliveryChannel=channel,
            ReportSetting={"ReportTemplate": template},
        )
