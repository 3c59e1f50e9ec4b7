"""The asynchronous events that CloudTrail records of teams and sessions, each with its `serviceEventDetails`.

Which step of a team is announced under which name is the table `TEAM_EVENTS`; a step without a row is silent.
"""

from collections.abc import Sequence

from emulator.events import service_events
from emulator.world import identity_store

from .arns import REGION, account_in
from .sessions import APPROVED, NO_RESPONSE, REJECTED, Session
from .transitions import (
    DELETE_PENDING_APPROVAL,
    INACTIVE_UPDATE_PENDING,
    PENDING_ACTIVATION,
    RESTING,
    UPDATE_PENDING_ACTIVATION,
    UPDATE_PENDING_APPROVAL,
    VALIDATING,
    State,
)

SOURCE = "mpa.amazonaws.com"


def _rows(*rows: tuple[State | Sequence[State], str, str]) -> dict[tuple[State, str], str]:
    starts = [((row[0],) if isinstance(row[0], State) else tuple(row[0]), row[1], row[2]) for row in rows]
    return {(State(*start), event): name for froms, event, name in starts for start in froms}


TEAM_EVENTS = _rows(
    (VALIDATING, "validated", "TeamCreationValidationSuccess"),
    (VALIDATING, "invalid", "TeamCreationValidationFailure"),
    (PENDING_ACTIVATION, "all_accepted", "TeamCreationActivationSuccess"),
    (PENDING_ACTIVATION, "declined", "TeamCreationActivationFailure"),
    (PENDING_ACTIVATION, "lapsed", "TeamCreationActivationFailure"),
    (RESTING, "update", "TeamUpdateValidationSuccess"),
    (RESTING, "update_invalid", "TeamUpdateValidationFailure"),
    (UPDATE_PENDING_APPROVAL, "update_approved", "TeamUpdateApprovalSuccess"),
    (UPDATE_PENDING_APPROVAL, "update_approved_with_new_approvers", "TeamUpdateApprovalSuccess"),
    (UPDATE_PENDING_APPROVAL, "update_refused", "TeamUpdateApprovalFailure"),
    (INACTIVE_UPDATE_PENDING, "update_approved", "TeamUpdateApprovalSuccess"),
    (INACTIVE_UPDATE_PENDING, "update_refused", "TeamUpdateApprovalFailure"),
    (UPDATE_PENDING_ACTIVATION, "all_accepted", "TeamUpdateActivationSuccess"),
    (UPDATE_PENDING_ACTIVATION, "declined", "TeamUpdateActivationFailure"),
    (UPDATE_PENDING_ACTIVATION, "lapsed", "TeamUpdateActivationFailure"),
    (DELETE_PENDING_APPROVAL, "deletion_approved", "TeamDeletionApprovalSuccess"),
    (DELETE_PENDING_APPROVAL, "deletion_refused", "TeamDeletionApprovalFailure"),
)
_VOTED = ("TeamUpdateValidationSuccess", "TeamUpdateApproval", "TeamDeletionApproval")

# How each end of a session is announced: the name, and the code where it is not the one of the session's own state.
SESSION_EVENTS = {
    APPROVED: ("SessionApproved", ""),
    REJECTED: ("SessionApproved", "REJECTED"),  # AWS's own sample: the same name, with status FAILED
    "EXPIRED": ("SessionExpiration", "EXPIRED"),
    "CANCELLED": ("SessionCancellation", "CANCELLED_BY_USER"),
    "CONFIGURATION_CHANGED": ("SessionCancellation", "CONFIGURATION_CHANGED"),
    "TEAM_DELETED": ("SessionCancellation", "TEAM_DELETED"),
}


def team_step(arn: str, before: State, event: str, after: State, session_arn: str | None) -> None:
    """Announce a step of a team, if AWS does. `session_arn` is the vote on its update or deletion."""
    name = TEAM_EVENTS.get((before, event))
    if name is None:
        return
    details = {"teamStatus": "DELETED" if event == "deletion_approved" else after.status}
    if after.code:
        details["teamStatusCode"] = after.code
    if session_arn and name.startswith(_VOTED):
        details["updateSessionId"] = session_arn.rpartition("/")[2]
    _emit(name, details, "AWS::MPA::Team", arn)


def session_opened(session: Session) -> None:
    _emit("SessionValidationSuccess", {"sessionStatus": "PENDING"}, "AWS::MPA::Session", session.arn)


def session_ended(session: Session, outcome: str) -> None:
    """Announce the end of a session with who said what."""
    name, code = SESSION_EVENTS[outcome]
    details = {"sessionStatus": session.status}
    if code:
        details["sessionStatusCode"] = code
    said = {"approvedBy": APPROVED, "rejectedBy": REJECTED, "noParticipationBy": NO_RESPONSE}
    details |= {member: _people(session, response) for member, response in said.items()}
    _emit(name, details, "AWS::MPA::Session", session.arn)


def _people(session: Session, response: str) -> str:
    """The approvers who gave one response, each as the identity store's ARN and the user id."""
    named = [ballot for ballot in session.ballots if ballot.response == response]
    return ",".join(f"{_store_arn(ballot.identity_source_arn)}/{ballot.identity_id}" for ballot in named)


def _store_arn(source_arn: str) -> str:
    account = account_in(source_arn)
    center = identity_store.identity_center_of(account)
    return f"arn:aws:identitystore::{account}:identitystore/{center.identity_store_id if center else ''}"


def _emit(name: str, details: dict[str, str], kind: str, arn: str) -> None:
    owner = account_in(arn)
    resource = {"accountId": owner, "type": kind, "ARN": arn}
    service_events.emit(service_events.ServiceEvent(SOURCE, name, owner, REGION, details, (resource,)))
