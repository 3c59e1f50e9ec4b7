"""VaultApproval: which team can open a vault. The table is in README.md."""

from dataclasses import dataclass, fields, replace
from typing import ClassVar, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.approvals import Approvals
from airlock.clients.backups import Backups
from airlock.domain.arns import parse
from airlock.domain.errors import AccessDenied, Conflict, NotFound
from airlock.providers import vault_table as table
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props
from airlock.providers.vault_table import LiveVault, Step


class VaultApprovalProvider(Converging[LiveVault, Step]):
    """Looks at the vault once per run and, while it has no team, at what stands in the way."""

    one_way_doors: ClassVar[dict[str, str]] = {
        "vault_arn": "an association stays with its vault. Add one for the other vault, and keep this one in the "
        "program until its own vault is empty",
    }

    def problems(self, known: Props) -> list[tuple[str, str]]:
        return _problems(known)

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        return inputs["vault_arn"], {}

    def look(self, run: Run) -> LiveVault | None:
        backups = Backups(run.connection)
        vault = backups.find_vault(run.inputs["vault_name"])
        if vault is None:
            return None
        desired = _desired(run)
        live = LiveVault(state=vault.state, team_arn=vault.team_arn, request=vault.last_team_update)
        if vault.team_arn or desired.absent or desired.is_lost or vault.state != "AVAILABLE":
            return live
        opted_in = backups.global_settings().get("isMpaEnabled", False)
        return replace(live, opted_in=opted_in, team_status=_team_status(run))

    def step(self, run: Run, live: LiveVault | None) -> Step | None:
        return table.step(live, _desired(run)) if live else None

    def refusal(self, run: Run, live: LiveVault | None) -> str:
        desired = _desired(run)
        if table.status(live, desired) != "GONE":
            return ""
        if live is None:
            return (
                f"There is no vault `{run.inputs['vault_name']}` ({run.id}), so no team can be associated with it. "
                "If it was removed on purpose, take it and this association out of the program; else find out who "
                "removed it."
            )
        return (
            f"Vault `{run.inputs['vault_name']}` has lost its approval team, though this program did not ask for "
            "it. Only a vote of that team can take it off, so find out who asked and who approved. Set "
            f"`recreate: true` to associate {run.inputs['team_arn']} with it again."
        )

    def act(self, run: Run, step: Step) -> Props:
        backups, inputs = Backups(run.connection), run.inputs
        name = inputs["vault_name"]
        comment = f"Airlock: {inputs['owner']}"
        match step:
            case Step.ASSOCIATE:
                asked = inputs["team_arn"]
                backups.associate_team(name, asked, comment)
            case Step.DISASSOCIATE:
                asked = table.REMOVAL
                backups.disassociate_team(name, comment)
            case _:
                assert_never(step)
        request = backups.describe_vault(name).last_team_update
        return {"asked": asked, "session_arn": request.session_arn if request else ""}

    def outputs(self, run: Run, live: LiveVault | None) -> Props:
        desired = _desired(run)
        status = table.status(live, desired)
        is_open = status not in {"ASSOCIATED", "REMOVED"} and table.is_ours(live, desired)
        session = live.request.session_arn if live and live.request else desired.session_arn
        return {
            "status": "WAITING_FOR_TEAM" if status == "READY" else status,
            "waiting": table.waiting(live, desired),
            "applied_team_arn": live.team_arn if live else "",
            "session_arn": session if is_open else "",
            "asked": desired.asked if is_open else "",
        }

    def delete_existing(self, run: Run, live: LiveVault) -> None:
        if not live.team_arn:
            return
        raise Conflict(
            f"Vault `{run.inputs['vault_name']}` still has its approval team, and only that team can take it off, so "
            "nothing was deleted. Put the association back into the program with `desired: absent`, deploy until it "
            "shows REMOVED, then take it out. To leave it in force and forget it here: put it back with `keep: "
            "true`, deploy, then take it out.",
            operation="delete",
        )


def _desired(run: Run) -> table.Desired:
    inputs, prior = run.inputs, run.prior
    return table.Desired(
        vault_name=inputs["vault_name"],
        vault_account=run.connection.account_id,
        team_arn=inputs["team_arn"],
        absent=inputs.get("desired") == "absent",
        recreate=bool(inputs.get("recreate")),
        asked=prior.get("asked", ""),
        session_arn=prior.get("session_arn", ""),
        status_before=prior.get("status", ""),
    )


def _team_status(run: Run) -> str:
    """Of the team as this account sees it; "" if it does not see it."""
    try:
        return Approvals(run.connection).get_team(run.inputs["team_arn"]).status
    except (NotFound, AccessDenied):
        return ""


def _problems(known: Props) -> list[tuple[str, str]]:
    problems = []
    desired = known.get("desired", "present")
    if desired not in {"present", "absent"}:
        problems.append(("desired", f"is `{desired}`; it can be `present` or `absent`"))
    if "vault_arn" in known and "connection" in known:
        arn, connection = parse(known["vault_arn"]), connection_of(known)
        if (arn.account, arn.region) != (connection.account_id, connection.region):
            reason = f"is in account {arn.account} and Region {arn.region}, but the connection leads to "
            problems.append(("vault_arn", f"{reason}{connection.account_id} and {connection.region}"))
        if arn.name != known.get("vault_name", arn.name):
            problems.append(("vault_name", f"is `{known['vault_name']}`, but the ARN names `{arn.name}`"))
    return problems


@dataclass(frozen=True, kw_only=True)
class VaultApprovalArgs:
    """A vault and its team. `desired: absent` puts the removal to the vote; `keep` lets the program forget it."""

    connection: pulumi.Input[dict[str, str]]
    vault_name: pulumi.Input[str]
    vault_arn: pulumi.Input[str]
    team_arn: pulumi.Input[str]
    owner: str
    desired: str = "present"
    recreate: bool = False
    keep: bool = False


class VaultApproval(Resource, module="airlock", name="VaultApproval"):
    """The association of a team with a vault. Its id is the vault's ARN."""

    status: pulumi.Output[str]
    waiting: pulumi.Output[str]
    session_arn: pulumi.Output[str]
    applied_team_arn: pulumi.Output[str]

    def __init__(self, resource_name: str, args: VaultApprovalArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        inputs = {field.name: getattr(args, field.name) for field in fields(args)}
        outputs = dict.fromkeys(("status", "waiting", "session_arn", "applied_team_arn", "asked"))
        super().__init__(VaultApprovalProvider(), resource_name, {**inputs, **outputs}, opts)
