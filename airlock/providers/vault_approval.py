"""VaultApproval: which team can open a vault. The table is in README.md."""

from dataclasses import dataclass, fields
from typing import ClassVar

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.approvals import Approvals
from airlock.clients.backups import Backups
from airlock.domain.arns import parse
from airlock.domain.errors import AccessDenied, Conflict, NotFound
from airlock.providers import vault_table as table
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props


class VaultApprovalProvider(Converging[table.Seen]):
    """Looks at the vault once per run and, while it has no team, at what stands in the way."""

    one_way_doors: ClassVar[dict[str, str]] = {
        "vault_arn": "an association stays with its vault. Add one for the other vault, and keep this one in the "
        "program until its own vault is empty",
    }

    def problems(self, known: Props) -> list[tuple[str, str]]:
        return _problems(known)

    def make(self, wanted: Props) -> tuple[str, Props]:
        return wanted["vault_arn"], {}

    def look(self, run: Run) -> table.Seen | None:
        backups = Backups(run.connection)
        vault = backups.find_vault(run.wanted["vault_name"])
        if vault is None:
            return None
        described = _wanted(run)
        seen = table.Seen(state=vault.state, team_arn=vault.team_arn, request=vault.last_team_update)
        if vault.team_arn or described.absent or described.is_lost or vault.state != "AVAILABLE":
            return seen
        return table.Seen(
            state=vault.state,
            team_arn="",
            request=vault.last_team_update,
            opted_in=backups.global_settings().get("isMpaEnabled", False),
            team_status=_team_status(run),
        )

    def step(self, run: Run, live: table.Seen | None) -> str:
        return table.step(live, _wanted(run)) if live else table.NOTHING

    def gone(self, run: Run, live: table.Seen | None) -> str:
        described = _wanted(run)
        if table.status(live, described) != "GONE":
            return ""
        if live is None:
            return (
                f"There is no vault `{run.wanted['vault_name']}` ({run.id}), so no team can be associated with it. "
                "If it was removed on purpose, take it and this association out of the program; else find out who "
                "removed it."
            )
        return (
            f"Vault `{run.wanted['vault_name']}` has lost its approval team, though this program did not ask for "
            "it. Only a vote of that team can take it off, so find out who asked and who approved. Set "
            f"`recreate: true` to associate {run.wanted['team_arn']} with it again."
        )

    def act(self, run: Run, step: str) -> Props:
        backups, wanted = Backups(run.connection), run.wanted
        name = wanted["vault_name"]
        comment = f"Airlock: {wanted['owner']}"
        if step == table.ASSOCIATE:
            backups.associate_team(name, wanted["team_arn"], comment)
        else:
            backups.disassociate_team(name, comment)
        request = backups.describe_vault(name).last_team_update
        asked = wanted["team_arn"] if step == table.ASSOCIATE else table.REMOVAL
        return {"asked": asked, "session_arn": request.session_arn if request else ""}

    def shown(self, run: Run, live: table.Seen | None) -> Props:
        described = _wanted(run)
        status = table.status(live, described)
        is_open = status not in {"ASSOCIATED", "REMOVED"} and table.is_ours(live, described)
        session = live.request.session_arn if live and live.request else described.session_arn
        return {
            "status": "WAITING_FOR_TEAM" if status == "READY" else status,
            "waiting": table.waiting(live, described),
            "applied_team_arn": live.team_arn if live else "",
            "session_arn": session if is_open else "",
            "asked": described.asked if is_open else "",
        }

    def let_go(self, run: Run, live: table.Seen) -> None:
        if not live.team_arn:
            return
        raise Conflict(
            f"Vault `{run.wanted['vault_name']}` still has its approval team, and only that team can take it off, so "
            "nothing was deleted. Put the association back into the program with `desired: absent`, deploy until it "
            "shows REMOVED, then take it out. To leave it in force and forget it here: put it back with `keep: "
            "true`, deploy, then take it out.",
            operation="delete",
        )


def _wanted(run: Run) -> table.Wanted:
    wanted, before = run.wanted, run.before
    return table.Wanted(
        vault_name=wanted["vault_name"],
        vault_account=run.connection.account_id,
        team_arn=wanted["team_arn"],
        absent=wanted.get("desired") == "absent",
        recreate=bool(wanted.get("recreate")),
        asked=before.get("asked", ""),
        session_arn=before.get("session_arn", ""),
        status_before=before.get("status", ""),
    )


def _team_status(run: Run) -> str:
    """Of the team as this account sees it; "" if it does not see it."""
    try:
        return Approvals(run.connection).get_team(run.wanted["team_arn"]).status
    except (NotFound, AccessDenied):
        return ""


def _problems(known: Props) -> list[tuple[str, str]]:
    found = []
    desired = known.get("desired", "present")
    if desired not in {"present", "absent"}:
        found.append(("desired", f"is `{desired}`; it can be `present` or `absent`"))
    if "vault_arn" in known and "connection" in known:
        arn, connection = parse(known["vault_arn"]), connection_of(known)
        if (arn.account, arn.region) != (connection.account_id, connection.region):
            reason = f"is in account {arn.account} and Region {arn.region}, but the connection leads to "
            found.append(("vault_arn", f"{reason}{connection.account_id} and {connection.region}"))
        if arn.name != known.get("vault_name", arn.name):
            found.append(("vault_name", f"is `{known['vault_name']}`, but the ARN names `{arn.name}`"))
    return found


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
