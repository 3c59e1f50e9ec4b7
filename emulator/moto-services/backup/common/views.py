"""How what is kept looks in answers, by the member names of botocore's model; members without a value are left out."""

from typing import Any

from ..models import air_gapped_vault, find_vault, seen_through
from ..records import arns
from ..records.entities import (
    Access,
    AirGappedVault,
    BackupJob,
    CopyJob,
    PendingVote,
    Plan,
    RecoveryPoint,
    RestoreAccessVault,
    RestoreJob,
    RestoreTest,
    Vault,
)
from . import encryption

Answer = dict[str, Any]

_PERCENT = {"CREATED": "0.0", "PENDING": "0.0", "RUNNING": "50.0", "COMPLETED": "100.0"}


def vault(found: Vault) -> Answer:
    """A vault as a list shows it."""
    state = found.look()
    return _present(
        {
            "BackupVaultName": found.name,
            "BackupVaultArn": found.arn,
            "VaultType": found.kind,
            "VaultState": state,
            "CreationDate": found.created,
            "EncryptionKeyArn": found.key_arn,
            "EncryptionKeyType": found.key_type,
            "CreatorRequestId": found.creator_request_id,
            "NumberOfRecoveryPoints": len(seen_through(found)),
            "Locked": found.lock is not None,
            "MinRetentionDays": found.lock.min_days if found.lock else None,
            "MaxRetentionDays": found.lock.max_days if found.lock else None,
            "LockDate": found.lock.date if found.lock else None,
        }
    )


def described_vault(found: Vault) -> Answer:
    answer = vault(found)
    if isinstance(found, AirGappedVault):
        answer["MpaApprovalTeamArn"] = found.team_arn
        answer["LatestMpaApprovalTeamUpdate"] = vote(found.team_update)
    if isinstance(found, RestoreAccessVault):
        answer["SourceBackupVaultArn"] = found.source_arn
        answer["MpaSessionArn"] = found.session_arn or None
        source = air_gapped_vault(found.source_arn)
        if source is not None and found.state == "AVAILABLE":
            answer["MpaApprovalTeamArn"] = source.team_arn
    return _present(answer)


def vote(found: PendingVote | None) -> Answer | None:
    if found is None:
        return None
    return _present(
        {
            "MpaSessionArn": found.session_arn or None,
            "Status": found.status,
            "StatusMessage": found.message or None,
            "InitiationDate": found.started,
            "ExpiryDate": found.expires,
        }
    )


def access(found: Access, mounted: RestoreAccessVault) -> Answer:
    revoke = vote(found.revoke)
    return _present(
        {
            "RestoreAccessBackupVaultArn": found.arn,
            "CreationDate": found.created,
            "ApprovalDate": found.approved,
            "VaultState": mounted.state,
            "LatestRevokeRequest": revoke,
        }
    )


def point(found: RecoveryPoint, seen_in: Vault) -> Answer:
    """A recovery point as seen in a vault; through a restore access vault it names that vault and its source."""
    by_vault = encryption.by_vault(seen_in, found.content)
    cold, end = found.cold_at, found.delete_at
    return _present(
        {
            "RecoveryPointArn": found.arn,
            "BackupVaultName": seen_in.name,
            "BackupVaultArn": seen_in.arn,
            "SourceBackupVaultArn": seen_in.source_arn
            if isinstance(seen_in, RestoreAccessVault)
            else found.source_vault_arn,
            "ResourceArn": found.resource_arn,
            "ResourceType": found.resource_type,
            "ResourceName": found.resource_name or None,
            "CreatedBy": found.created_by,
            "IamRoleArn": found.iam_role_arn,
            "Status": found.status,
            "StatusMessage": found.status_message or None,
            "CreationDate": found.created,
            "InitiationDate": found.created,
            "CompletionDate": found.completed,
            "BackupSizeInBytes": found.content.size,
            "Lifecycle": found.lifecycle or None,
            "CalculatedLifecycle": _present({"MoveToColdStorageAt": cold, "DeleteAt": end}) or None,
            "IsEncrypted": by_vault or found.content.kms_key_arn is not None,
            "EncryptionKeyArn": seen_in.key_arn if by_vault else found.content.kms_key_arn,
            "EncryptionKeyType": seen_in.key_type,
            "LastRestoreTime": found.last_restored,
            "IsParent": False,
            "VaultType": seen_in.kind,
        }
    )


def described_point(found: RecoveryPoint, seen_in: Vault) -> Answer:
    return {**point(found, seen_in), "StorageClass": found.storage_class}


def point_of_resource(found: RecoveryPoint, seen_in: Vault) -> Answer:
    shown = point(found, seen_in)
    kept = ("RecoveryPointArn", "CreationDate", "Status", "EncryptionKeyArn", "BackupVaultName", "IsParent")
    more = ("ResourceName", "VaultType", "EncryptionKeyType")
    return {key: shown[key] for key in (*kept, *more) if key in shown} | {"BackupSizeBytes": found.content.size}


def protected_resource(found: RecoveryPoint, seen_in: Vault) -> Answer:
    return _present(
        {
            "ResourceArn": found.resource_arn,
            "ResourceType": found.resource_type,
            "LastBackupTime": found.created,
            "ResourceName": found.resource_name or None,
            "LastBackupVaultArn": seen_in.arn,
            "LastRecoveryPointArn": found.arn,
        }
    )


def plan(found: Plan) -> Answer:
    """A plan as a list shows it."""
    return _present(
        {
            "BackupPlanArn": found.arn,
            "BackupPlanId": found.plan_id,
            "BackupPlanName": found.name,
            "CreationDate": found.created,
            "DeletionDate": found.deleted,
            "VersionId": found.version_id,
            "CreatorRequestId": found.creator_request_id,
            "LastExecutionDate": found.last_run,
            "AdvancedBackupSettings": found.body.get("AdvancedBackupSettings"),
        }
    )


def backup_job(found: BackupJob) -> Answer:
    in_vault = find_vault(arns.vault(found.region, found.account, found.vault_name))
    return _present(
        {
            "AccountId": found.account,
            "BackupJobId": found.job_id,
            "BackupVaultName": found.vault_name,
            "BackupVaultArn": arns.vault(found.region, found.account, found.vault_name),
            "VaultType": in_vault.kind if in_vault else None,
            "VaultLockState": _lock_state(in_vault),
            "RecoveryPointArn": found.point_arn,
            "ResourceArn": found.resource_arn,
            "ResourceType": found.resource_type or None,
            "ResourceName": found.resource_name or None,
            "RecoveryPointLifecycle": found.lifecycle or None,
            "CreationDate": found.created,
            "InitiationDate": found.started or found.created,
            "StartBy": found.start_by,
            "CompletionDate": found.completed,
            "State": found.state,
            "StatusMessage": found.message or None,
            "MessageCategory": category(found),
            "PercentDone": _PERCENT.get(found.state, "0.0"),
            "BackupSizeInBytes": found.content.size if found.content else None,
            "BytesTransferred": found.content.size if found.content and found.state == "COMPLETED" else None,
            "IamRoleArn": found.iam_role_arn,
            "CreatedBy": found.created_by,
            "BackupOptions": found.options or None,
            "IsParent": False,
        }
    )


def copy_job(found: CopyJob) -> Answer:
    destination = find_vault(found.destination_vault_arn)
    copied = found.point
    return _present(
        {
            "AccountId": found.account,
            "CopyJobId": found.job_id,
            "SourceBackupVaultArn": found.source_vault_arn,
            "SourceRecoveryPointArn": found.point.arn,
            "DestinationBackupVaultArn": found.destination_vault_arn,
            "DestinationVaultType": destination.kind if destination else None,
            "DestinationVaultLockState": _lock_state(destination),
            "DestinationRecoveryPointArn": found.destination_point_arn,
            "DestinationRecoveryPointLifecycle": found.lifecycle or None,
            "ResourceArn": copied.resource_arn,
            "ResourceType": copied.resource_type,
            "ResourceName": copied.resource_name or None,
            "BackupSizeInBytes": copied.content.size,
            "CreationDate": found.created,
            "CompletionDate": found.completed,
            "State": found.state,
            "StatusMessage": found.message or None,
            "MessageCategory": category(found),
            "IamRoleArn": found.iam_role_arn,
            "CreatedBy": found.created_by,
            "CreatedByBackupJobId": found.backup_job_id,
            "IsParent": False,
        }
    )


def restore_job(found: RestoreJob) -> Answer:
    restored = found.point
    return _present(
        {
            "AccountId": found.account,
            "RestoreJobId": found.job_id,
            "RecoveryPointArn": restored.arn,
            "SourceResourceArn": restored.resource_arn,
            "BackupVaultArn": found.vault_arn,
            "CreationDate": found.created,
            "CompletionDate": found.completed,
            "Status": found.state,
            "StatusMessage": found.message or None,
            "PercentDone": _PERCENT.get(found.state, "0.0"),
            "BackupSizeInBytes": restored.content.size,
            "IamRoleArn": found.iam_role_arn,
            "CreatedResourceArn": found.created_resource_arn,
            "ResourceType": found.resource_type,
            "RecoveryPointCreationDate": restored.created,
            "IsParent": False,
            **_test(found.test),
        }
    )


def _test(found: RestoreTest | None) -> Answer:
    if found is None:
        return {}
    return {
        "CreatedBy": {"RestoreTestingPlanArn": found.plan_arn},
        "ValidationStatus": found.validation,
        "ValidationStatusMessage": found.validation_message or None,
        "DeletionStatus": found.deletion,
        "DeletionStatusMessage": found.deletion_message or None,
    }


def _lock_state(found: Vault | None) -> str | None:
    if found is None or found.lock is None:
        return None
    return "LOCKED" if found.lock.immutable else "UNLOCKED"


def category(found: BackupJob | CopyJob) -> str | None:
    """A completed job with a message is one "with issues": its category is another than SUCCESS."""
    if found.state == "COMPLETED":
        return "SUCCESS" if not found.message else "InvalidParameters"
    return "FAILURE" if found.state in ("FAILED", "EXPIRED") and found.message else None


def _present(answer: Answer) -> Answer:
    return {key: value for key, value in answer.items() if value is not None}
