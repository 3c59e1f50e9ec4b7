"""Recovery points: their names, their lifecycle and their end."""

from datetime import datetime, timedelta

from emulator.world import agenda, clock, ids, pace

from ..common import state_events
from ..exceptions import (
    AccessDeniedException,
    InvalidRequestException,
    InvalidResourceStateException,
    ResourceNotFoundException,
)
from ..models import BackupBackend, backend_of, known_backend, seen_through
from ..protection import access_policies, legal_holds, locks
from ..records import arns
from ..records.entities import (
    AIR_GAPPED,
    STANDARD,
    Content,
    Lifecycle,
    RecoveryPoint,
    RestoreAccessVault,
    Vault,
    cold_tier,
)

# AWS names no duration; a deletion is over "in a moment" for most types.
_UNTIL_DELETED = timedelta(minutes=5)


def new_arn(vault: Vault, content: Content, resource_name: str, now: datetime) -> str:
    """The form depends on the vault: an air-gapped one shows AWS Backup's own ARN for every type."""
    kind = content.resource_type
    if vault.kind == AIR_GAPPED:
        return arns.recovery_point(vault.region, vault.account, ids.uuid("backup-point"))
    if kind == "EBS":
        return arns.snapshot(vault.region, f"snap-0{ids.hex(16, 'backup-snapshot')}")
    if kind == "EC2":
        return arns.image(vault.region, f"ami-0{ids.hex(16, 'backup-image')}")
    if kind in ("RDS", "Aurora", "Neptune", "DocumentDB"):
        noun = "snapshot" if kind == "RDS" else "cluster-snapshot"
        return f"arn:aws:rds:{vault.region}:{vault.account}:{noun}:awsbackup:job-{ids.uuid('backup-point')}"
    if content.fully_managed and kind == "S3":
        name = f"{resource_name}-{now:%Y%m%d%H%M%S}-{ids.hex(8, 'backup-point')}"
        return arns.recovery_point(vault.region, vault.account, name)
    if content.fully_managed:
        return arns.recovery_point(vault.region, vault.account, ids.uuid("backup-point"))
    number = f"{int(now.timestamp() * 1000):014d}-{ids.hex(8, 'backup-point')}"
    return f"arn:aws:dynamodb:{vault.region}:{vault.account}:table/{resource_name}/backup/{number}"


def add(vault: Vault, point: RecoveryPoint) -> None:
    """Put a point into a vault; it leaves by itself when its retention ends."""
    backend = backend_of(vault.account, vault.region)
    vault.points[point.arn] = point
    backend.points[point.arn] = vault
    backend.points_of.setdefault(point.resource_arn, {})[point.arn] = None
    _plan_expiry(vault, point)
    state_events.point(point, vault)


def remove(vault: Vault, point_arn: str) -> None:
    point = vault.points.pop(point_arn, None)
    if point is None:
        return
    backend = backend_of(vault.account, vault.region)
    vault.deleting.pop(point_arn, None)
    backend.points.pop(point_arn, None)
    if backend.continuous.get(point.resource_arn) == point_arn:
        del backend.continuous[point.resource_arn]
    siblings = backend.points_of.get(point.resource_arn, {})
    siblings.pop(point_arn, None)
    if not siblings:
        backend.points_of.pop(point.resource_arn, None)
    state_events.point_deleted(point, vault)


def _plan_expiry(vault: Vault, point: RecoveryPoint) -> None:
    if point.delete_at is not None:
        agenda.at(point.delete_at, "backup.point_expires", vault.account, vault.region, point.arn)
    if point.cold_at is not None and cold_tier(point):
        agenda.at(point.cold_at, "backup.point_is_cold", vault.account, vault.region, point.arn)


@agenda.handler("backup.point_expires")
def _point_expires(account: str, region: str, point_arn: str) -> None:
    """A continuous backup expires from its old end only: while it follows its resource it stays."""
    vault = _vault_of(account, region, point_arn)
    if vault is None:
        return
    point = vault.points[point_arn]
    ends = point.delete_at
    following = point.continuous and point.ended is None
    if ends is not None and ends <= clock.now() and not following and legal_holds.held(vault, point) is None:
        remove(vault, point_arn)


def has_stopped(backend: BackupBackend, point: RecoveryPoint) -> None:
    """A continuous backup has stopped following its resource: from now on its retention counts."""
    vault = backend.points.get(point.arn)
    if vault is not None:
        _plan_expiry(vault, point)
        state_events.point(point, vault)


@agenda.handler("backup.point_is_cold")
def _point_is_cold(account: str, region: str, point_arn: str) -> None:
    vault = _vault_of(account, region, point_arn)
    if vault is not None and vault.points[point_arn].storage_class == "COLD":
        state_events.point_is_cold(vault.points[point_arn], vault)


def _vault_of(account: str, region: str, point_arn: str) -> Vault | None:
    backend = known_backend(account, region)
    return None if backend is None else backend.points.get(point_arn)


def check_open(vault: Vault) -> None:
    """Nothing is readable through a restore access vault before its team has approved."""
    if isinstance(vault, RestoreAccessVault) and vault.state != "AVAILABLE":
        raise AccessDeniedException


def point_of(vault: Vault, point_arn: str) -> RecoveryPoint:
    check_open(vault)
    point = seen_through(vault).get(point_arn)
    if point is None:
        raise ResourceNotFoundException(f"Recovery point {point_arn} does not exist in backup vault {vault.name}.")
    return point


# Deletion


def delete(backend: BackupBackend, vault_name: str, point_arn: str) -> None:
    """DELETING first, and gone later: a vault with such a point cannot be deleted yet."""
    vault, point = _changeable(backend, vault_name, point_arn)
    access_policies.check_not_denied(vault, "backup:DeleteRecoveryPoint")
    legal_holds.check_free(vault, point)
    if vault.lock is not None:
        message = f"Recovery point {point_arn} cannot be deleted before its retention ends: {vault.name} is locked."
        raise InvalidRequestException(message)
    if point.deleting is not None:
        raise InvalidResourceStateException(f"Recovery point {point_arn} is being deleted already.")
    point.deleting = pace.step(_UNTIL_DELETED)
    point.status = "DELETING"
    vault.deleting[point_arn] = point
    agenda.at(point.deleting.due, "backup.point_is_deleted", vault.account, vault.region, point_arn)
    state_events.point(point, vault)


def look(vault: Vault) -> None:
    """Somebody looks at the points of a vault: those that are being deleted go with the second look."""
    for point in list(vault.deleting.values()):
        if point.deleting is not None and point.deleting.look(clock.now()):
            remove(vault, point.arn)


@agenda.handler("backup.point_is_deleted")
def _point_is_deleted(account: str, region: str, point_arn: str) -> None:
    vault = _vault_of(account, region, point_arn)
    if vault is not None and point_arn in vault.deleting:
        remove(vault, point_arn)


# Lifecycle


def update_lifecycle(backend: BackupBackend, vault_name: str, point_arn: str, lifecycle: Lifecycle) -> RecoveryPoint:
    """Change the retention of a point, which nobody can in a locked vault: not shorter, and not longer either.

    -1 for both members takes the lifecycle away, so that the point stays for ever.
    """
    vault, point = _changeable(backend, vault_name, point_arn)
    access_policies.check_not_denied(vault, "backup:UpdateRecoveryPointLifecycle")
    wanted = {name: value for name, value in lifecycle.items() if value != -1}
    locks.check_lifecycle(wanted)
    if point.continuous:
        raise InvalidRequestException(
            f"Recovery point {point_arn} is a continuous backup; its lifecycle is its rule's."
        )
    if point.deleting is not None:
        raise InvalidRequestException(f"Recovery point {point_arn} is being deleted.")
    if vault.lock is not None:
        raise InvalidRequestException(
            f"The lifecycle of recovery point {point_arn} cannot be changed: {vault_name} is locked."
        )
    to_cold = "MoveToColdStorageAfterDays"
    if point.storage_class == "COLD" and wanted.get(to_cold) != point.lifecycle.get(to_cold):
        raise InvalidRequestException(
            f"Recovery point {point_arn} is in cold storage; {to_cold} cannot change any more."
        )
    point.lifecycle = wanted
    _plan_expiry(vault, point)
    state_events.point_changed(point, vault)
    return point


def _changeable(backend: BackupBackend, vault_name: str, point_arn: str) -> tuple[Vault, RecoveryPoint]:
    vault = backend.vault(vault_name)
    if vault.kind not in (STANDARD, AIR_GAPPED):
        raise InvalidRequestException(
            f"{vault_name} is a restore access backup vault; its recovery points are read-only."
        )
    return vault, point_of(vault, point_arn)
