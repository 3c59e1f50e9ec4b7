"""What AWS Backup announces by itself: EventBridge events of every change of state, and CloudTrail's service events.

The members of a detail are those of the samples in AWS Backup's guide: camel case, sizes as text in backup and restore
jobs and as numbers in copy jobs.
"""

from datetime import UTC, datetime
from typing import Any

from emulator.events import service_events

from ..records import arns
from ..records.entities import ENDS, BackupJob, CopyJob, Job, RecoveryPoint, RestoreJob, Vault
from . import encryption

_SOURCE = "aws.backup"
_TRAIL_SOURCE = "backup.amazonaws.com"
_TRAIL_NAMES = {
    "backup": ("BackupJobStarted", "BackupJobCompleted"),
    "copy": ("CopyJobStarted", "CopyJobCompleted"),
    "restore": ("RestoreStarted", "RestoreCompleted"),
}


def job(found: Job) -> None:
    """Tell the world which state a job is in now."""
    if isinstance(found, BackupJob):
        resources, detail = _backup_job(found)
    elif isinstance(found, CopyJob):
        resources, detail = (found.point.arn,), _copy_job(found)
    elif isinstance(found, RestoreJob):
        resources, detail = (found.point.arn,), _restore_job(found)
    else:
        raise TypeError(f"{found.kind!r} jobs have no events of AWS Backup; give them an event of their own.")
    _emit(f"{found.kind.capitalize()} Job State Change", found.account, found.region, detail, resources)
    started, completed = _TRAIL_NAMES[found.kind]
    if found.state == "RUNNING":
        _record(started, found.account, found.region, detail)
    elif found.over:
        _record(completed, found.account, found.region, detail)


def restore_created(found: RestoreJob) -> None:
    """The first event of a restore job, which names a state that no answer shows."""
    detail = {"restoreJobId": found.job_id, "creationDate": _time(found.created), "state": "CREATED"}
    _emit("Restore Job State Change", found.account, found.region, detail, (found.point.arn,))


def point(found: RecoveryPoint, vault: Vault, status: str | None = None) -> None:
    """Tell the world that a recovery point has come, or which status it has now."""
    detail = _point(found, vault, status or found.status)
    _emit("Recovery Point State Change", vault.account, vault.region, detail, (found.arn,))


def point_changed(found: RecoveryPoint, vault: Vault) -> None:
    """Its lifecycle has changed, and its status has not."""
    detail = _point(found, vault, found.status)
    _emit("Recovery Point Change", vault.account, vault.region, detail, (found.arn,))


def point_deleted(found: RecoveryPoint, vault: Vault) -> None:
    _record("BackupDeleted", vault.account, vault.region, _trail_point(found, vault))


def point_is_cold(found: RecoveryPoint, vault: Vault) -> None:
    point(found, vault)
    _record("BackupTransitionedToCold", vault.account, vault.region, _trail_point(found, vault))


def _emit(detail_type: str, account: str, region: str, detail: dict[str, Any], resources: tuple[str, ...] = ()) -> None:
    service_events.emit(service_events.NativeEvent(_SOURCE, detail_type, account, region, detail, resources))


def _record(name: str, account: str, region: str, details: dict[str, Any]) -> None:
    service_events.emit(service_events.ServiceEvent(_TRAIL_SOURCE, name, account, region, details))


def _backup_job(found: BackupJob) -> tuple[tuple[str, ...], dict[str, Any]]:
    detail: dict[str, Any] = {"backupJobId": found.job_id}
    if found.state == "CREATED":
        return (), detail | {"state": found.state, "creationDate": _time(found.created)}
    done = found.state == "COMPLETED"
    size = None if found.content is None else str(found.content.size)
    detail |= {
        "backupSizeInBytes": size,
        "backupVaultArn": arns.vault(found.region, found.account, found.vault_name),
        "backupVaultName": found.vault_name,
        "bytesTransferred": size if done else "0",
        "creationDate": _time(found.created),
        "iamRoleArn": found.iam_role_arn,
        "resourceArn": found.resource_arn,
        "resourceType": found.resource_type,
        "state": found.state,
        "statusMessage": found.message or None,
        "completionDate": _time(found.completed) if found.state in ENDS else None,
        "startBy": _time(found.start_by),
        "percentDone": 100 if done else 0,
        "createdBy": _created_by(found.created_by),
    }
    resources = () if found.point_arn is None else (found.point_arn,)
    return resources, _present(detail)


def _copy_job(found: CopyJob) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "copyJobId": found.job_id,
        "creationDate": _time(found.created),
        "state": found.state,
        "sourceBackupVaultArn": found.source_vault_arn,
        "destinationBackupVaultArn": found.destination_vault_arn,
    }
    if found.state == "CREATED":
        return detail
    detail |= {
        "backupSizeInBytes": found.point.content.size,
        "iamRoleArn": found.iam_role_arn,
        "resourceArn": found.point.resource_arn,
        "resourceType": found.point.resource_type,
        "statusMessage": found.message or None,
        "completionDate": _time(found.completed),
        # The guide's samples show an empty object until there is a copy.
        "destinationRecoveryPointArn": found.destination_point_arn or {},
        "createdBy": _created_by(found.created_by),
    }
    return _present(detail)


def _restore_job(found: RestoreJob) -> dict[str, Any]:
    return _present(
        {
            "restoreJobId": found.job_id,
            "backupVaultArn": found.vault_arn,
            "recoveryPointArn": found.point.arn,
            "sourceResourceArn": found.point.resource_arn,
            "backupSizeInBytes": str(found.point.content.size),
            "creationDate": _time(found.created),
            "iamRoleArn": found.iam_role_arn,
            "percentDone": 100 if found.state == "COMPLETED" else 0,
            "resourceType": found.resource_type,
            "status": found.state,
            "statusMessage": found.message or None,
            "createdResourceArn": found.created_resource_arn,
            "completionDate": _time(found.completed),
            "restoreTestingPlanArn": found.test.plan_arn if found.test else None,
        }
    )


def _point(found: RecoveryPoint, vault: Vault, status: str) -> dict[str, Any]:
    encrypted = encryption.by_vault(vault, found.content) or found.content.kms_key_arn is not None
    moves, ends = found.cold_at, found.delete_at
    calculated = _present({"moveToColdStorageAt": _time(moves), "deleteAt": _time(ends)})
    return _present(
        {
            "backupVaultName": vault.name,
            "backupVaultArn": vault.arn,
            "creationDate": _time(found.created),
            "iamRoleArn": found.iam_role_arn,
            "resourceType": found.resource_type,
            "resourceArn": found.resource_arn,
            "status": status,
            "statusMessage": found.status_message or None,
            "isEncrypted": str(encrypted).lower(),
            "storageClass": found.storage_class,
            "completionDate": _time(found.completed),
            "createdBy": _created_by(found.created_by),
            "lifecycle": {_lower(name): value for name, value in found.lifecycle.items()} or None,
            "calculatedLifeCycle": calculated or None,
        }
    )


def _trail_point(found: RecoveryPoint, vault: Vault) -> dict[str, Any]:
    return {"recoveryPointArn": found.arn, **_point(found, vault, found.status)}


def _created_by(plan: dict[str, str] | None) -> dict[str, str] | None:
    if plan is None:
        return None
    return {
        "backupPlanId": plan["BackupPlanId"],
        "backupPlanArn": plan["BackupPlanArn"],
        "backupPlanVersion": plan["BackupPlanVersion"],
        "backupPlanRuleId": plan["BackupRuleId"],
    }


def _time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _present(detail: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if value is not None}
