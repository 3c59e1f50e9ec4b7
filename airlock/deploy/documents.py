"""What a deployment writes for others: the handover file beside the program, and the inventory of the kit."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from airlock.deploy.plan import PlannedStack
from airlock.deploy.state import State
from airlock.domain import contracts
from airlock.domain.arns import parse
from airlock.domain.contracts import Contract, LandingContract, RecoveryContract, SharedVault
from airlock.domain.handover import Handover
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.estate import Estate

C = TypeVar("C", bound=Contract)

_HOLD_VAULTS: Mapping[str, type[contracts.HoldsVaults[str]]] = {
    "vault": contracts.VaultContract[str],
    "workload": contracts.WorkloadContract[str],
}


def write_handover(path: Path, estate: Estate, recovery: PlannedStack, state: State) -> None:
    """The contract of the recovery stack; one that is not whole is refused here, before somebody carries it."""
    contract = _read(RecoveryContract[str], recovery, {recovery.name: state})
    handover = Handover(
        estate=estate.name,
        organization=estate.recovery_side,
        written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        contracts={recovery.role: contract.export()},
    )
    write_whole(path, handover.dump())


def write_inventory_file(
    path: Path, estate: Estate, stacks: Sequence[PlannedStack], states: Mapping[str, State]
) -> None:
    """Everything that a recovery needs, from the topology and from what the stacks export."""
    write_whole(path, assemble(estate, stacks, states).to_json())


def assemble(estate: Estate, stacks: Sequence[PlannedStack], states: Mapping[str, State]) -> Inventory:
    """The inventory; `states` holds the state of each stack that was deployed."""
    by_role = {stack.role: stack for stack in stacks}
    recovery = _read(RecoveryContract[str], by_role["recovery"], states)
    landing = _read(LandingContract[str], by_role["landing"], states)
    teams = {name: team.arn for name, team in recovery.teams.items()}
    vaults = [
        vault
        for stack in stacks
        if stack.role in _HOLD_VAULTS
        for vault in _read(_HOLD_VAULTS[stack.role], stack, states).vaults
    ]
    return Inventory(
        estate=estate.name,
        pattern=estate.pattern,
        written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        landing=_landing(estate, landing),
        teams=[_team(estate, name, arn) for name, arn in teams.items()],
        portal_url=recovery.portal_url,
        vaults=[_vault(estate, vault, teams) for vault in vaults],
        primary_account_ids=[account.id for account in estate.organization_accounts("primary")],
    )


def _read(contract: type[C], stack: PlannedStack, states: Mapping[str, State]) -> C:
    state = states.get(stack.name)
    return contracts.read(contract, state.contract() if state else None, contracts.stack(stack.name))


def _landing(estate: Estate, contract: LandingContract[str]) -> Landing:
    account = estate.account(estate.roles.landing)
    return Landing(
        account_id=account.id,
        region=estate.region,
        profile=account.profile,
        requester_role_arn=contract.requester_role_arn,
        restore_role_arn=contract.restore_role_arn,
        kms_key_arn=contract.kms_key_arn,
    )


def _team(estate: Estate, name: str, arn: str) -> Team:
    team = estate.teams[name]
    approvers = [person.user for person in team.approvers]
    return Team(name=name, arn=arn, threshold=team.threshold, approvers=approvers)


def _vault(estate: Estate, vault: SharedVault[str], teams: Mapping[str, str]) -> ProtectedVault:
    arn = parse(vault.arn)
    class_name, data_class, bounds = next(
        (name, data_class, generation)
        for name, data_class in estate.data_classes.items()
        for generation in data_class.vaults
        if generation.name == vault.name and estate.account(data_class.vault_account).id == arn.account
    )
    return ProtectedVault(
        name=vault.name,
        arn=vault.arn,
        region=arn.region,
        account_id=arn.account,
        data_class=class_name,
        team_arn=teams[data_class.team],
        min_retention_days=bounds.min_retention_days,
        max_retention_days=bounds.max_retention_days,
        rto_minutes=data_class.objectives.rto_minutes,
        rpo_minutes=data_class.objectives.rpo_minutes,
        resource_types=list(data_class.resource_types),
    )


def write_whole(path: Path, text: str) -> None:
    """The old content or the new one, never half of it: others read the file while it is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # mkstemp keeps others out; these files hold no secret and are meant to be read.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
