"""What a backup vault tells its SNS topic: PutBackupVaultNotifications, made true.

Listens to the events of AWS Backup; the table says which of them is which of the vault's events. One change of a job is
one message, whether the vault asked for BACKUP_JOB_COMPLETED, for BACKUP_JOB_SUCCESSFUL or for both.
"""

from typing import NamedTuple

from emulator.events import service_events, topics, undelivered
from emulator.events.undelivered import Refused

from ..models import backend_of
from ..records.entities import Vault

_SERVICE = "backup.amazonaws.com"
_SUBJECT = "Notification from AWS Backup"
_COMPLETED, _SUCCESSFUL, _FAILED = "BACKUP_JOB_COMPLETED", "BACKUP_JOB_SUCCESSFUL", "BACKUP_JOB_FAILED"
_RESTORED = "RESTORE_JOB_COMPLETED"


class Notice(NamedTuple):
    """The vault events that a change is, and the first sentence of their message."""

    names: tuple[str, ...]
    sentence: str


# By detail type and state. Sentences of backup jobs that completed, failed, expired or stopped are AWS's own.
_NOTICES: dict[tuple[str, str], Notice] = {
    ("Backup Job", "RUNNING"): Notice(("BACKUP_JOB_STARTED",), "An AWS Backup job was started."),
    ("Backup Job", "COMPLETED"): Notice((_COMPLETED, _SUCCESSFUL), "An AWS Backup job was completed successfully."),
    ("Backup Job", "FAILED"): Notice((_COMPLETED, _FAILED), "An AWS Backup job failed."),
    ("Backup Job", "EXPIRED"): Notice(
        (_COMPLETED, "BACKUP_JOB_EXPIRED"), "An AWS Backup job failed to complete in time."
    ),
    ("Backup Job", "ABORTED"): Notice((_COMPLETED,), "An AWS Backup job was stopped."),
    ("Copy Job", "RUNNING"): Notice(("COPY_JOB_STARTED",), "An AWS Backup copy job was started."),
    ("Copy Job", "COMPLETED"): Notice(("COPY_JOB_SUCCESSFUL",), "An AWS Backup copy job was completed successfully."),
    ("Copy Job", "FAILED"): Notice(("COPY_JOB_FAILED",), "An AWS Backup copy job failed."),
    ("Restore Job", "RUNNING"): Notice(("RESTORE_JOB_STARTED",), "An AWS Backup restore job was started."),
    ("Restore Job", "COMPLETED"): Notice(
        (_RESTORED, "RESTORE_JOB_SUCCESSFUL"), "An AWS Backup restore job was completed successfully."
    ),
    ("Restore Job", "FAILED"): Notice((_RESTORED, "RESTORE_JOB_FAILED"), "An AWS Backup restore job failed."),
    ("Restore Job", "ABORTED"): Notice((_RESTORED, "RESTORE_JOB_FAILED"), "An AWS Backup restore job was stopped."),
}
_MODIFIED = Notice(("RECOVERY_POINT_MODIFIED",), "An AWS Backup recovery point was modified.")
_NEW_POINT = ("CREATING", "AVAILABLE", "COMPLETED", "PARTIAL")
_JOB_ID = {"Backup Job": "backupJobId", "Copy Job": "copyJobId", "Restore Job": "restoreJobId"}


def on_event(event: service_events.Event) -> None:
    """Called with every event of every service."""
    if not isinstance(event, service_events.NativeEvent) or event.source != "aws.backup":
        return
    kind = event.detail_type.removesuffix(" State Change").removesuffix(" Change")
    notice = _notice(kind, event)
    vault = None if notice is None else _vault(event)
    if notice is None or vault is None or not vault.notifications:
        return
    if set(notice.names) & set(vault.notifications["BackupVaultEvents"]):
        _tell(vault, str(vault.notifications["SNSTopicArn"]), kind, notice, event)


def _notice(kind: str, event: service_events.NativeEvent) -> Notice | None:
    state = str(event.detail.get("state") or event.detail.get("status"))
    if kind != "Recovery Point":
        return _NOTICES.get((kind, state))
    is_new = event.detail_type.endswith("State Change") and state in _NEW_POINT
    return None if is_new else _MODIFIED


def _vault(event: service_events.NativeEvent) -> Vault | None:
    """The vault that the event is about, in the event's own account: of a copy, the one it comes from."""
    detail = event.detail
    arn = str(detail.get("backupVaultArn") or detail.get("sourceBackupVaultArn") or "")
    parts = arn.split(":", 6)
    if len(parts) != 7 or parts[4] != event.account:
        return None
    return backend_of(event.account, parts[3]).vaults.get(parts[6])


def _tell(vault: Vault, topic: str, kind: str, notice: Notice, event: service_events.NativeEvent) -> None:
    context = {"aws:sourceaccount": event.account, "aws:sourcearn": str(vault.arn)}
    text, attributes = _message(kind, notice, event), _attributes(kind, event)
    try:
        if topic.split(":")[4] != event.account or topic.endswith(".fifo"):
            raise _unsupported(topic)
        topics.publish(topic, text, _SERVICE, context, subject=_SUBJECT, attributes=attributes)
    except Refused as refused:
        undelivered.note(event.account, event.region, str(vault.arn), topic, refused)


def _unsupported(topic: str) -> Refused:
    return Refused(
        "NOT_SUPPORTED", f"AWS Backup notifies standard topics of the vault's own account only, not {topic}."
    )


def _message(kind: str, notice: Notice, event: service_events.NativeEvent) -> str:
    parts = [notice.sentence]
    point = event.detail.get("recoveryPointArn") or event.detail.get("destinationRecoveryPointArn")
    if kind == "Backup Job" and event.resources and event.detail.get("state") == "COMPLETED":
        point = event.resources[0]
    if kind == "Recovery Point":
        point = next(iter(event.resources), None)
    if point:
        parts.append(f"Recovery point ARN: {point}.")
    resource = event.detail.get("resourceArn") or event.detail.get("sourceResourceArn")
    if resource:
        parts.append(f"Resource ARN : {resource}.")
    if kind in _JOB_ID:
        parts.append(f"{kind.replace(' ', '')} ID : {event.detail[_JOB_ID[kind]]}")
    return " ".join(parts).rstrip(".") if kind not in _JOB_ID else " ".join(parts)


def _attributes(kind: str, event: service_events.NativeEvent) -> dict[str, str]:
    detail = event.detail
    told = {
        "EventType": kind.upper().replace(" ", "_"),
        "State": str(detail.get("state") or detail.get("status") or ""),
        "AccountId": event.account,
        "Id": str(detail.get(_JOB_ID.get(kind, ""), "")),
        "StartTime": str(detail.get("creationDate", "")),
    }
    return {name: text for name, text in told.items() if text}


service_events.subscribe(on_event)
