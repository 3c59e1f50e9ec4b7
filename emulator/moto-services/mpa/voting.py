"""How a request is put to the vote, answered, decided, and then executed exactly once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from emulator import authorization
from emulator.world import agenda, clock, ids, pace

from . import announcements, health, identities, mails, state
from .sessions import APPROVED, Ballot, Request, Session
from .teams import Approver, Team
from .transitions import SESSION_CREATING, SESSION_PENDING
from .undocumented import CHANGED_STATUS, chosen

SESSION_LIFETIME = timedelta(hours=24)
CREATION_TIME = timedelta(seconds=30)
VERIFIED_SERVICES = ("backup.amazonaws.com",)  # whose votes need a one-time code
# What an executor is told in place of APPROVED when the requester lost the right to what was approved.
NOT_AUTHORIZED = "NOT_AUTHORIZED"

Executor = Callable[[Session, str], str]
_executors: dict[str, Executor] = {}


def register_executor(name: str, executor: Executor) -> None:
    """Name the function that is called once, with the session and its outcome, when a session is decided."""
    _executors[name] = executor


def start(team: Team, request: Request, voters: list[Approver] | None = None, practice: bool = False) -> Session:
    """Open a session for the team as it is now; it lapses after 24 hours. In real pace its creation takes a while."""
    if request.executor not in _executors:
        raise LookupError(f"No executor {request.executor!r} is registered, so an approval could not be carried out.")
    now = clock.now()
    verified = request.service_principal in VERIFIED_SERVICES
    session = Session(
        arn=f"{team.arn.replace(':approval-team/', ':session/')}/{ids.uuid('mpa-session')}",
        team_arn=team.arn,
        team_name=team.name,
        request=request if practice else replace(request, authority=authorization.authority()),
        threshold=team.version.threshold,
        ballots=[_ballot(approver) for approver in (team.version.approvers if voters is None else voters)],
        initiated=now,
        expires=now + SESSION_LIFETIME,
        verification_required=verified,
        state=SESSION_CREATING,
        practice=practice,
    )
    state.of(team.owner_account).sessions[session.arn] = session
    agenda.at(session.expires, "mpa.session_expires", session.arn)
    if pace.fast():
        _open(session)
        session.unseen = SESSION_CREATING
    else:
        agenda.at(now + CREATION_TIME, "mpa.session_opens", session.arn)
    return session


def _ballot(approver: Approver) -> Ballot:
    return Ballot(approver.approver_id, approver.identity_id, approver.identity_source_arn)


def _open(session: Session) -> None:
    """Let the vote begin: the approvers are written to, with a code each where one is needed."""
    if not session.ballots:
        session.step("all_approvers_in_session", clock.now(), "Every approver is in a baseline session already.")
        return
    session.step("validated", clock.now())
    announcements.session_opened(session)
    for ballot in session.ballots:
        mails.request(session, ballot)
        if session.verification_required:
            send_code(session, ballot)


def send_code(session: Session, ballot: Ballot) -> None:
    """Mail a one-time code, unless the address on record is not the approver's any more (OUT_OF_SYNC)."""
    team = state.find_team(session.team_arn)
    approver = team.version.approver(ballot.identity_id) if team else None
    if approver is not None and identities.in_sync(approver):
        ballot.code = ids.code()
        mails.code(session, ballot)


def send_missing_codes(team: Team) -> None:
    """After the team was synchronized: who is asked in an open vote and could get no code gets it now."""
    for session in state.of(team.owner_account).sessions.values():
        if session.team_arn == team.arn and votable(session) and session.verification_required:
            for ballot in session.ballots:
                if ballot.response_time is None and not ballot.code:
                    send_code(session, ballot)


@agenda.handler("mpa.session_opens")
def _opens(session_arn: str) -> None:
    session = state.find_session(session_arn)
    if session is not None and session.state == SESSION_CREATING:
        _open(session)


@agenda.handler("mpa.session_expires")
def _expires(session_arn: str) -> None:
    session = state.find_session(session_arn)
    if session is not None and session.is_open:
        missing = "Not everybody answered" if session.practice else f"Fewer than {session.threshold} approvals arrived"
        conclude(session, "EXPIRED", f"{missing} within 24 hours.")


def cast(session: Session, ballot: Ballot, response: str) -> None:
    """Take one answer; when it decides, carry the decision out before anybody else is heard."""
    ballot.response, ballot.response_time = response, clock.now()
    session.unseen = None
    _note_activity(session, ballot)
    verdict = session.verdict
    if verdict is not None:
        reason = "" if verdict == APPROVED else f"{session.threshold} approvals cannot be reached any more."
        conclude(session, verdict, reason)


def _note_activity(session: Session, ballot: Ballot) -> None:
    team = state.find_team(session.team_arn)
    approver = team.version.approver(ballot.identity_id) if team else None
    if approver is None:
        return
    approver.note("BASELINED" if session.practice else "VOTED", clock.now())
    if approver.baseline_session_arn == session.arn:
        approver.baseline_session_arn = None


def conclude(session: Session, outcome: str, message: str = "") -> None:
    """End the session and call its executor. The state changes first: whatever the executor does, it is asked once."""
    failed = outcome == "CONFIGURATION_CHANGED" and chosen(CHANGED_STATUS) == "FAILED"
    session.step("CONFIGURATION_FAILED" if failed else outcome, clock.now(), message)
    health.note_silence(session, outcome)
    announcements.session_ended(session, outcome)
    if outcome == APPROVED and authorization.withdrawn(session.request.authority):
        _executors[session.request.executor](session, NOT_AUTHORIZED)
        session.execution = "FAILED"
        return
    result = _executors[session.request.executor](session, outcome)
    if outcome == APPROVED:
        session.execution = result


def end_pending(protected_resource_arn: str, reason: str) -> None:
    """End the open sessions about a resource whose protection changed under them."""
    for register in state.everywhere():
        for session in list(register.sessions.values()):
            if session.is_open and session.request.protected_resource_arn == protected_resource_arn:
                conclude(session, "CONFIGURATION_CHANGED", reason)


def end_all(team: Team, outcome: str, reason: str) -> None:
    """End every open session of a team: it was deleted, or votes by other rules from now on."""
    for session in list(state.of(team.owner_account).sessions.values()):
        if session.team_arn == team.arn and session.is_open:
            conclude(session, outcome, reason)


def votable(session: Session) -> bool:
    return session.state == SESSION_PENDING
