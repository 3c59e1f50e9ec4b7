"""ApprovalTeam: the people who can open a vault when its own account cannot be trusted. The table is in README.md."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.approvals import Approvals, Member, Team, TeamSummary
from airlock.clients.identity import Identity
from airlock.domain.arns import parse
from airlock.domain.errors import Conflict, CouldNotFindOut, NotFound, UsageError
from airlock.providers import team_table as table
from airlock.providers.converging import REPLACE, Converging, Replacement, Run, connection_of
from airlock.providers.properties import OWNER_TAG, Props, token
from airlock.providers.team_problems import team_problems
from airlock.providers.team_table import Step

_MOST_ATTEMPTS = 20


class ApprovalTeamProvider(Converging[Team, Step]):
    """Looks at the team once per run; the table says the rest."""

    one_way_doors: ClassVar[dict[str, str]] = {
        "name": "AWS never renames a team. Describe a team of the new name beside this one, move the vaults to it by a "
        "vote of this team, then set `desired` of this one to `absent`",
    }

    def problems(self, known: Props) -> list[tuple[str, str]]:
        return team_problems(known)

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        approvals = Approvals(connection_of(inputs))
        people = _resolve(inputs)
        existing = _existing(approvals, inputs)
        if not existing and inputs.get("desired") == "absent":
            raise UsageError(
                f"Team `{inputs['name']}` is to be absent, and there is none. Take the resource out of the program."
            )
        arn = existing.arn if existing else _created(approvals, inputs, people)
        return arn, {"approver_ids": people}

    def look(self, run: Run) -> Team | None:
        try:
            return Approvals(run.connection).get_team(run.id)
        except NotFound:
            return None

    def step(self, run: Run, live: Team | None) -> Step | Literal[Replacement.REPLACE] | None:
        if live is not None:
            return table.step(live, _desired(run)) or _retag(run)
        return None if run.inputs.get("desired") == "absent" else REPLACE

    def refusal(self, run: Run, live: Team | None) -> str:
        if live is not None or run.inputs.get("recreate") or run.inputs.get("desired") == "absent":
            return ""
        return (
            f"Team `{run.inputs['name']}` ({run.id}) is gone, though this program did not ask for it, and no vault "
            "that relies on it can be opened. Find out who removed it. Set `recreate: true` to make a new team: "
            "everybody is invited anew, and on every vault the change to the new team needs a vote that the lost "
            "team cannot hold."
        )

    def act(self, run: Run, step: Step) -> Props:
        approvals, people = Approvals(run.connection), _people(run)
        match step:
            case Step.UPDATE:
                _update(approvals, run, people)
            case Step.INVITE_AGAIN:
                # Somebody who was deleted and created again has a new id under the old name.
                people = _resolve(run.inputs)
                _update(approvals, run, people)
            case Step.START_REMOVAL:
                approvals.start_team_deletion(run.id)
            case Step.DROP_INACTIVE:
                approvals.delete_inactive_version(run.id, approvals.get_team(run.id).version_id)
            case Step.RETAG:
                approvals.tag(run.id, {OWNER_TAG: run.inputs["owner"]})
            case _:
                assert_never(step)
        return {"approver_ids": people}

    def outputs(self, run: Run, live: Team | None) -> Props:
        desired = _desired(run)
        return {
            "arn": run.id,
            "version_id": live.version_id if live else run.prior.get("version_id", ""),
            "status": table.status(live, desired),
            "waiting": table.waiting(live, desired),
            "approver_ids": dict(desired.approver_ids),
            "applied": _applied(live, desired) if live else {},
            "pending": _pending(live, desired) if live else {},
        }

    def delete_existing(self, run: Run, live: Team) -> None:
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


def _desired(run: Run) -> table.Desired:
    inputs = run.inputs
    return table.Desired(
        name=inputs["name"],
        description=inputs["description"],
        threshold=int(inputs["threshold"]),
        approver_ids=_people(run),
        identity_source_arn=inputs["identity_source_arn"],
        absent=inputs.get("desired") == "absent",
        asked_before=run.prior.get("desired") == "absent",
    )


def _people(run: Run) -> dict[str, str]:
    """User name to user id. The ids are remembered, so that a run without changes reads the team and nothing else."""
    known: dict[str, str] = run.prior.get("approver_ids") or {}
    return known if set(known) == set(run.inputs["approvers"]) else _resolve(run.inputs)


def _resolve(inputs: Props) -> dict[str, str]:
    identity = Identity(connection_of(inputs), inputs["identity_center_region"])
    store = identity.instance().identity_store_id
    return {user: identity.user_id(store, user) for user in inputs["approvers"]}


def _update(approvals: Approvals, run: Run, people: dict[str, str]) -> None:
    approvals.update_team(
        run.id,
        description=run.inputs["description"],
        threshold=int(run.inputs["threshold"]),
        approver_ids=list(people.values()),
        identity_source_arn=run.inputs["identity_source_arn"],
    )


def _retag(run: Run) -> Step | None:
    return Step.RETAG if run.prior.get("owner") not in {None, run.inputs["owner"]} else None


def _existing(approvals: Approvals, inputs: Props) -> TeamSummary | None:
    """The team that an interrupted run made, or one that may be taken over."""
    account = connection_of(inputs).account_id
    namesakes = [
        team for team in approvals.list_teams() if team.name == inputs["name"] and parse(team.arn).account == account
    ]
    owners = {team.arn: approvals.tags(team.arn).get(OWNER_TAG, "") for team in namesakes}
    ours = [team for team in namesakes if owners[team.arn] == inputs["owner"]]
    alive = [team for team in ours if team.status != "INACTIVE"] or ours
    if len(alive) > 1:
        several = ", ".join(sorted(team.arn for team in alive))
        raise Conflict(
            f"Several teams carry the owner tag of `{inputs['owner']}`, so it is not clear which one this program "
            f"means: {several}. Remove the tag {OWNER_TAG} from all but the right one, then deploy again.",
            operation="create",
        )
    if alive:
        return alive[0]
    foreign = [team for team in namesakes if team.status != "INACTIVE"]
    if foreign and not inputs.get("adopt"):
        owner = owners[foreign[0].arn]
        raise Conflict(
            f"Account {account} already has a team `{inputs['name']}` ({foreign[0].arn}), made by "
            f"{owner or 'somebody else'}. It was not touched. Choose another name, or set `adopt: true` to take this "
            "very team over.",
            operation="create",
        )
    for team in foreign:
        approvals.tag(team.arn, {OWNER_TAG: inputs["owner"]})
        return team
    return None


def _created(approvals: Approvals, inputs: Props, people: dict[str, str]) -> str:
    """A repeated call with the same token gives the team of the first call. If that team is dead, the next token."""
    parts = [inputs["owner"], inputs["name"], inputs["description"], int(inputs["threshold"]), people]
    for attempt in range(_MOST_ATTEMPTS):
        arn = approvals.create_team(
            name=inputs["name"],
            description=inputs["description"],
            threshold=int(inputs["threshold"]),
            approver_ids=list(people.values()),
            identity_source_arn=inputs["identity_source_arn"],
            token=token(*parts, attempt),
            tags={OWNER_TAG: inputs["owner"]},
        )
        try:
            approvals.get_team(arn)
        except NotFound:
            continue
        return arn
    raise CouldNotFindOut(
        f"AWS answered every attempt to make team `{inputs['name']}` with a team that is gone. Change its "
        "description a little and deploy again."
    )


def _names(members: tuple[Member, ...], desired: table.Desired) -> list[str]:
    names = {identity: user for user, identity in desired.approver_ids.items()}
    return sorted(names.get(member.identity_id, member.identity_id) for member in members)


def _applied(team: Team, desired: table.Desired) -> Props:
    """What the team votes by today, which is not always what the program describes."""
    return {
        "threshold": team.threshold,
        "description": team.description,
        "approvers": _names(team.members, desired),
    }


def _pending(team: Team, desired: table.Desired) -> Props:
    if not team.draft:
        return {}
    return {
        "threshold": team.draft.threshold,
        "description": team.draft.description,
        "approvers": _names(team.draft.members, desired),
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
