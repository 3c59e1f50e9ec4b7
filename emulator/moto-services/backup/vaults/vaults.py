"""Backup vaults: standard and logically air-gapped ones, their policies and notifications."""

from datetime import timedelta
from typing import Any

from emulator.world import agenda, choices, clock, pace

from ..common import control_events, other_services, undocumented
from ..exceptions import (
    AccessDeniedException,
    AlreadyExistsException,
    InvalidParameterValueException,
    InvalidRequestException,
    LimitExceededException,
    ResourceNotFoundException,
)
from ..models import BackupBackend, air_gapped_vault, backup_backends, known_backend
from ..protection import access_policies
from ..records import arns
from ..records.entities import AIR_GAPPED, STANDARD, AirGappedVault, Lock, RestoreAccessVault, Vault
from ..recovery_points import points

_QUOTA = 300
_SHORTEST_RETENTION = 7
_LONGEST_RETENTION = 36500
_AIR_GAPPED_CREATION = timedelta(minutes=2)
_UNTIL_GONE = timedelta(minutes=2)
_DEFAULT_KEY = "alias/aws/backup"


def create_vault(
    backend: BackupBackend, name: str, tags: dict[str, str], key_arn: str | None, creator_request_id: str | None
) -> Vault:
    earlier = same_request(backend, name, STANDARD, creator_request_id)
    if earlier is not None:
        return earlier
    key = _vault_key(backend, key_arn)
    vault = Vault(name, backend.account, backend.region, clock.now(), creator_request_id, key_arn=key, tags=tags)
    return add_vault(backend, vault)


def create_air_gapped_vault(
    backend: BackupBackend,
    name: str,
    tags: dict[str, str],
    key_arn: str | None,
    creator_request_id: str | None,
    retention: tuple[int, int],
) -> Vault:
    """A logically air-gapped vault: CREATING first, and locked for good from this moment."""
    shortest, longest = retention
    if shortest < _SHORTEST_RETENTION:
        raise InvalidParameterValueException(f"MinRetentionDays is {shortest}; it has to be at least 7.")
    if not shortest <= longest <= _LONGEST_RETENTION:
        message = f"MaxRetentionDays is {longest}; it has to lie between MinRetentionDays and {_LONGEST_RETENTION}."
        raise InvalidParameterValueException(message)
    earlier = same_request(backend, name, AIR_GAPPED, creator_request_id)
    if earlier is not None:
        return earlier
    now = clock.now()
    vault = AirGappedVault(name, backend.account, backend.region, now, creator_request_id, tags=tags)
    vault.key_arn = None if key_arn is None else _given_key(key_arn)
    vault.key_type = "AWS_OWNED_KMS_KEY" if key_arn is None else "CUSTOMER_MANAGED_KMS_KEY"
    vault.lock = Lock(shortest, longest, now)
    vault.creating = pace.step(_AIR_GAPPED_CREATION)
    vault.key_missing = key_arn is not None and not _exists(key_arn)
    return add_vault(backend, vault)


def same_request(backend: BackupBackend, name: str, kind: str, creator_request_id: str | None) -> Vault | None:
    """The vault that an earlier attempt of this very request made; AlreadyExists for anybody else's of that name.

    The name of a vault that is being deleted is taken until it is gone.
    """
    look_at_leaving(backend)
    vault = backend.vaults.get(name) or backend.leaving.get(name)
    if vault is None:
        return None
    again = creator_request_id and creator_request_id == vault.creator_request_id and vault.kind == kind
    if again and name in backend.vaults:
        return vault
    raise AlreadyExistsException(
        f"Backup vault with the name {name} already exists.",
        arn=vault.arn,
        creator_request_id=vault.creator_request_id or "",
    )


def check_quota(backend: BackupBackend) -> None:
    if len(backend.vaults) >= _QUOTA:
        raise LimitExceededException(f"This account has {_QUOTA} backup vaults in {backend.region}, the most allowed.")


def add_vault(backend: BackupBackend, vault: Vault) -> Vault:
    check_quota(backend)
    backend.vaults[vault.name] = vault
    control_events.vault(vault, "CREATED")
    return vault


def _vault_key(backend: BackupBackend, key: str | None) -> str:
    """The ARN of the key of a standard vault; a key of this account has to exist where the vault is made."""
    if key is None:
        return other_services.aws_managed_key(_DEFAULT_KEY, backend.account, backend.region)
    found = other_services.kms_key(key, backend.account, backend.region)
    if found is not None:
        return str(found.arn)
    if key.split(":")[4:5] == [backend.account] or not key.startswith("arn:"):
        raise InvalidParameterValueException(f"EncryptionKeyArn: there is no key {key} in this account and Region.")
    return _given_key(key)


def _exists(key: str) -> bool:
    """Whether a key that an ARN names is there, in whichever account; without it the vault ends up FAILED."""
    arn = arns.parse(key)
    return arn is not None and other_services.kms_key(key, arn.account, arn.region) is not None


def _given_key(key: str) -> str:
    arn = arns.parse(key)
    if arn is None or arn.service != "kms":
        raise InvalidParameterValueException(f"EncryptionKeyArn: {key} is not the ARN of a KMS key.")
    return key


def delete_vault(backend: BackupBackend, name: str) -> None:
    """Delete an empty vault; a restore access vault holds nothing and is let go by its account at any time."""
    vault = backend.vault(name)
    access_policies.check_not_denied(vault, "backup:DeleteBackupVault")
    points.look(vault)
    if vault.points:
        raise InvalidRequestException(f"Backup vault {name} cannot be deleted because it contains recovery points.")
    if isinstance(vault, RestoreAccessVault):
        source = air_gapped_vault(vault.source_arn)
        if source is not None:
            source.accesses.pop(vault.arn, None)
    del backend.vaults[name]
    if not isinstance(vault, AirGappedVault):
        control_events.vault(vault, "DELETED")
        return
    _forget_accesses(vault)
    lasts = choices.taken(undocumented.DELETED_VAULT) == "gone-after-minutes"
    vault.leaving = pace.step(_UNTIL_GONE, by_clock=lasts)
    backend.leaving[name] = vault
    agenda.at(vault.leaving.due, "backup.vault_is_gone", backend.account, backend.region, name)


def look_at_leaving(backend: BackupBackend) -> None:
    """Somebody looks at the vaults: the deletion of an air-gapped one is mostly over with the second look."""
    for vault in list(backend.leaving.values()):
        if vault.leaving is not None and vault.leaving.look(clock.now()):
            _is_gone(backend, vault)


@agenda.handler("backup.vault_is_gone")
def _vault_is_gone(account: str, region: str, name: str) -> None:
    backend = known_backend(account, region)
    vault = None if backend is None else backend.leaving.get(name)
    if backend is not None and vault is not None and vault.leaving is not None and vault.leaving.due <= clock.now():
        _is_gone(backend, vault)


def _is_gone(backend: BackupBackend, vault: AirGappedVault) -> None:
    del backend.leaving[vault.name]
    control_events.vault(vault, "DELETED")


def _forget_accesses(vault: AirGappedVault) -> None:
    """A vault that is gone leaves no mount points behind, and nobody has to vote about it any more."""
    for access_arn in vault.accesses:
        remove_access_vault(access_arn)
    if vault.team_arn is not None:
        other_services.configuration_changed(vault.arn)


def remove_access_vault(access_arn: str) -> None:
    arn = arns.parse(access_arn)
    backend = None if arn is None else known_backend(arn.account, arn.region)
    if arn is None or backend is None:
        return
    vault = backend.vaults.pop(arn.resource.removeprefix("backup-vault:"), None)
    if isinstance(vault, RestoreAccessVault):
        control_events.access_deleted(vault)


def readable_vault(backend: BackupBackend, name: str, owner: str | None) -> Vault:
    """The vault as the caller may see it: its own, or one that another account shares with it."""
    if owner is None or owner == backend.account:
        look_at_leaving(backend)
        if name in backend.leaving:
            return backend.leaving[name]
        if name not in backend.vaults and (_unknown_is_hidden() or _shared_by_anybody(backend, name)):
            raise AccessDeniedException
        return backend.vault(name)
    other = known_backend(owner, backend.region)
    vault = None if other is None else other.vaults.get(name)
    if vault is None or vault.kind != AIR_GAPPED or not other_services.shared_with(vault.arn, backend.account):
        raise AccessDeniedException
    return vault


def _unknown_is_hidden() -> bool:
    return choices.taken(undocumented.UNKNOWN_VAULT) == "hidden"


def _shared_by_anybody(backend: BackupBackend, name: str) -> bool:
    return any(vault.name == name for vault in shared_vaults(backend, name))


def shared_vaults(backend: BackupBackend, name: str | None = None) -> list[Vault]:
    """The air-gapped vaults (of that name) of other accounts in this Region that are shared with this account."""
    others = [known_backend(account, backend.region) for account in list(backup_backends) if account != backend.account]
    return [
        vault
        for other in others
        if other is not None
        for vault in other.vaults.values()
        if vault.kind == AIR_GAPPED
        and name in (None, vault.name)
        and other_services.shared_with(vault.arn, backend.account)
    ]


def list_vaults(backend: BackupBackend, kind: str | None, shared: bool | None) -> list[Vault]:
    look_at_leaving(backend)
    found = shared_vaults(backend) if shared else [*backend.vaults.values(), *backend.leaving.values()]
    return [vault for vault in found if kind is None or vault.kind == kind]


# Access policy and notifications


def put_policy(backend: BackupBackend, name: str, policy: str | None) -> None:
    vault = backend.vault(name)
    access_policies.check_not_denied(vault, "backup:PutBackupVaultAccessPolicy")
    if policy is None:
        vault.policy = None
        return
    access_policies.check_policy(policy)
    vault.policy = policy


def policy_of(backend: BackupBackend, name: str) -> tuple[Vault, str]:
    vault = backend.vault(name)
    if vault.policy is None:
        raise ResourceNotFoundException(f"Backup vault {name} has no access policy.")
    return vault, vault.policy


def delete_policy(backend: BackupBackend, name: str) -> None:
    vault = backend.vault(name)
    access_policies.check_not_denied(vault, "backup:DeleteBackupVaultAccessPolicy")
    vault.policy = None


def put_notifications(backend: BackupBackend, name: str, topic_arn: str, events: list[str]) -> None:
    vault = backend.vault(name)
    arn = arns.parse(topic_arn)
    if arn is None or arn.service != "sns":
        raise InvalidParameterValueException(f"SNSTopicArn: {topic_arn} is not the ARN of an SNS topic.")
    vault.notifications = {"SNSTopicArn": topic_arn, "BackupVaultEvents": events}


def notifications_of(backend: BackupBackend, name: str) -> tuple[Vault, dict[str, Any]]:
    vault = backend.vault(name)
    if vault.notifications is None:
        raise ResourceNotFoundException(f"Backup vault {name} has no notifications.")
    return vault, vault.notifications


def delete_notifications(backend: BackupBackend, name: str) -> None:
    backend.vault(name).notifications = None
