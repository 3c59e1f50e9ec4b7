"""ApprovalTeam: the people who can open a vault when its own account cannot be trusted. The table is in README.md."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.approvals import Approvals, Member, Team, TeamSummary
from airlock.clients.identity import Identity
from airlock.domain.arns import parse
from airlock.domain.errors import Conflict, CouldNotFindOut, NotFound, UsageError
from airlock.providers import team_table as table
from airlock.providers.converging import REPLACE, Converging, Run, connection_of
from airlock.providers.properties import OWNER_TAG, Props, token
from airlock.providers.team_problems import team_problems

_MOST_ATTEMPTS = 20


class ApprovalTeamProvider(Converging[Team]):
    """Looks at the team once per run; the table says the rest."""

    one_way_doors: ClassVar[dict[str, str]] = {
        "name": "AWS never renames a team. Describe a team of the new name beside this one, move the vaults to it by a "
        "vote of this team, then set `desired` of this one to `absent`",
    }

    def problems(self, known: Props) -> list[tuple[str, str]]:
        return team_problems(known)

    def make(self, wanted: Props) -> tuple[str, Props]:
        approvals = Approvals(connection_of(wanted))
        people = _resolve(wanted)
        found = _found(approvals, wanted)
        if not found and wanted.get("desired") == "absent":
            raise UsageError(
                f"Team `{wanted['name']}` is to be absent, and there is none. Take the resource out of the program."
            )
        arn = found.arn if found else _created(approvals, wanted, people)
        return arn, {"approver_ids": people}

    def look(self, run: Run) -> Team | None:
        try:
            return Approvals(run.connection).get_team(run.id)
        except NotFound:
            return None

    def step(self, run: Run, live: Team | None) -> str:
        if live is not None:
            return table.step(live, _wanted(run)) or _retag(run)
        return table.NOTHING if run.wanted.get("desired") == "absent" else REPLACE

    def gone(self, run: Run, live: Team | None) -> str:
        if live is not None or run.wanted.get("recreate") or run.wanted.get("desired") == "absent":
            return ""
        return (
            f"Team `{run.wanted['name']}` ({run.id}) is gone, though this program did not ask for it, and no vault "
            "that relies on it can be opened. Find out who removed it. Set `recreate: true` to make a new team: "
            "everybody is invited anew, and on every vault the change to the new team needs a vote that the lost "
            "team cannot hold."
        )

    def act(self, run: Run, step: str) -> Props:
        approvals, wanted = Approvals(run.connection), run.wanted
        people = _people(run)
        match step:
            case table.UPDATE | table.INVITE_AGAIN:
                # Somebody who was deleted and created again has a new id under the old name.
                people = _resolve(wanted) if step == table.INVITE_AGAIN else people
                approvals.update_team(
                    run.id,
                    description=wanted["description"],
                    threshold=int(wanted["threshold"]),
                    approver_ids=list(people.values()),
                    identity_source_arn=wanted["identity_source_arn"],
                )
            case table.START_REMOVAL:
                approvals.start_team_deletion(run.id)
            case table.DROP_INACTIVE:
                approvals.delete_inactive_version(run.id, approvals.get_team(run.id).version_id)
            case _:
                approvals.tag(run.id, {OWNER_TAG: wanted["owner"]})
        return {"approver_ids": people}

    def shown(self, run: Run, live: Team | None) -> Props:
        described = _wanted(run)
        return {
            "arn": run.id,
            "version_id": live.version_id if live else run.before.get("version_id", ""),
            "status": table.status(live, described),
            "waiting": table.waiting(live, described),
            "approver_ids": dict(described.approver_ids),
            "applied": _applied(live, described) if live else {},
            "pending": _pending(live, described) if live else {},
        }

    def let_go(self, run: Run, live: Team) -> None:
        if live.status == "INACTIVE":
            Approvals(run.connection).delete_inactive_version(run.id, live.version_id)
            return
        raise Conflict(
            f"Team `{live.name}` is still there ({live.status}) and only its own approvers can remove it, so it was "
            "not deleted. Put it back into the program with `desired: absent`, deploy until it shows REMOVED, then "
            "take it out. To leave the team alone and forget it here: put it back with `keep: true`, deploy, then "
            "take it out.",
            operation="delete",
        )


def _wanted(run: Run) -> table.Wanted:
    wanted = run.wanted
    return table.Wanted(
        name=wanted["name"],
        description=wanted["description"],
        threshold=int(wanted["threshold"]),
        approver_ids=_people(run),
        identity_source_arn=wanted["identity_source_arn"],
        absent=wanted.get("desired") == "absent",
        asked_before=run.before.get("desired") == "absent",
    )


def _people(run: Run) -> dict[str, str]:
    """User name to user id. The ids are remembered, so that a run without changes reads the team and nothing else."""
    known: dict[str, str] = run.before.get("approver_ids") or {}
    return known if set(known) == set(run.wanted["approvers"]) else _resolve(run.wanted)


def _resolve(wanted: Props) -> dict[str, str]:
    identity = Identity(connection_of(wanted), wanted["identity_center_region"])
    store = identity.instance().identity_store_id
    return {user: identity.user_id(store, user) for user in wanted["approvers"]}


def _retag(run: Run) -> str:
    return "retag" if run.before.get("owner") not in {None, run.wanted["owner"]} else table.NOTHING


def _found(approvals: Approvals, wanted: Props) -> TeamSummary | None:
    """The team that an interrupted run made, or one that may be taken over."""
    account = connection_of(wanted).account_id
    namesakes = [
        team for team in approvals.list_teams() if team.name == wanted["name"] and parse(team.arn).account == account
    ]
    owners = {team.arn: approvals.tags(team.arn).get(OWNER_TAG, "") for team in namesakes}
    ours = [team for team in namesakes if owners[team.arn] == wanted["owner"]]
    alive = [team for team in ours if team.status != "INACTIVE"] or ours
    if len(alive) > 1:
        several = ", ".join(sorted(team.arn for team in alive))
        raise Conflict(
            f"Several teams carry the owner tag of `{wanted['owner']}`, so it is not clear which one this program "
            f"means: {several}. Remove the tag {OWNER_TAG} from all but the right one, then deploy again.",
            operation="create",
        )
    if alive:
        return alive[0]
    foreign = [team for team in namesakes if team.status != "INACTIVE"]
    if foreign and not wanted.get("adopt"):
        owner = owners[foreign[0].arn]
        raise Conflict(
            f"Account {account} already has a team `{wanted['name']}` ({foreign[0].arn}), made by "
            f"{owner or 'somebody else'}. It was not touched. Choose another name, or set `adopt: true` to take this "
            "very team over.",
            operation="create",
        )
    for team in foreign:
        approvals.tag(team.arn, {OWNER_TAG: wanted["owner"]})
        return team
    return None


def _created(approvals: Approvals, wanted: Props, people: dict[str, str]) -> str:
    """A repeated call with the same token gives the team of the first call. If that team is dead, the next token."""
    inputs = [wanted["owner"], wanted["name"], wanted["description"], int(wanted["threshold"]), people]
    for attempt in range(_MOST_ATTEMPTS):
        arn = approvals.create_team(
            name=wanted["name"],
            description=wanted["description"],
            threshold=int(wanted["threshold"]),
            approver_ids=list(people.values()),
            identity_source_arn=wanted["identity_source_arn"],
            token=token(*inputs, attempt),
            tags={OWNER_TAG: wanted["owner"]},
        )
        try:
            approvals.get_team(arn)
        except NotFound:
            continue
        return arn
    raise CouldNotFindOut(
        f"AWS answered every attempt to make team `{wanted['name']}` with a team that is gone. Change its "
        "description a little and deploy again."
    )


def _names(members: tuple[Member, ...], described: table.Wanted) -> list[str]:
    names = {identity: user for user, identity in described.approver_ids.items()}
    return sorted(names.get(one.identity_id, one.identity_id) for one in members)


def _applied(team: Team, described: table.Wanted) -> Props:
    """What the team votes by today, which is not always what the program describes."""
    return {
        "threshold": team.threshold,
        "description": team.description,
        "approvers": _names(team.members, described),
    }


def _pending(team: Team, described: table.Wanted) -> Props:
    if not team.draft:
        return {}
    return {
        "threshold": team.draft.threshold,
        "description": team.draft.description,
        "approvers": _names(team.draft.members, described),
        "version_id": team.draft.version_id,
        "session_arn": team.update_session_arn,
    }


@dataclass(frozen=True, kw_only=True)
class ApprovalTeamArgs:
    """What a team is made of. `desired: absent` puts its removal to the vote; `keep` lets the program forget it."""

    connection: pulumi.Input[dict[str, str]]
    name: str
    description: str
    threshold: int
    approvers: list[str]
    identity_source_arn: pulumi.Input[str]
    identity_center_region: str
    owner: str
    desired: str = "present"
    recreate: bool = False
    adopt: bool = False
    keep: bool = False


class ApprovalTeam(Resource, module="airlock", name="ApprovalTeam"):
    """An approval team. Its id is its ARN, known from the first run on, long before everybody accepted."""

    arn: pulumi.Output[str]
    version_id: pulumi.Output[str]
    status: pulumi.Output[str]
    waiting: pulumi.Output[str]
    approver_ids: pulumi.Output[dict[str, str]]
    applied: pulumi.Output[dict[str, Any]]
    pending: pulumi.Output[dict[str, Any]]

    def __init__(self, resource_name: str, args: ApprovalTeamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        inputs = {field.name: getattr(args, field.name) for field in fields(args)}
        outputs = dict.fromkeys(("arn", "version_id", "status", "waiting", "approver_ids", "applied", "pending"))
        super().__init__(ApprovalTeamProvider(), resource_name, {**inputs, **outputs}, opts)
