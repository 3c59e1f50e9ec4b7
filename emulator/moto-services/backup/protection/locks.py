"""Vault locks: governance and compliance mode of standard vaults, and the lock of every air-gapped vault."""

from datetime import timedelta

from emulator.world import clock

from ..common import control_events
from ..exceptions import InvalidParameterValueException, InvalidRequestException
from ..models import BackupBackend
from ..records.entities import STANDARD, Lifecycle, Lock, Vault

_SHORTEST_GRACE = 3
_LONGEST = 36500
_NEVER = -1


def put_lock(
    backend: BackupBackend, name: str, min_days: int | None, max_days: int | None, changeable_for: int | None
) -> None:
    """Lock a standard vault: with `changeable_for` in compliance mode after that many days, else in governance mode."""
    vault = _changeable(backend, name)
    if min_days is not None and min_days < 1:
        raise InvalidParameterValueException(f"MinRetentionDays is {min_days}; it has to be at least 1.")
    if max_days is not None and not 1 <= max_days <= _LONGEST:
        raise InvalidParameterValueException(f"MaxRetentionDays is {max_days}; it has to lie between 1 and {_LONGEST}.")
    if min_days is not None and max_days is not None and max_days < min_days:
        raise InvalidParameterValueException("MaxRetentionDays has to be at least MinRetentionDays.")
    if changeable_for is not None and not _SHORTEST_GRACE <= changeable_for <= _LONGEST:
        message = f"ChangeableForDays is {changeable_for}; it has to lie between {_SHORTEST_GRACE} and {_LONGEST}."
        raise InvalidParameterValueException(message)
    date = None if changeable_for is None else clock.now() + timedelta(days=changeable_for)
    vault.lock = Lock(min_days, max_days, date)
    control_events.vault(vault, "MODIFIED")


def delete_lock(backend: BackupBackend, name: str) -> None:
    vault = _changeable(backend, name)
    vault.lock = None
    control_events.vault(vault, "MODIFIED")


def _changeable(backend: BackupBackend, name: str) -> Vault:
    vault = backend.vault(name)
    if vault.kind != STANDARD:
        raise InvalidRequestException(
            f"The lock configuration of {name} cannot be changed: its vault type is {vault.kind}."
        )
    if vault.lock is not None and vault.lock.immutable:
        raise InvalidRequestException(f"Backup vault {name} is locked in compliance mode; its lock cannot be changed.")
    return vault


def fits(vault: Vault, lifecycle: Lifecycle) -> bool:
    """Whether the vault takes a point of this retention. Kept forever is longer than any maximum."""
    if vault.lock is None:
        return True
    days = retention(lifecycle)
    lowest, highest = vault.lock.min_days, vault.lock.max_days
    if days is None:
        return highest is None
    return (lowest is None or days >= lowest) and (highest is None or days <= highest)


def retention(lifecycle: Lifecycle) -> int | None:
    """The days after which a point is deleted; None, which AWS also writes as -1, is never."""
    days = lifecycle.get("DeleteAfterDays")
    return None if days == _NEVER else days


def check_lifecycle(lifecycle: Lifecycle) -> None:
    """Refuse a lifecycle that no vault could keep: cold storage has to be left 90 days before the end."""
    for name in ("MoveToColdStorageAfterDays", "DeleteAfterDays"):
        days = lifecycle.get(name)
        if days is not None and days != _NEVER and not 1 <= days <= _LONGEST:
            message = f"{name} is {days}; it has to lie between 1 and {_LONGEST}, or to be -1 for never."
            raise InvalidParameterValueException(message)
    cold = lifecycle.get("MoveToColdStorageAfterDays")
    cold, delete = None if cold == _NEVER else cold, retention(lifecycle)
    if lifecycle.get("DeleteAfterEvent"):
        raise InvalidParameterValueException("DeleteAfterEvent cannot be set; AWS Backup shows it in answers only.")
    if cold is not None and delete is not None and delete < cold + 90:
        message = (
            f"DeleteAfterDays ({delete}) has to be at least 90 days more than MoveToColdStorageAfterDays ({cold})."
        )
        raise InvalidParameterValueException(message)
