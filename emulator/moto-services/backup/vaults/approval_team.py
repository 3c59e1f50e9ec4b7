"""The approval team of an air-gapped vault: associated at once, changed and taken off only by that team's vote."""

from typing import Any

from emulator import authorization
from emulator.authorization.services.mpa import start_session
from emulator.world import caller as _caller
from emulator.world import choices, clock

from ..common import control_events, other_services, settings, undocumented
from ..exceptions import InvalidParameterValueException, InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend, air_gapped_vault
from ..records import arns
from ..records.entities import AirGappedVault, PendingVote, Vault

ASSOCIATE = "backup:AssociateBackupVaultMpaApprovalTeam"
DISASSOCIATE = "backup:DisassociateBackupVaultMpaApprovalTeam"

# What DescribeBackupVault says of a vote that did not end in a yes.
OUTCOMES = {
    "REJECTED": "The approval team rejected the request.",
    "EXPIRED": "The request expired before the approval team approved it.",
    "CONFIGURATION_CHANGED": "The request ended because the association of the vault changed.",
    "CANCELLED": "The request was cancelled.",
    "NOT_AUTHORIZED": "The request was approved, but the requester is not authorized to perform it any more.",
    "TEAM_DELETED": "The request ended because the approval team was deleted.",
}


def associate(backend: BackupBackend, vault_name: str, team_arn: str, comment: str) -> None:
    vault = _air_gapped(backend, vault_name)
    usable_team(team_arn, backend.account)
    if not settings.organization_allows(backend.account, settings.MPA):
        raise InvalidRequestException(_not_switched_on(vault_name))
    if vault.team_arn is None:
        vault.team_arn = team_arn
        control_events.association_completed(vault)
        other_services.configuration_changed(vault.arn)
    elif vault.team_arn != team_arn:
        description = f"Replace the approval team of backup vault {vault.arn} by {team_arn}."
        payload = {"vault_arn": vault.arn, "team_arn": team_arn}
        _ask(backend, vault, ASSOCIATE, comment, description, payload)


def _not_switched_on(vault_name: str) -> str:
    if choices.taken(undocumented.NOT_OPTED_IN) == "short":
        return "MPA is not opted-in"
    return (
        f"Backup vault {vault_name} cannot take an approval team: Multi-party approval is not switched on "
        f"({settings.MPA}) in the management account of the organization."
    )


def disassociate(backend: BackupBackend, vault_name: str, comment: str) -> None:
    vault = _air_gapped(backend, vault_name)
    if vault.team_arn is None:
        raise InvalidRequestException(f"Backup vault {vault_name} has no approval team.")
    description = f"Remove the approval team from backup vault {vault.arn}."
    _ask(backend, vault, DISASSOCIATE, comment, description, {"vault_arn": vault.arn, "team_arn": ""})


def _air_gapped(backend: BackupBackend, name: str) -> AirGappedVault:
    vault = backend.vault(name)
    if not isinstance(vault, AirGappedVault):
        raise InvalidRequestException(f"{name} is not a logically air-gapped vault, so it takes no approval team.")
    return vault


def usable_team(team_arn: str, account: str) -> None:
    """Refuse a team that this account cannot use: unknown, not shared with it, or not active."""
    arn = arns.parse(team_arn)
    if arn is None or arn.service != "mpa" or not arn.resource.startswith("approval-team/"):
        raise InvalidParameterValueException(f"{team_arn} is not the ARN of an approval team.")
    team = other_services.team(team_arn)
    if team is None:
        raise ResourceNotFoundException(f"Approval team {team_arn} does not exist.")
    if team.owner_account != account and not other_services.shared_with(team_arn, account):
        raise InvalidRequestException(f"Approval team {team_arn} is not shared with account {account}.")
    if team.status != "ACTIVE":
        raise InvalidRequestException(f"Approval team {team_arn} is {team.status}; only an ACTIVE team can be used.")


def start_vote(
    backend: BackupBackend, vault: AirGappedVault, action: str, comment: str, description: str, payload: dict[str, str]
) -> PendingVote:
    """Put a request about a vault to its team, in the caller's name.

    Without the permission to start a session the call itself succeeds, as AWS documents it, and the request is FAILED.
    """
    caller = _caller.current()
    permission = start_session(str(vault.team_arn), action, vault.arn, "backup")
    refusal = authorization.allowed(caller, backend.region, permission)
    if refusal:
        return PendingVote("", clock.now(), status="FAILED", message=refusal)
    try:
        session_arn = other_services.start_session(
            team_arn=vault.team_arn,
            action_name=action,
            protected_resource_arn=vault.arn,
            requester_account=backend.account,
            requester_principal=caller.principal_arn,
            requester_region=backend.region,
            comment=comment,
            description=description,
            executor=action,
            payload=payload,
        )
    except (LookupError, ValueError) as reason:
        message = f"The approval team of backup vault {vault.name} cannot vote on this request: {reason}"
        raise InvalidRequestException(message) from reason
    return PendingVote(session_arn, clock.now())


def told(vote: PendingVote, action: str, vault: Vault) -> PendingVote:
    """The vote, after an announcement when it could not even begin."""
    if vote.status == "FAILED":
        control_events.vote_failed(action.partition(":")[2], vault, vote.session_arn, vote.message)
    return vote


def _ask(
    backend: BackupBackend, vault: AirGappedVault, action: str, comment: str, description: str, payload: dict[str, str]
) -> None:
    if vault.team_update is not None and vault.team_update.status == "PENDING":
        message = f"Backup vault {vault.name} has a change of its approval team that is not decided yet."
        raise InvalidRequestException(message)
    vault.team_update = told(start_vote(backend, vault, action, comment, description, payload), action, vault)


def _decided(session: Any, outcome: str) -> str:
    """The vote about a change of team is over; a yes takes effect and ends every other vote about the vault."""
    vault = air_gapped_vault(session.payload["vault_arn"])
    if vault is None or vault.team_update is None or vault.team_update.session_arn != session.arn:
        return "FAILED"
    if outcome != "APPROVED":
        vault.team_update.status = "FAILED"
        vault.team_update.message = OUTCOMES.get(outcome, outcome)
        operation = session.request.executor.partition(":")[2]
        control_events.vote_failed(operation, vault, session.arn, vault.team_update.message)
        return "FAILED"
    vault.team_arn = session.payload["team_arn"] or None
    vault.team_update.status = "APPROVED"
    if vault.team_arn is not None:
        control_events.association_completed(vault)
    other_services.configuration_changed(vault.arn)
    return "EXECUTED"


other_services.register_executor(ASSOCIATE, _decided)
other_services.register_executor(DISASSOCIATE, _decided)
