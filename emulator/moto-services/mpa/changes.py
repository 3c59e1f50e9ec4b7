"""Voted changes of an active team: update, deletion, practice. The flows are the table `TEAM`."""

from datetime import timedelta

from emulator import agenda, clock, pace, world

from . import lifecycle, state, voting
from .exceptions import ConflictException, ResourceNotFoundException, ValidationException
from .sessions import APPROVED, Request, Session
from .teams import Draft, Team
from .transitions import DELETING, INACTIVE, TEAM, UPDATE_PENDING_APPROVAL, State, allows

DELETION_TIME = timedelta(seconds=60)
MPA = "mpa.amazonaws.com"


def update(team: Team, description: str, threshold: int, approvers: lifecycle.Request) -> str:
    """Draft a new version and put it to the vote of the current one; returns the draft's version id."""
    if team.state in INACTIVE:
        return lifecycle.repair(team, description, threshold, approvers).version_id
    if not allows(TEAM, team.state, "update"):
        raise ConflictException(
            f"Team {team.name} is {team.state}. Only one update or deletion can be in flight: wait for its "
            "end, or cancel its session."
        )
    version = lifecycle.new_version(team.owner_account, description, threshold, approvers, before=team.version)
    if team.draft is not None:
        version.version_id = str(max(int(version.version_id), int(team.draft.version.version_id) + 1))
    team.draft = Draft(version, clock.now(), State("PENDING", UPDATE_PENDING_APPROVAL.code))
    team.update_session_arn = None
    failure = lifecycle.invalid_people(version)
    if failure:
        team.step("update_invalid", failure)
        return version.version_id
    team.step("update")
    request = _own_request(team, "mpa:UpdateApprovalTeam", "mpa.update", f"Update approval team {team.name}")
    team.update_session_arn = voting.start(team, request).arn
    return version.version_id


def _own_request(team: Team, action: str, executor: str, description: str) -> Request:
    caller = world.caller()
    return Request(
        action_name=action,
        protected_resource_arn=team.arn,
        requester_account=caller.account,
        requester_principal=caller.principal_arn,
        requester_region=state.REGION,
        comment="",
        description=description,
        service_principal=MPA,
        executor=executor,
        payload={"team_arn": team.arn},
    )


def _update_decided(session: Session, outcome: str) -> str:
    team = state.find_team(session.payload["team_arn"])
    if team is None or team.draft is None:
        return "FAILED"
    if outcome == "CANCELLED":
        team.draft, team.update_session_arn = None, None
        team.step("update_cancelled")
    elif outcome != APPROVED:
        team.step("update_refused", session.message)
    elif team.draft.version.all_accepted:
        lifecycle.put_in_force(team)
        team.step("update_approved")
    else:
        team.step("update_approved_with_new_approvers")
        lifecycle.invite(team, team.draft.version)
    return "EXECUTED"


def window(days: int) -> timedelta:
    """How long an approved deletion waits; AWS publishes neither bounds nor a default."""
    return timedelta(days=days)


def start_deletion(team: Team, pending_window_days: int) -> Session:
    """Ask the team whether it may be deleted."""
    if not allows(TEAM, team.state, "start_deletion"):
        raise ConflictException(
            f"Team {team.name} is {team.state}. Deletion can be asked for when the team is active and nothing "
            "else is in flight; an inactive team is removed with DeleteInactiveApprovalTeamVersion."
        )
    team.deletion_days = pending_window_days
    team.step("start_deletion")
    request = _own_request(
        team, "mpa:StartActiveApprovalTeamDeletion", "mpa.delete", f"Delete approval team {team.name}"
    )
    return voting.start(team, request)


def _deletion_decided(session: Session, outcome: str) -> str:
    team = state.find_team(session.payload["team_arn"])
    if team is None:
        return "FAILED"
    if outcome == "CANCELLED":
        team.step("deletion_cancelled")
    elif outcome != APPROVED:
        team.step("deletion_refused", session.message)
    else:
        team.step("deletion_approved")
        if pace.fast() and not team.deletion_days:
            remove(team)
            state.of(team.owner_account).departing[team.arn] = team
        else:
            wait = window(team.deletion_days) or DELETION_TIME
            agenda.at(clock.now() + wait, "mpa.deletion_window_ends", team.arn)
    return "EXECUTED"


@agenda.handler("mpa.deletion_window_ends")
def _deletion_window_ends(team_arn: str) -> None:
    team = state.find_team(team_arn)
    if team is not None and team.state == DELETING:
        team.step("window_over")
        remove(team)


def remove(team: Team) -> None:
    """Take the team away. What it was still asked ends unanswered; the sessions of the past stay readable."""
    register = state.of(team.owner_account)
    register.teams.pop(team.arn, None)
    register.forget_tokens(team.arn)
    for session in list(register.sessions.values()):
        if session.team_arn == team.arn and session.is_open:
            voting.conclude(session, "CONFIGURATION_CHANGED", "The approval team was deleted.")


def delete_inactive_version(team: Team, version_id: str) -> None:
    """Remove an inactive team, or the draft of an update that failed; neither needs a vote."""
    if version_id == team.version.version_id:
        team.step("delete_inactive_version")
        remove(team)
    elif team.draft is not None and version_id == team.draft.version.version_id:
        team.step("delete_failed_draft")
        team.draft, team.update_session_arn = None, None
    else:
        raise ResourceNotFoundException(f"Team {team.name} has no version {version_id}.")


def start_baseline(team: Team, approver_ids: list[str]) -> Session:
    """Open a practice session for the chosen approvers (all when none are named) who are not in one already."""
    if team.status != "ACTIVE":
        raise ValidationException(f"Team {team.name} is {team.state}. A baseline needs an active team.")
    known = {approver.approver_id: approver for approver in team.version.approvers}
    strangers = [approver_id for approver_id in approver_ids if approver_id not in known]
    if strangers:
        raise ValidationException(f"Team {team.name} has no approver {', '.join(strangers)}.")
    chosen = [known[approver_id] for approver_id in approver_ids] if approver_ids else list(known.values())
    free = [approver for approver in chosen if approver.baseline_session_arn is None]
    request = _own_request(team, "mpa:StartApprovalTeamBaseline", "mpa.baseline", f"Practice of team {team.name}")
    session = voting.start(team, request, voters=free, practice=True)
    for approver in free:
        approver.baseline_session_arn = session.arn
    return session


def _baseline_over(session: Session, outcome: str) -> str:
    team = state.find_team(session.payload["team_arn"])
    for approver in team.version.approvers if team else []:
        if approver.baseline_session_arn == session.arn:
            approver.baseline_session_arn = None
    return "EXECUTED" if outcome == APPROVED else "FAILED"


voting.register_executor("mpa.update", _update_decided)
voting.register_executor("mpa.delete", _deletion_decided)
voting.register_executor("mpa.baseline", _baseline_over)
