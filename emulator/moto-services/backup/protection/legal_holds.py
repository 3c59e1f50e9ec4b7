"""Legal holds: while one is active, nothing deletes the recovery points that it names, expiry included."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from emulator.world import agenda, clock, ids

from ..exceptions import (
    InvalidParameterValueException,
    InvalidRequestException,
    InvalidResourceStateException,
    ResourceNotFoundException,
)
from ..models import BackupBackend, known_backend
from ..records.entities import RecoveryPoint, Vault
from ..records.governance import LegalHold, passing


def create(
    backend: BackupBackend,
    title: str,
    description: str,
    selection: dict[str, Any],
    token: str | None,
    tags: dict[str, str],
) -> LegalHold:
    """A hold that binds from this moment, also while it is shown as CREATING."""
    for earlier in backend.governance.holds.values():
        if token is not None and token == earlier.token:
            return earlier
    dates = selection.get("DateRange")
    if dates is not None and _utc(dates["FromDate"]) > _utc(dates["ToDate"]):
        raise InvalidParameterValueException("DateRange: FromDate has to be before ToDate.")
    hold_id = ids.uuid("backup-legal-hold")
    hold = LegalHold(
        arn=f"arn:aws:backup:{backend.region}:{backend.account}:legal-hold:{hold_id}",
        created=clock.now(),
        token=token,
        tags=tags,
        passing=passing("CREATING"),
        hold_id=hold_id,
        title=title,
        description=description,
        selection=copy.deepcopy(selection),
    )
    backend.governance.holds[hold_id] = hold
    return hold


def find(backend: BackupBackend, hold_id: str) -> LegalHold:
    hold = next((one for one in all_of(backend) if one.hold_id == hold_id), None)
    if hold is None:
        raise ResourceNotFoundException(f"Legal hold {hold_id} does not exist in this account and Region.")
    return hold


def all_of(backend: BackupBackend) -> list[LegalHold]:
    """The holds whose record is kept still."""
    kept = backend.governance.holds
    for hold_id, hold in list(kept.items()):
        if hold.retain_until is not None and hold.retain_until <= clock.now():
            del kept[hold_id]
    return list(kept.values())


def status(hold: LegalHold) -> str:
    return hold.look("ACTIVE" if hold.cancelled is None else "CANCELED")


def cancel(backend: BackupBackend, hold_id: str, description: str, retain_days: int | None) -> None:
    """Let its points go: those whose retention ended meanwhile expire now."""
    hold = find(backend, hold_id)
    if hold.cancelled is not None:
        raise InvalidResourceStateException(f"Legal hold {hold_id} is cancelled already.")
    held = points_of(backend, hold)
    now = clock.now()
    hold.cancelled = now
    hold.cancel_description = description
    hold.retain_until = None if retain_days is None else now + timedelta(days=retain_days)
    hold.passing = passing("CANCELING")
    for vault, point in held:
        agenda.at(now, "backup.point_expires", vault.account, vault.region, point.arn)


def points_of(backend: BackupBackend, hold: LegalHold) -> list[tuple[Vault, RecoveryPoint]]:
    if hold.cancelled is not None:
        return []
    return [
        (vault, point)
        for vault in backend.vaults.values()
        for point in vault.points.values()
        if _names(hold, vault, point)
    ]


def held(vault: Vault, point: RecoveryPoint) -> LegalHold | None:
    """The hold that keeps a recovery point from being deleted, if there is one."""
    backend = known_backend(vault.account, vault.region)
    if backend is None:
        return None
    active = (hold for hold in backend.governance.holds.values() if hold.cancelled is None)
    return next((hold for hold in active if _names(hold, vault, point)), None)


def check_free(vault: Vault, point: RecoveryPoint) -> None:
    """Refuse what would delete or disassociate a point that a legal hold names, or an access point is made for."""
    hold = held(vault, point)
    if hold is not None:
        message = f"Recovery point {point.arn} cannot be deleted: it is under the legal hold {hold.hold_id}."
        raise InvalidRequestException(message)
    backend = known_backend(vault.account, vault.region)
    in_use = [] if backend is None else list(backend.governance.access_points.values())
    if any(one.point_arn == point.arn and one.passing is not None for one in in_use):
        raise InvalidRequestException(f"Recovery point {point.arn} cannot be deleted: it has a backup access point.")


def _names(hold: LegalHold, vault: Vault, point: RecoveryPoint) -> bool:
    """Whether the hold's selection covers a point; what it does not mention covers everything."""
    wanted = hold.selection
    dates = wanted.get("DateRange")
    return (
        (not wanted.get("VaultNames") or vault.name in wanted["VaultNames"])
        and (not wanted.get("ResourceIdentifiers") or point.resource_arn in wanted["ResourceIdentifiers"])
        and (dates is None or _utc(dates["FromDate"]) <= point.created <= _utc(dates["ToDate"]))
    )


def _utc(moment: datetime) -> datetime:
    """A time from a request; moto reads it without its zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
