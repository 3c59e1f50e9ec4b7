"""Restore access backup vaults: made by the recovery side, opened by the vote of the source vault's team."""

from typing import Any

from emulator.world import choices, clock

from ..common import control_events, other_services, undocumented
from ..exceptions import InvalidParameterValueException, InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend, air_gapped_vault, backend_of, find_vault
from ..records import arns
from ..records.entities import RESTORE_ACCESS, Access, AirGappedVault, RestoreAccessVault
from . import vaults
from .approval_team import OUTCOMES, start_vote, told, usable_team

CREATE = "backup:CreateRestoreAccessBackupVault"
REVOKE = "backup:RevokeRestoreAccessBackupVault"
_LONGEST_NAME = 50

_PREFIX = "restore-access-"


def create(
    backend: BackupBackend,
    source_arn: str,
    name: str | None,
    tags: dict[str, str],
    creator_request_id: str | None,
    comment: str,
) -> RestoreAccessVault:
    """A mount point that stays closed until the team of the source vault has approved."""
    source = _source(backend, source_arn)
    name = name or f"{_PREFIX}{source.name}"[:_LONGEST_NAME]
    earlier = vaults.same_request(backend, name, RESTORE_ACCESS, creator_request_id)
    if isinstance(earlier, RestoreAccessVault):
        return earlier
    if source.team_arn is None:
        raise InvalidRequestException(f"Backup vault {source_arn} has no approval team, so nobody can grant access.")
    usable_team(source.team_arn, backend.account)
    vault = RestoreAccessVault(
        name, backend.account, backend.region, clock.now(), creator_request_id, key_arn=source.key_arn, tags=tags
    )
    vault.key_type = source.key_type
    vault.source_arn = source.arn
    vaults.check_quota(backend)
    description = f"Give account {backend.account} restore access to backup vault {source.arn}."
    payload = {"vault_arn": source.arn, "access_arn": vault.arn}
    vote = told(start_vote(backend, source, CREATE, comment, description, payload), CREATE, vault)
    vault.session_arn = vote.session_arn
    vault.state = "FAILED" if vote.status == "FAILED" else vault.state
    source.accesses[vault.arn] = Access(vault.arn, vault.created)
    vaults.add_vault(backend, vault)
    return vault


def _source(backend: BackupBackend, source_arn: str) -> AirGappedVault:
    arn = arns.parse(source_arn)
    if arn is None or arn.service != "backup" or not arn.resource.startswith("backup-vault:"):
        raise InvalidParameterValueException(f"SourceBackupVaultArn: {source_arn} is not the ARN of a backup vault.")
    if arn.region != backend.region:
        message = (
            f"Backup vault {source_arn} is in {arn.region}; ask for access in that Region, not in {backend.region}."
        )
        raise InvalidParameterValueException(message)
    if find_vault(source_arn) is None:
        raise ResourceNotFoundException(f"Backup vault {source_arn} does not exist.")
    source = air_gapped_vault(source_arn)
    if source is None:
        raise InvalidRequestException(f"{source_arn} is not a logically air-gapped vault.")
    return source


def _granted(session: Any, outcome: str) -> str:
    """The vote about access is over: open on a yes; what is left after a no is a choice."""
    vault = find_vault(session.payload["access_arn"])
    if not isinstance(vault, RestoreAccessVault) or vault.session_arn != session.arn:
        return "FAILED"
    source = air_gapped_vault(vault.source_arn)
    if outcome != "APPROVED" or source is None:
        why = OUTCOMES.get(outcome, outcome)
        control_events.vote_failed("CreateRestoreAccessBackupVault", vault, session.arn, why)
        _close(vault, source)
        return "FAILED"
    vault.state = "AVAILABLE"
    source.accesses[vault.arn].approved = clock.now()
    return "EXECUTED"


def _close(vault: RestoreAccessVault, source: AirGappedVault | None) -> None:
    vault.state = "FAILED"
    if choices.taken(undocumented.RESTORE_ACCESS_NOT_APPROVED) == "removed":
        if source is not None:
            source.accesses.pop(vault.arn, None)
        backend_of(vault.account, vault.region).vaults.pop(vault.name, None)


def list_for_owner(backend: BackupBackend, vault_name: str) -> list[tuple[Access, RestoreAccessVault]]:
    """The restore access vaults on a vault of this account, with their present state."""
    vault = backend.vault(vault_name)
    if not isinstance(vault, AirGappedVault):
        raise InvalidParameterValueException(f"{vault_name} is not a logically air-gapped vault.")
    found = ((access, find_vault(access.arn)) for access in vault.accesses.values())
    return [(access, mounted) for access, mounted in found if isinstance(mounted, RestoreAccessVault)]


def revoke(backend: BackupBackend, vault_name: str, access_arn: str, comment: str) -> None:
    arn = arns.parse(access_arn)
    if arn is None or arn.service != "backup" or not arn.resource.startswith("backup-vault:"):
        message = f"RestoreAccessBackupVaultArn: {access_arn} is not the ARN of a backup vault."
        raise InvalidParameterValueException(message)
    vault = backend.vault(vault_name)
    if not isinstance(vault, AirGappedVault):
        raise InvalidRequestException(f"{vault_name} is not a logically air-gapped vault.")
    access = vault.accesses.get(access_arn)
    if access is None:
        raise ResourceNotFoundException(f"Backup vault {vault_name} has no restore access backup vault {access_arn}.")
    if access.approved is None:
        raise InvalidRequestException(f"{access_arn} is not AVAILABLE, so there is no access to revoke.")
    if vault.team_arn is None:
        raise InvalidRequestException(f"Backup vault {vault_name} has no approval team, so nobody can vote on this.")
    if access.revoke is not None and access.revoke.status == "PENDING":
        raise InvalidRequestException(f"The revocation of {access_arn} is being voted on already.")
    description = f"Take away the access of {access_arn} to backup vault {vault.arn}."
    payload = {"vault_arn": vault.arn, "access_arn": access_arn}
    access.revoke = told(start_vote(backend, vault, REVOKE, comment, description, payload), REVOKE, vault)


def _revoked(session: Any, outcome: str) -> str:
    vault = air_gapped_vault(session.payload["vault_arn"])
    access = None if vault is None else vault.accesses.get(session.payload["access_arn"])
    if vault is None or access is None or access.revoke is None or access.revoke.session_arn != session.arn:
        return "FAILED"
    if outcome != "APPROVED":
        access.revoke.status = "FAILED"
        access.revoke.message = OUTCOMES.get(outcome, outcome)
        control_events.vote_failed("RevokeRestoreAccessBackupVault", vault, session.arn, access.revoke.message)
        return "FAILED"
    vaults.remove_access_vault(access.arn)
    del vault.accesses[access.arn]
    return "EXECUTED"


other_services.register_executor(CREATE, _granted)
other_services.register_executor(REVOKE, _revoked)
