"""Every operation of AWS Backup once with success. What the answers say is the business of other tests."""

import json

from tests.emulator.conftest import Emulator
from tests.emulator.worlds.backup import DAY, LANDING, PAYMENTS, World

READS_OF_BACKUP = (
    "describe_global_settings",
    "describe_region_settings",
    "get_supported_resource_types",
    "list_backup_job_summaries",
    "list_backup_jobs",
    "list_backup_plan_templates",
    "list_backup_plans",
    "list_backup_vaults",
    "list_copy_job_summaries",
    "list_copy_jobs",
    "list_frameworks",
    "list_indexed_recovery_points",
    "list_legal_holds",
    "list_protected_resources",
    "list_report_jobs",
    "list_report_plans",
    "list_restore_job_summaries",
    "list_restore_jobs",
    "list_restore_testing_plans",
    "list_scan_job_summaries",
    "list_scan_jobs",
    "list_tiering_configurations",
    "list_backup_access_points",
)


def of_backup(emulator: Emulator) -> None:
    world = World(emulator)
    backup = world.backup()
    point, gapped = world.guarded_point()
    world.vault()
    world.bucket("more-data")
    _access(world, gapped)
    _settings_and_vaults(world)
    local = world.back_up("arn:aws:s3:::more-data")["RecoveryPointArn"]
    _points(world, local)
    _plans(world)
    _governance(world, local)
    _restore_tests(world)
    for read in READS_OF_BACKUP:
        getattr(backup, read)()
    backup.delete_recovery_point(BackupVaultName="local", RecoveryPointArn=local)
    world.vault("empty")
    backup.delete_backup_vault(BackupVaultName="empty")
    del point


def _access(world: World, vault_arn: str) -> None:
    """Restore access by a vote, and its end by another one; the end of the association by a third."""
    owner, landing = world.backup(), world.backup(LANDING)
    world.approve(world.ask_for_access(vault_arn))
    landing.describe_backup_vault(BackupVaultName="access-1")
    given = owner.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"][0]
    owner.revoke_restore_access_backup_vault(
        BackupVaultName="gapped", RestoreAccessBackupVaultArn=given["RestoreAccessBackupVaultArn"]
    )
    owner.disassociate_backup_vault_mpa_approval_team(BackupVaultName="gapped")


def _settings_and_vaults(world: World) -> None:
    backup = world.backup()
    backup.update_region_settings(ResourceTypeOptInPreference={"S3": True})
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    statement = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    named = {"BackupVaultName": "local"}
    backup.put_backup_vault_access_policy(**named, Policy=policy)
    backup.get_backup_vault_access_policy(**named)
    backup.delete_backup_vault_access_policy(**named)
    topic = world.client("sns", PAYMENTS).create_topic(Name="vaults")["TopicArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "backup.amazonaws.com"},
        "Action": "SNS:Publish",
        "Resource": topic,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    world.client("sns", PAYMENTS).set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    backup.put_backup_vault_notifications(**named, SNSTopicArn=topic, BackupVaultEvents=["BACKUP_JOB_COMPLETED"])
    backup.get_backup_vault_notifications(**named)
    backup.delete_backup_vault_notifications(**named)
    world.vault("held")
    backup.put_backup_vault_lock_configuration(BackupVaultName="held", MinRetentionDays=1, ChangeableForDays=3)
    backup.delete_backup_vault_lock_configuration(BackupVaultName="held")
    arn = backup.describe_backup_vault(**named)["BackupVaultArn"]
    backup.tag_resource(ResourceArn=arn, Tags={"kind": "test"})
    backup.list_tags(ResourceArn=arn)
    backup.untag_resource(ResourceArn=arn, TagKeyList=["kind"])


def _points(world: World, point: str) -> None:
    backup = world.backup()
    named = {"BackupVaultName": "local", "RecoveryPointArn": point}
    resource = "arn:aws:s3:::more-data"
    backup.describe_recovery_point(**named)
    backup.get_recovery_point_restore_metadata(**named)
    backup.get_restore_testing_inferred_metadata(**named)
    backup.list_recovery_points_by_backup_vault(BackupVaultName="local")
    backup.list_recovery_points_by_resource(ResourceArn=resource)
    backup.describe_protected_resource(ResourceArn=resource)
    backup.list_protected_resources_by_backup_vault(BackupVaultName="local")
    backup.update_recovery_point_lifecycle(**named, Lifecycle={"DeleteAfterDays": 30})
    backup.update_recovery_point_index_settings(**named, Index="ENABLED", IamRoleArn=world.role())
    backup.list_indexed_recovery_points()
    backup.get_recovery_point_index_details(**named)
    other = world.vault("copies")
    world.copy(point, other)
    job = world.restore(point, {"DestinationBucketName": "back", "NewBucket": "true"})
    backup.get_restore_job_metadata(RestoreJobId=job["RestoreJobId"])
    backup.list_restore_jobs_by_protected_resource(ResourceArn=resource)
    stopped = backup.start_backup_job(BackupVaultName="local", ResourceArn=resource, IamRoleArn=world.role())
    backup.stop_backup_job(BackupJobId=stopped["BackupJobId"])


def _plans(world: World) -> None:
    backup = world.backup()
    rule = {"RuleName": "daily", "TargetBackupVaultName": "local", "ScheduleExpression": "cron(0 5 * * ? *)"}
    body = {"BackupPlanName": "daily", "Rules": [rule]}
    plan = backup.create_backup_plan(BackupPlan=body)["BackupPlanId"]
    backup.update_backup_plan(BackupPlanId=plan, BackupPlan=body)
    backup.get_backup_plan(BackupPlanId=plan)
    backup.list_backup_plan_versions(BackupPlanId=plan)
    text = backup.export_backup_plan_template(BackupPlanId=plan)["BackupPlanTemplateJson"]
    backup.get_backup_plan_from_json(BackupPlanTemplateJson=text)
    offered = backup.list_backup_plan_templates()["BackupPlanTemplatesList"][0]["BackupPlanTemplateId"]
    backup.get_backup_plan_from_template(BackupPlanTemplateId=offered)
    wanted = {"SelectionName": "one", "IamRoleArn": world.role(), "Resources": ["arn:aws:s3:::payments-data"]}
    selection = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)["SelectionId"]
    backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)
    backup.list_backup_selections(BackupPlanId=plan)
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    backup.delete_backup_plan(BackupPlanId=plan)
    hourly = {**rule, "ScheduleExpression": "cron(0 * * * ? *)", "EnableContinuousBackup": True}
    followed = {"BackupPlanName": "hourly", "Rules": [{**hourly, "Lifecycle": {"DeleteAfterDays": 14}}]}
    plan = backup.create_backup_plan(BackupPlan=followed)["BackupPlanId"]
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)
    world.emulator.advance(DAY / 12)
    points = backup.list_recovery_points_by_backup_vault(
        BackupVaultName="local", ByResourceArn="arn:aws:s3:::payments-data"
    )["RecoveryPoints"]
    backup.disassociate_recovery_point(BackupVaultName="local", RecoveryPointArn=points[0]["RecoveryPointArn"])


def _governance(world: World, point: str) -> None:
    backup = world.backup()
    control = {"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"}
    backup.create_framework(FrameworkName="one", FrameworkControls=[control])
    for _ in range(2):
        backup.describe_framework(FrameworkName="one")
    backup.update_framework(FrameworkName="one", FrameworkDescription="better")
    for _ in range(2):
        backup.describe_framework(FrameworkName="one")
    backup.delete_framework(FrameworkName="one")
    channel = {"S3BucketName": "reports"}
    backup.create_report_plan(
        ReportPlanName="r", ReportDeliveryChannel=channel, ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"}
    )
    backup.describe_report_plan(ReportPlanName="r")
    backup.update_report_plan(ReportPlanName="r", ReportPlanDescription="for the auditor")
    report = backup.start_report_job(ReportPlanName="r")["ReportJobId"]
    backup.describe_report_job(ReportJobId=report)
    for _ in range(2):
        backup.describe_report_plan(ReportPlanName="r")
    backup.delete_report_plan(ReportPlanName="r")
    hold = backup.create_legal_hold(
        Title="case", Description="court", RecoveryPointSelection={"VaultNames": ["copies"]}
    )["LegalHoldId"]
    for _ in range(2):
        backup.get_legal_hold(LegalHoldId=hold)
    backup.list_recovery_points_by_legal_hold(LegalHoldId=hold)
    backup.cancel_legal_hold(LegalHoldId=hold, CancelDescription="settled")
    roles = {"IamRoleArn": world.role(), "ScannerRoleArn": world.role(name="scanner")}
    scan = backup.start_scan_job(
        BackupVaultName="local", RecoveryPointArn=point, MalwareScanner="GUARDDUTY", ScanMode="FULL_SCAN", **roles
    )["ScanJobId"]
    backup.describe_scan_job(ScanJobId=scan)
    tiers = [{"Resources": ["*"], "TieringDownSettingsInDays": 60, "ResourceType": "S3"}]
    tiering = {"BackupVaultName": "local", "ResourceSelection": tiers}
    backup.create_tiering_configuration(TieringConfiguration={"TieringConfigurationName": "cold", **tiering})
    backup.get_tiering_configuration(TieringConfigurationName="cold")
    backup.update_tiering_configuration(TieringConfigurationName="cold", TieringConfiguration=tiering)
    backup.delete_tiering_configuration(TieringConfigurationName="cold")
    entrance = backup.create_backup_access_point(Name="look-inside", RecoveryPointArn=point)["AccessPointArn"]
    found = backup.describe_backup_access_point(AccessPointArn=entrance)
    backup.list_backup_access_points_by_recovery_point(RecoveryPointArn=point)
    backup.list_backup_access_points_by_resource(ResourceArn=found["ResourceArn"])
    backup.delete_backup_access_point(AccessPointArn=entrance)
    backup.list_backup_access_points()


def _restore_tests(world: World) -> None:
    backup = world.backup()
    chosen = {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": ["*"],
        "RecoveryPointTypes": ["SNAPSHOT"],
        "SelectionWindowDays": 30,
    }
    body = {"RecoveryPointSelection": chosen, "ScheduleExpression": "cron(0 * * * ? *)"}
    plan = {"RestoreTestingPlanName": "monthly"}
    backup.create_restore_testing_plan(RestoreTestingPlan={**plan, **body})
    selection = {"IamRoleArn": world.role(), "ProtectedResourceArns": ["*"], "ValidationWindowHours": 5}
    named = {**plan, "RestoreTestingSelectionName": "buckets"}
    backup.create_restore_testing_selection(
        **plan,
        RestoreTestingSelection={
            "RestoreTestingSelectionName": "buckets",
            "ProtectedResourceType": "S3",
            **selection,
        },
    )
    backup.get_restore_testing_plan(**plan)
    backup.get_restore_testing_selection(**named)
    backup.list_restore_testing_selections(**plan)
    backup.update_restore_testing_plan(**plan, RestoreTestingPlan=body)
    backup.update_restore_testing_selection(**named, RestoreTestingSelection=selection)
    arn = backup.get_restore_testing_plan(**plan)["RestoreTestingPlan"]["RestoreTestingPlanArn"]
    for _ in range(6):
        world.emulator.advance(DAY / 24)
        jobs = backup.list_restore_jobs(ByRestoreTestingPlanArn=arn, ByStatus="COMPLETED")["RestoreJobs"]
        if jobs:
            break
    backup.put_restore_validation_result(RestoreJobId=jobs[0]["RestoreJobId"], ValidationStatus="SUCCESSFUL")
    backup.delete_restore_testing_selection(**named)
    backup.delete_restore_testing_plan(**plan)
