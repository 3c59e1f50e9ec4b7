"""Assembles what a recovery needs from the topology and from what the stacks export."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airlock.deploy.events import ignore
from airlock.deploy.files import write_whole
from airlock.deploy.plan import PlannedStack
from airlock.deploy.request import DeployRequest
from airlock.deploy.session import Session
from airlock.deploy.state import State
from airlock.domain.arns import parse
from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.estate import Estate

_HOLD_VAULTS = ("vault", "workload")


def inventory_path(request: DeployRequest) -> Path:
    return request.project / "build" / "kit" / "inventory.json"


def write_inventory(request: DeployRequest) -> Path:
    """Reads the state of every stack and writes build/kit/inventory.json."""
    session = Session(request, ignore)
    path = inventory_path(request)
    write(path, assemble(session.estate, session.stacks, session.states()))
    return path


def write(path: Path, inventory: Inventory) -> None:
    write_whole(path, inventory.to_json())


def assemble(estate: Estate, stacks: Sequence[PlannedStack], states: Mapping[str, State]) -> Inventory:
    contracts = {stack.name: _contract(stack, states) for stack in stacks if stack.role in _READ}
    recovery = _the(contracts, stacks, "recovery")
    arns = {name: team["arn"] for name, team in recovery["teams"].items()}
    vaults = [
        _vault(estate, exported, arns)
        for stack in stacks
        if stack.role in _HOLD_VAULTS
        for exported in contracts[stack.name]["vaults"]
    ]
    return Inventory(
        estate=estate.name,
        pattern=estate.pattern,
        written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        landing=_landing(estate, _the(contracts, stacks, "landing")),
        teams=[_team(estate, name, arn) for name, arn in arns.items()],
        portal_url=recovery["portal_url"],
        vaults=vaults,
        primary_account_ids=[account.id for account in estate.organization_accounts("primary")],
    )


_READ = ("recovery", "landing", *_HOLD_VAULTS)


def _contract(stack: PlannedStack, states: Mapping[str, State]) -> dict[str, Any]:
    state = states.get(stack.name)
    contract = state.contract() if state is not None else None
    if contract is None:
        raise UsageError(
            f"The stack `{stack.name}` was not deployed yet, or not by this version: it exports no `contract`. Without"
            " it the inventory would miss what a recovery needs. Run `airlock deploy` first."
        )
    return contract


def _the(contracts: Mapping[str, dict[str, Any]], stacks: Sequence[PlannedStack], role: str) -> dict[str, Any]:
    return next(contracts[stack.name] for stack in stacks if stack.role == role)


def _landing(estate: Estate, contract: Mapping[str, Any]) -> Landing:
    account = estate.account(estate.roles.landing)
    return Landing(
        account_id=account.id,
        region=estate.region,
        profile=account.profile,
        requester_role_arn=contract["requester_role_arn"],
        restore_role_arn=contract["restore_role_arn"],
        kms_key_arn=contract["kms_key_arn"],
    )


def _team(estate: Estate, name: str, arn: str) -> Team:
    team = estate.teams[name]
    approvers = [person.user for person in team.approvers]
    return Team(name=name, arn=arn, threshold=team.threshold, approvers=approvers)


def _vault(estate: Estate, exported: Mapping[str, Any], teams: Mapping[str, str]) -> ProtectedVault:
    arn = parse(exported["arn"])
    name = exported["name"]
    data_class, described = next(
        (key, vault)
        for key, each in estate.data_classes.items()
        for vault in each.vaults
        if vault.name == name and estate.account(each.vault_account).id == arn.account
    )
    found = estate.data_classes[data_class]
    return ProtectedVault(
        name=name,
        arn=exported["arn"],
        region=arn.region,
        account_id=arn.account,
        data_class=data_class,
        team_arn=teams[found.team],
        min_retention_days=described.min_retention_days,
        max_retention_days=described.max_retention_days,
        rto_minutes=found.objectives.rto_minutes,
        rpo_minutes=found.objectives.rpo_minutes,
        resource_types=list(found.resource_types),
    )
