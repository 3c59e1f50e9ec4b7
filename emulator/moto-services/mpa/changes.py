"""Voted changes of an active team: update, deletion, practice. The flows are the table `TEAM`."""

from datetime import timedelta

from emulator.world import agenda, clock, pace
from emulator.world import caller as _caller

from . import identities, lifecycle, state, voting
from .arns import REGION
from .exceptions import ConflictException, ResourceNotFoundException, ValidationException
from .sessions import APPROVED, Request, Session
from .teams import Draft, Team, Version
from .transitions import DELETING, INACTIVE, INACTIVE_UPDATE_PENDING, TEAM, UPDATE_PENDING_APPROVAL, State, allows
from .undocumented import INACTIVE_UPDATE, WINDOW_BOUNDS, WINDOW_DEFAULT, chosen

DELETION_TIME = timedelta(seconds=60)
SHORTEST_WINDOW, LONGEST_WINDOW = 7, 30  # where AWS should have bounds; the usual ones of pending deletions
MOST_DAYS = 36500  # where it has none: what a date can still hold
MPA = "mpa.amazonaws.com"


def update(team: Team, description: str, threshold: int, approvers: lifecycle.Request) -> str:
    """Draft a new version and put it to the vote of the current one; returns the draft's version id."""
    if team.state in INACTIVE and chosen(INACTIVE_UPDATE) == "no-vote":
        return lifecycle.repair(team, description, threshold, approvers).version_id
    if not allows(TEAM, team.state, "update"):
        raise ConflictException(
            f"Team {team.name} is {team.state}. Only one update or deletion can be in flight: wait for its "
            "end, or cancel its session."
        )
    version = _next_version(team, description, threshold, approvers)
    team.draft = Draft(version, clock.now(), State("PENDING", UPDATE_PENDING_APPROVAL.code))
    team.update_session_arn = None
    failure = "" if team.state in INACTIVE else lifecycle.invalid_people(version)
    if failure:
        team.step("update_invalid", failure)
        return version.version_id
    request = _own_request(team, "mpa:UpdateApprovalTeam", "mpa.update", f"Update approval team {team.name}")
    team.update_session_arn = voting.start(team, request).arn
    team.step("update")
    return version.version_id


def _next_version(team: Team, description: str, threshold: int, approvers: lifecycle.Request) -> Version:
    if team.state in INACTIVE:
        return lifecycle.anew(team, description, threshold, approvers)
    version = lifecycle.new_version(team.owner_account, description, threshold, approvers, before=team.version)
    if team.draft is not None:
        version.version_id = str(max(int(version.version_id), int(team.draft.version.version_id) + 1))
    return version


def _own_request(team: Team, action: str, executor: str, description: str) -> Request:
    caller = _caller.current()
    return Request(
        action_name=action,
        protected_resource_arn=team.arn,
        requester_account=caller.account,
        requester_principal=caller.principal_arn,
        requester_region=REGION,
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
    if team.state == INACTIVE_UPDATE_PENDING:
        _repair_decided(team, team.draft.version, outcome, session.message)
    elif outcome == "CANCELLED":
        team.draft, team.update_session_arn = None, None
        team.step("update_cancelled")
    elif outcome != APPROVED:
        team.step("update_refused", session.message)
    elif team.draft.version.all_accepted:
        team.step("update_approved")
        lifecycle.put_in_force(team)
    else:
        team.step("update_approved_with_new_approvers")
        lifecycle.invite(team, team.draft.version)
    return "EXECUTED"


def _repair_decided(team: Team, version: Version, outcome: str, message: str) -> None:
    """The vote about the repair of an inactive team, where AWS should ask for one, is over."""
    team.draft = None
    if outcome == APPROVED:
        team.step("update_approved")
        lifecycle.restart(team, version)
    else:
        team.step("update_cancelled" if outcome == "CANCELLED" else "update_refused", message)
    team.update_session_arn = None


def pending_days(asked: int | None) -> int:
    """How many days an approved deletion waits; AWS publishes neither bounds nor a default."""
    if asked is None:
        return SHORTEST_WINDOW if chosen(WINDOW_DEFAULT) == "7-days" else 0
    shortest, longest = (SHORTEST_WINDOW, LONGEST_WINDOW) if chosen(WINDOW_BOUNDS) == "7-to-30" else (0, MOST_DAYS)
    if not shortest <= asked <= longest:
        raise ValidationException(f"PendingWindowDays must be between {shortest} and {longest}, not {asked}.")
    return asked


def start_deletion(team: Team, pending_window_days: int) -> None:
    """Ask the team whether it may be deleted. A team of which nobody can sign in any more cannot be asked."""
    if not allows(TEAM, team.state, "start_deletion"):
        raise ConflictException(
            f"Team {team.name} is {team.state}. Deletion can be asked for when the team is active and nothing "
            "else is in flight; an inactive team is removed with DeleteInactiveApprovalTeamVersion."
        )
    team.deletion_days = pending_window_days
    if all(identities.why_not(identities.person(a.identity_source_arn, a.identity_id)) for a in team.version.approvers):
        team.step("deletion_invalid", "No approver of the team can sign in any more, so nobody can vote on this.")
        return
    request = _own_request(
        team, "mpa:StartActiveApprovalTeamDeletion", "mpa.delete", f"Delete approval team {team.name}"
    )
    team.update_session_arn = voting.start(team, request).arn
    team.step("start_deletion")


def _deletion_decided(session: Session, outcome: str) -> str:
    team = state.find_team(session.payload["team_arn"])
    if team is None:
        return "FAILED"
    if outcome == "CANCELLED":
        team.update_session_arn = None
        team.step("deletion_cancelled")
    elif outcome != APPROVED:
        team.step("deletion_refused", session.message)
    else:
        team.step("deletion_approved")
        if pace.fast() and not team.deletion_days:
            remove(team)
            state.of(team.owner_account).departing[team.arn] = team
        else:
            wait = timedelta(days=team.deletion_days) or DELETION_TIME
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
    voting.end_all(team, "TEAM_DELETED", "The approval team was deleted.")


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
    if len(set(approver_ids)) < len(approver_ids):
        raise ValidationException("The same approver is named twice in ApproverIds. Name each one once.")
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
