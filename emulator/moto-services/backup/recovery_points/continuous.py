"""Continuous backups: one point per resource that follows it, and can be restored as of any moment of its range.

Of a bucket the history is real (see `content_s3_history`). Databases can be backed up continuously too, but this
emulator carries no history of their data, so nothing is restored from such a point: StartRestoreJob says so.
"""

import dataclasses
from datetime import datetime, timedelta

from emulator.moto import bucket_losses
from emulator.world import clock, pace

from ..content import s3_history
from ..content.errors import BackupFailed, RestoreFailed
from ..exceptions import InvalidParameterValueException, InvalidRequestException
from ..models import BackupBackend, backend_of, backup_backends
from ..records.entities import Content, Lifecycle, RecoveryPoint, Vault
from . import points

TYPES = ("Aurora", "RDS", "S3", "SAP HANA on Amazon EC2")
LONGEST_RETENTION = 35
_OF_A_BUCKET = "S3"
# How far behind its resource a continuous backup of a bucket is.
_LAG = timedelta(minutes=15)


def check_rule(lifecycle: Lifecycle) -> None:
    """For plans: a rule of continuous backups keeps them 1 to 35 days, and never in cold storage."""
    days = lifecycle.get("DeleteAfterDays")
    if days is None or not 1 <= days <= LONGEST_RETENTION:
        kept = "for ever" if days is None else f"{days} days"
        raise InvalidParameterValueException(
            f"EnableContinuousBackup: the rule keeps backups {kept}; DeleteAfterDays has to lie between 1 and "
            f"{LONGEST_RETENTION}."
        )
    if "MoveToColdStorageAfterDays" in lifecycle:
        raise InvalidParameterValueException("EnableContinuousBackup: continuous backups cannot move to cold storage.")


def check(
    backend: BackupBackend, resource_arn: str, vault: Vault, air_gapped_arn: str | None, lifecycle: Lifecycle
) -> None:
    """A resource has one active continuous backup; BackupFailed for a second one in another vault."""
    days = lifecycle.get("DeleteAfterDays")
    if days is None or days > LONGEST_RETENTION:
        raise BackupFailed(f"Backup job failed. A continuous backup is kept for at most {LONGEST_RETENTION} days.")
    active = backend.continuous.get(resource_arn)
    there = None if active is None else backend.points.get(active)
    if there is not None and there.arn not in (vault.arn, air_gapped_arn):
        raise BackupFailed(
            f"Backup job failed. {resource_arn} has an active continuous backup in backup vault {there.name} already; "
            "a resource has only one."
        )


def begin(backend: BackupBackend, point: RecoveryPoint) -> None:
    """Let a new point follow its resource from now on."""
    point.continuous = True
    point.status = "AVAILABLE"
    point.content = dataclasses.replace(point.content, data=dict(point.content.data))
    backend.continuous[point.resource_arn] = point.arn
    if point.resource_type == _OF_A_BUCKET:
        s3_history.begin(point.content, backend.account)


def go_on(backend: BackupBackend, vault: Vault, resource_arn: str, lifecycle: Lifecycle) -> RecoveryPoint | None:
    """The active continuous point of the resource in this vault; with another retention it stops, for a new one."""
    active = backend.continuous.get(resource_arn)
    point = None if active is None else vault.points.get(active)
    if point is None or point.lifecycle == lifecycle:
        return point
    stop(backend, point, "The retention period of the continuous backup rule was changed.")
    return None


def stop(backend: BackupBackend, point: RecoveryPoint, reason: str) -> None:
    """It follows its resource no more; what it has it keeps until its retention ends."""
    if point.ended is not None:
        return
    _absorb(backend, point)
    point.ended = clock.now()
    point.status, point.status_message = "STOPPED", reason
    backend.continuous.pop(point.resource_arn, None)
    points.has_stopped(backend, point)


def disassociate(backend: BackupBackend, vault: Vault, point: RecoveryPoint) -> None:
    """Give the continuous backup back to the service of its resource: AWS Backup has it no more."""
    if not point.continuous:
        raise InvalidRequestException(f"Recovery point {point.arn} is no continuous backup, so it stays in its vault.")
    if vault.lock is not None:
        raise InvalidRequestException(f"Recovery point {point.arn} cannot leave: {vault.name} is locked.")
    backend.continuous.pop(point.resource_arn, None)


def _absorb(backend: BackupBackend, point: RecoveryPoint) -> None:
    if point.resource_type == _OF_A_BUCKET and point.ended is None:
        s3_history.absorb(point.content, backend.account)


def _bucket_loses(account: str, bucket: str, key: str | None) -> None:
    """Take over what is about to be lost; without versions of its bucket the backup stops."""
    arn = f"arn:aws:s3:::{bucket}"
    for backend in list(backup_backends[account].values()) if account in backup_backends else []:
        active = backend.continuous.get(arn)
        vault = None if active is None else backend.points.get(active)
        if active is None or vault is None:
            continue
        point = vault.points[active]
        if key is None:
            stop(backend, point, f"Bucket {bucket} keeps no versions any more.")
        else:
            s3_history.absorb(point.content, account, key)


bucket_losses.before_loss(_bucket_loses)


def frozen(point: RecoveryPoint) -> RecoveryPoint:
    """The point to copy: a copy of a continuous backup is a snapshot of what it has now."""
    if not point.continuous:
        return point
    content = point.content
    if point.resource_type == _OF_A_BUCKET:
        now = clock.now()
        content = content_at(point, max(range_of(point, now)), now)
    return dataclasses.replace(
        point, content=content, continuous=False, status="COMPLETED", created=point.ended or clock.now(), ended=None
    )


def range_of(point: RecoveryPoint, asked: datetime) -> tuple[datetime, datetime]:
    """From when to when a continuous point can be restored, as of the moment in which somebody asks for it."""
    latest = point.ended or asked
    if point.ended is None and not pace.fast():
        latest -= _LAG
    kept = timedelta(days=point.lifecycle.get("DeleteAfterDays", LONGEST_RETENTION))
    return max(point.created, asked - kept), latest


def content_at(point: RecoveryPoint, moment: datetime, asked: datetime) -> Content:
    """A bucket as it was at a moment; RestoreFailed outside of the range that the point had when it was asked for."""
    vault_account = point.content.data["account"]
    _absorb(backend_of(vault_account, point.content.data["region"]), point)
    earliest, latest = range_of(point, asked)
    if not earliest <= moment <= max(latest, earliest):
        raise RestoreFailed(
            f"The restore time {moment:%Y-%m-%dT%H:%M:%SZ} is outside of the range of the continuous backup, "
            f"{earliest:%Y-%m-%dT%H:%M:%SZ} to {latest:%Y-%m-%dT%H:%M:%SZ}."
        )
    return s3_history.at(point.content, moment)
