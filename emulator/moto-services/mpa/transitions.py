"""What may follow what, as data: approval teams, approval sessions and invitations.

A state is a Status with its StatusCode, as GetApprovalTeam and GetSession show them. A row is (from, event, to). What
has no row is not allowed: `follow` raises, and the operation that caused the event answers with ConflictException.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .exceptions import NotAllowedNow


class State(NamedTuple):
    status: str
    code: str | None = None

    def __str__(self) -> str:
        return f"{self.status}/{self.code}" if self.code else self.status


Row = tuple[State | Sequence[State], str, State]
Table = dict[tuple[State, str], State]


def table(*rows: Row) -> Table:
    """Rows as a look-up; a row may name several states to start from."""
    origins = [((row[0],) if isinstance(row[0], State) else tuple(row[0]), row[1], row[2]) for row in rows]
    return {(State(*origin), event): to for starts, event, to in origins for origin in starts}


def follow(transitions: Table, state: State, event: str, thing: str) -> State:
    """The state after `event`, or ConflictException when the table knows no such step."""
    try:
        return transitions[state, event]
    except KeyError:
        message = f"{thing} is {state}, which does not allow this: {event.replace('_', ' ')}."
        raise NotAllowedNow(message) from None


def allows(transitions: Table, state: State, event: str) -> bool:
    return (state, event) in transitions


# Approval teams

VALIDATING = State("PENDING", "VALIDATING")
PENDING_ACTIVATION = State("PENDING", "PENDING_ACTIVATION")
FAILED_VALIDATION = State("INACTIVE", "FAILED_VALIDATION")
FAILED_ACTIVATION = State("INACTIVE", "FAILED_ACTIVATION")
ACTIVE = State("ACTIVE")
UPDATE_PENDING_APPROVAL = State("ACTIVE", "UPDATE_PENDING_APPROVAL")
UPDATE_PENDING_ACTIVATION = State("ACTIVE", "UPDATE_PENDING_ACTIVATION")
UPDATE_FAILED_VALIDATION = State("ACTIVE", "UPDATE_FAILED_VALIDATION")
UPDATE_FAILED_APPROVAL = State("ACTIVE", "UPDATE_FAILED_APPROVAL")
UPDATE_FAILED_ACTIVATION = State("ACTIVE", "UPDATE_FAILED_ACTIVATION")
DELETE_PENDING_APPROVAL = State("ACTIVE", "DELETE_PENDING_APPROVAL")
DELETE_FAILED_APPROVAL = State("ACTIVE", "DELETE_FAILED_APPROVAL")
DELETE_FAILED_VALIDATION = State("ACTIVE", "DELETE_FAILED_VALIDATION")
INACTIVE_UPDATE_PENDING = State("INACTIVE", "UPDATE_PENDING_APPROVAL")  # only where repairs are voted on
DELETING = State("DELETING")
GONE = State("GONE")  # never shown: the team is no longer there

INACTIVE = (FAILED_VALIDATION, FAILED_ACTIVATION)
UPDATE_FAILED = (UPDATE_FAILED_VALIDATION, UPDATE_FAILED_APPROVAL, UPDATE_FAILED_ACTIVATION)
DELETE_FAILED = (DELETE_FAILED_APPROVAL, DELETE_FAILED_VALIDATION)
RESTING = (ACTIVE, *UPDATE_FAILED, *DELETE_FAILED)  # active, with nothing in flight

TEAM = table(
    (VALIDATING, "validated", PENDING_ACTIVATION),
    (VALIDATING, "invalid", FAILED_VALIDATION),
    (PENDING_ACTIVATION, "all_accepted", ACTIVE),
    (PENDING_ACTIVATION, "declined", FAILED_ACTIVATION),
    (PENDING_ACTIVATION, "lapsed", FAILED_ACTIVATION),
    (INACTIVE, "repair", VALIDATING),
    (INACTIVE, "delete_inactive_version", GONE),
    (INACTIVE, "update", INACTIVE_UPDATE_PENDING),
    (INACTIVE_UPDATE_PENDING, "update_approved", VALIDATING),
    (INACTIVE_UPDATE_PENDING, "update_refused", FAILED_ACTIVATION),
    (INACTIVE_UPDATE_PENDING, "update_cancelled", FAILED_ACTIVATION),
    (RESTING, "update", UPDATE_PENDING_APPROVAL),
    (RESTING, "update_invalid", UPDATE_FAILED_VALIDATION),
    (RESTING, "delete_failed_draft", ACTIVE),
    (UPDATE_PENDING_APPROVAL, "update_approved", ACTIVE),
    (UPDATE_PENDING_APPROVAL, "update_approved_with_new_approvers", UPDATE_PENDING_ACTIVATION),
    (UPDATE_PENDING_APPROVAL, "update_refused", UPDATE_FAILED_APPROVAL),
    (UPDATE_PENDING_APPROVAL, "update_cancelled", ACTIVE),
    (UPDATE_PENDING_ACTIVATION, "all_accepted", ACTIVE),
    (UPDATE_PENDING_ACTIVATION, "declined", UPDATE_FAILED_ACTIVATION),
    (UPDATE_PENDING_ACTIVATION, "lapsed", UPDATE_FAILED_ACTIVATION),
    (RESTING, "start_deletion", DELETE_PENDING_APPROVAL),
    (RESTING, "deletion_invalid", DELETE_FAILED_VALIDATION),
    (DELETE_PENDING_APPROVAL, "deletion_approved", DELETING),
    (DELETE_PENDING_APPROVAL, "deletion_refused", DELETE_FAILED_APPROVAL),
    (DELETE_PENDING_APPROVAL, "deletion_cancelled", ACTIVE),
    (DELETING, "window_over", GONE),
)

# Approval sessions

SESSION_CREATING = State("CREATING")
SESSION_PENDING = State("PENDING")
SESSION_APPROVED = State("APPROVED")
SESSION_CANCELLED = State("CANCELLED")
SESSION_REJECTED = State("FAILED", "REJECTED")
SESSION_EXPIRED = State("FAILED", "EXPIRED")
SESSION_CONFIGURATION_CHANGED = State("CANCELLED", "CONFIGURATION_CHANGED")
SESSION_CONFIGURATION_FAILED = State("FAILED", "CONFIGURATION_CHANGED")  # the other reading, see undocumented
SESSION_ALL_APPROVERS_IN_SESSION = State("FAILED", "ALL_APPROVERS_IN_SESSION")

SESSION_OPEN = (SESSION_CREATING, SESSION_PENDING)

SESSION = table(
    (SESSION_CREATING, "validated", SESSION_PENDING),
    (SESSION_CREATING, "all_approvers_in_session", SESSION_ALL_APPROVERS_IN_SESSION),
    (SESSION_PENDING, "APPROVED", SESSION_APPROVED),
    (SESSION_PENDING, "REJECTED", SESSION_REJECTED),
    (SESSION_OPEN, "EXPIRED", SESSION_EXPIRED),
    (SESSION_OPEN, "CONFIGURATION_CHANGED", SESSION_CONFIGURATION_CHANGED),
    (SESSION_OPEN, "CONFIGURATION_FAILED", SESSION_CONFIGURATION_FAILED),
    (SESSION_OPEN, "TEAM_DELETED", SESSION_CANCELLED),
    (SESSION_OPEN, "CANCELLED", SESSION_CANCELLED),
)

# Invitations (PrimaryIdentityStatus of an approver)

INVITED = State("PENDING")
INVITATION = table(
    (INVITED, "ACCEPTED", State("ACCEPTED")),
    (INVITED, "REJECTED", State("REJECTED")),
    (INVITED, "INVALID", State("INVALID")),
)

# Identity sources

SOURCE_CREATING = State("CREATING")
SOURCE_ACTIVE = State("ACTIVE")
SOURCE_DELETING = State("DELETING")

SOURCE = table(
    (SOURCE_CREATING, "validated", SOURCE_ACTIVE),
    (SOURCE_CREATING, "instance_not_found", State("ERROR", "IDC_INSTANCE_NOT_FOUND")),
    (SOURCE_CREATING, "instance_not_valid", State("ERROR", "IDC_INSTANCE_NOT_VALID")),
)
