"""Recovery points: their names, their lifecycle and their end."""

from datetime import datetime

from emulator import agenda, clock, ids

from . import arns, locks, policies
from .exceptions import (
    AccessDeniedException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from .models import BackupBackend, backend_of, find_vault
from .nouns import AIR_GAPPED, STANDARD, Content, Lifecycle, RecoveryPoint, RestoreAccessVault, Vault


def new_arn(vault: Vault, content: Content, resource_name: str, now: datetime) -> str:
    """The form depends on the vault: an air-gapped one shows AWS Backup's own ARN for every type."""
    if vault.kind == AIR_GAPPED:
        return arns.recovery_point(vault.region, vault.account, ids.uuid("backup-point"))
    if content.resource_type == "EBS":
        return arns.snapshot(vault.region, f"snap-0{ids.hex(16, 'backup-snapshot')}")
    if content.fully_managed and content.resource_type == "S3":
        name = f"{resource_name}-{now:%Y%m%d%H%M%S}-{ids.hex(8, 'backup-point')}"
        return arns.recovery_point(vault.region, vault.account, name)
    if content.fully_managed:
        return arns.recovery_point(vault.region, vault.account, ids.uuid("backup-point"))
    number = f"{int(now.timestamp() * 1000):014d}-{ids.hex(8, 'backup-point')}"
    return f"arn:aws:dynamodb:{vault.region}:{vault.account}:table/{resource_name}/backup/{number}"


def add(vault: Vault, point: RecoveryPoint) -> None:
    """Put a point into a vault; it leaves by itself when its retention ends."""
    vault.points[point.arn] = point
    backend_of(vault.account, vault.region).points[point.arn] = vault
    _plan_expiry(vault, point)


def remove(vault: Vault, point_arn: str) -> None:
    vault.points.pop(point_arn, None)
    backend_of(vault.account, vault.region).points.pop(point_arn, None)


def _plan_expiry(vault: Vault, point: RecoveryPoint) -> None:
    if point.delete_at is not None:
        agenda.at(point.delete_at, "backup.point_expires", vault.account, vault.region, point.arn)


@agenda.handler("backup.point_expires")
def _point_expires(account: str, region: str, point_arn: str) -> None:
    vault = backend_of(account, region).points.get(point_arn)
    if vault is None:
        return
    ends = vault.points[point_arn].delete_at
    if ends is not None and ends <= clock.now():
        remove(vault, point_arn)


def check_open(vault: Vault) -> None:
    """Nothing is readable through a restore access vault before its team has approved."""
    if isinstance(vault, RestoreAccessVault) and vault.state != "AVAILABLE":
        raise AccessDeniedException


def seen_through(vault: Vault) -> dict[str, RecoveryPoint]:
    """The points that a vault shows: an open restore access vault shows those of its source, a closed one none."""
    if not isinstance(vault, RestoreAccessVault):
        return vault.points
    source = find_vault(vault.source_arn) if vault.state == "AVAILABLE" else None
    return {} if source is None else source.points


def point_of(vault: Vault, point_arn: str) -> RecoveryPoint:
    check_open(vault)
    point = seen_through(vault).get(point_arn)
    if point is None:
        raise ResourceNotFoundException(f"Recovery point {point_arn} does not exist in backup vault {vault.name}.")
    return point


def delete(backend: BackupBackend, vault_name: str, point_arn: str) -> None:
    vault, point = _changeable(backend, vault_name, point_arn)
    policies.check_not_denied(vault, "backup:DeleteRecoveryPoint")
    if vault.lock is not None:
        message = f"Recovery point {point_arn} cannot be deleted before its retention ends: {vault.name} is locked."
        raise InvalidRequestException(message)
    remove(vault, point.arn)


def update_lifecycle(backend: BackupBackend, vault_name: str, point_arn: str, lifecycle: Lifecycle) -> RecoveryPoint:
    """Change the retention of a point, which nobody can in a locked vault: not shorter, and not longer either."""
    vault, point = _changeable(backend, vault_name, point_arn)
    policies.check_not_denied(vault, "backup:UpdateRecoveryPointLifecycle")
    locks.check_lifecycle(lifecycle)
    if vault.lock is not None:
        raise InvalidRequestException(
            f"The lifecycle of recovery point {point_arn} cannot be changed: {vault_name} is locked."
        )
    point.lifecycle = dict(lifecycle)
    _plan_expiry(vault, point)
    return point


def _changeable(backend: BackupBackend, vault_name: str, point_arn: str) -> tuple[Vault, RecoveryPoint]:
    vault = backend.vault(vault_name)
    if vault.kind not in (STANDARD, AIR_GAPPED):
        raise InvalidRequestException(
            f"{vault_name} is a restore access backup vault; its recovery points are read-only."
        )
    return vault, point_of(vault, point_arn)
