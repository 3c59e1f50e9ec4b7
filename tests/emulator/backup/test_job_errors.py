"""Every error that the model names for jobs, recovery points and restore tests, and how it comes about."""

from typing import Any

import pytest

from tests.emulator.worlds.backup import PAYMENTS, REGION, World, refused

MISSING = "MissingParameterValueException"
INVALID = "InvalidParameterValueException"
NOT_FOUND = "ResourceNotFoundException"
REQUEST = "InvalidRequestException"
STATE = "InvalidResourceStateException"

NO_POINT = f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:none"
NO_BUCKET = "arn:aws:s3:::nowhere"
NO_VAULT = f"arn:aws:backup:{REGION}:{PAYMENTS}:backup-vault:nowhere"

# What a parameter can say; the rest is taken as it stands.
POINT, BUCKET, ROLE, GAPPED, JOB = "<point>", "<bucket>", "<role>", "<gapped>", "<job>"

BACK_UP = {"BackupVaultName": "local", "ResourceArn": BUCKET, "IamRoleArn": ROLE}
COPY = {
    "SourceBackupVaultName": "local",
    "RecoveryPointArn": POINT,
    "DestinationBackupVaultArn": GAPPED,
    "IamRoleArn": ROLE,
}
RESTORE = {"RecoveryPointArn": POINT, "IamRoleArn": ROLE, "Metadata": {"DestinationBucketName": "back"}}
AT = {"BackupVaultName": "local", "RecoveryPointArn": POINT}
TESTED = {"RestoreTestingPlanName": "none", "RestoreTestingSelectionName": "none"}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("start_backup_job", NOT_FOUND, {**BACK_UP, "BackupVaultName": "nowhere"}),
    ("start_backup_job", NOT_FOUND, {**BACK_UP, "ResourceArn": NO_BUCKET}),
    ("start_backup_job", INVALID, {**BACK_UP, "ResourceArn": "arn:aws:sqs:eu-west-1:444444444444:queue"}),
    ("start_backup_job", INVALID, {**BACK_UP, "IamRoleArn": f"arn:aws:iam::{PAYMENTS}:role/nobody"}),
    ("start_backup_job", INVALID, {**BACK_UP, "Lifecycle": {"DeleteAfterDays": 0}}),
    ("start_backup_job", INVALID, {**BACK_UP, "LogicallyAirGappedBackupVaultArn": NO_VAULT}),
    ("start_backup_job", REQUEST, {**BACK_UP, "BackupVaultName": "gapped"}),
    ("start_backup_job", MISSING, {**BACK_UP, "ResourceArn": ""}),
    ("describe_backup_job", NOT_FOUND, {"BackupJobId": "none"}),
    ("list_backup_jobs", INVALID, {"ByState": "LATE"}),
    ("list_backup_jobs", INVALID, {"NextToken": "made-up"}),
    ("stop_backup_job", NOT_FOUND, {"BackupJobId": "none"}),
    ("stop_backup_job", REQUEST, {"BackupJobId": JOB}),
    ("start_copy_job", NOT_FOUND, {**COPY, "SourceBackupVaultName": "nowhere"}),
    ("start_copy_job", NOT_FOUND, {**COPY, "RecoveryPointArn": NO_POINT}),
    ("start_copy_job", NOT_FOUND, {**COPY, "DestinationBackupVaultArn": NO_VAULT}),
    ("start_copy_job", INVALID, {**COPY, "DestinationBackupVaultArn": "gapped"}),
    ("start_copy_job", MISSING, {**COPY, "IamRoleArn": ""}),
    ("start_copy_job", REQUEST, {**COPY, "DestinationBackupVaultArn": NO_VAULT.replace("nowhere", "local")}),
    ("describe_copy_job", NOT_FOUND, {"CopyJobId": "none"}),
    ("list_copy_jobs", INVALID, {"NextToken": "made-up"}),
    ("start_restore_job", NOT_FOUND, {**RESTORE, "RecoveryPointArn": NO_POINT}),
    ("start_restore_job", INVALID, {**RESTORE, "ResourceType": "EBS"}),
    ("start_restore_job", INVALID, {**RESTORE, "Metadata": {"Colour": "red"}}),
    ("start_restore_job", MISSING, {**RESTORE, "IamRoleArn": ""}),
    ("describe_restore_job", NOT_FOUND, {"RestoreJobId": "none"}),
    ("get_restore_job_metadata", NOT_FOUND, {"RestoreJobId": "none"}),
    ("list_restore_jobs", INVALID, {"ByStatus": "LATE"}),
    ("list_restore_jobs_by_protected_resource", INVALID, {"ResourceArn": NO_BUCKET, "ByStatus": "LATE"}),
    ("put_restore_validation_result", NOT_FOUND, {"RestoreJobId": "none", "ValidationStatus": "FAILED"}),
    ("put_restore_validation_result", INVALID, {"RestoreJobId": "none", "ValidationStatus": "MAYBE"}),
    ("describe_recovery_point", NOT_FOUND, {**AT, "BackupVaultName": "nowhere"}),
    ("describe_recovery_point", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("get_recovery_point_restore_metadata", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("get_restore_testing_inferred_metadata", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("list_recovery_points_by_backup_vault", NOT_FOUND, {"BackupVaultName": "nowhere"}),
    ("list_recovery_points_by_backup_vault", INVALID, {"BackupVaultName": "local", "NextToken": "made-up"}),
    ("delete_recovery_point", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("update_recovery_point_lifecycle", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("update_recovery_point_lifecycle", INVALID, {**AT, "Lifecycle": {"DeleteAfterDays": 0}}),
    ("disassociate_recovery_point", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("disassociate_recovery_point", REQUEST, AT),
    ("disassociate_recovery_point_from_parent", NOT_FOUND, {**AT, "RecoveryPointArn": NO_POINT}),
    ("disassociate_recovery_point_from_parent", REQUEST, AT),
    ("describe_protected_resource", NOT_FOUND, {"ResourceArn": NO_BUCKET}),
    ("get_restore_testing_plan", NOT_FOUND, {"RestoreTestingPlanName": "none"}),
    ("get_restore_testing_selection", NOT_FOUND, TESTED),
    ("delete_restore_testing_selection", NOT_FOUND, TESTED),
    ("list_restore_testing_selections", NOT_FOUND, {"RestoreTestingPlanName": "none"}),
]


@pytest.mark.parametrize(
    ("operation", "error", "parameters"), CASES, ids=[f"{name}-{error}" for name, error, _ in CASES]
)
def test_each_error_comes_about(world: World, operation: str, error: str, parameters: dict[str, Any]) -> None:
    given = {POINT: "", BUCKET: world.bucket(), ROLE: world.role(), GAPPED: world.air_gapped(), JOB: ""}
    if any(value in (POINT, JOB) for value in parameters.values()):
        job = world.back_up(given[BUCKET])
        given |= {POINT: job["RecoveryPointArn"], JOB: job["BackupJobId"]}
    filled = {name: given.get(value, value) if isinstance(value, str) else value for name, value in parameters.items()}
    refused(error, getattr(world.backup(), operation), **filled)


def test_a_point_is_deleted_once(world: World) -> None:
    named = {"BackupVaultName": "local", "RecoveryPointArn": world.back_up(world.bucket())["RecoveryPointArn"]}
    world.backup().delete_recovery_point(**named)
    refused(STATE, world.backup().delete_recovery_point, **named)


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found
