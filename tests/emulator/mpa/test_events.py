"""What CloudTrail hears of teams and sessions by itself: the name, the details, the resource, and nothing twice."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.emulator.conftest import RECOVERY, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery

DORA = "dora.elk"
DAY = 24 * HOUR


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator, more_people=[DORA])


def announced(recovery: Recovery) -> list[dict[str, Any]]:
    """The service events of Multi-party approval in the account of the team, oldest first."""
    client = recovery.emulator.client("cloudtrail", RECOVERY)
    wanted = [{"AttributeKey": "EventSource", "AttributeValue": "mpa.amazonaws.com"}]
    pages = client.get_paginator("lookup_events").paginate(LookupAttributes=wanted)
    records = [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]
    return [record for record in reversed(records) if record["eventType"] == "AwsServiceEvent"]


def last(recovery: Recovery, name: str) -> dict[str, Any]:
    return [record for record in announced(recovery) if record["eventName"] == name][-1]


def by_vote(recovery: Recovery, arn: str, *people: str, response: str = "APPROVED") -> None:
    session = recovery.team(arn)["UpdateSessionArn"]
    for person in people:
        recovery.vote(session, person, response)


def invalid(recovery: Recovery) -> None:
    recovery.create(people=(ADA, BO, "nobody"))


def declined(recovery: Recovery) -> None:
    recovery.answer(recovery.create(), ADA, "REJECTED")


def lapsed(recovery: Recovery) -> None:
    recovery.create()
    recovery.emulator.advance(DAY + 60)


def updated(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    by_vote(recovery, arn, ADA, BO)


def newcomer(recovery: Recovery) -> str:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, DORA))
    by_vote(recovery, arn, ADA, BO)
    return arn


def joined(recovery: Recovery) -> None:
    recovery.answer(newcomer(recovery), DORA)


def stayed_away(recovery: Recovery) -> None:
    recovery.answer(newcomer(recovery), DORA, "REJECTED")


def update_refused(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    by_vote(recovery, arn, ADA, BO, response="REJECTED")


def update_invalid(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, "nobody"))


def deleted(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    by_vote(recovery, arn, ADA, BO)


def deletion_refused(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    by_vote(recovery, arn, ADA, BO, response="REJECTED")


@dataclass(frozen=True)
class Row:
    """What is done, and the event with the status and code that it names."""

    done: Callable[[Recovery], Any]
    name: str
    status: str
    code: str = ""
    voted: bool = False


TEAM_EVENTS = [
    Row(lambda recovery: recovery.create(), "TeamCreationValidationSuccess", "PENDING", "PENDING_ACTIVATION"),
    Row(invalid, "TeamCreationValidationFailure", "INACTIVE", "FAILED_VALIDATION"),
    Row(lambda recovery: recovery.active(), "TeamCreationActivationSuccess", "ACTIVE"),
    Row(declined, "TeamCreationActivationFailure", "INACTIVE", "FAILED_ACTIVATION"),
    Row(lapsed, "TeamCreationActivationFailure", "INACTIVE", "FAILED_ACTIVATION"),
    Row(updated, "TeamUpdateValidationSuccess", "ACTIVE", "UPDATE_PENDING_APPROVAL", voted=True),
    Row(update_invalid, "TeamUpdateValidationFailure", "ACTIVE", "UPDATE_FAILED_VALIDATION"),
    Row(updated, "TeamUpdateApprovalSuccess", "ACTIVE", voted=True),
    Row(newcomer, "TeamUpdateApprovalSuccess", "ACTIVE", "UPDATE_PENDING_ACTIVATION", voted=True),
    Row(update_refused, "TeamUpdateApprovalFailure", "ACTIVE", "UPDATE_FAILED_APPROVAL", voted=True),
    Row(joined, "TeamUpdateActivationSuccess", "ACTIVE"),
    Row(stayed_away, "TeamUpdateActivationFailure", "ACTIVE", "UPDATE_FAILED_ACTIVATION"),
    Row(deleted, "TeamDeletionApprovalSuccess", "DELETED", voted=True),
    Row(deletion_refused, "TeamDeletionApprovalFailure", "ACTIVE", "DELETE_FAILED_APPROVAL", voted=True),
]


@pytest.mark.parametrize("row", TEAM_EVENTS, ids=lambda row: f"{row.name}-{row.code}")
def test_a_step_of_a_team_is_announced_with_its_state(recovery: Recovery, row: Row) -> None:
    row.done(recovery)
    record = last(recovery, row.name)
    details = record["serviceEventDetails"]
    session = details.pop("updateSessionId", "")
    assert details == {"teamStatus": row.status} | ({"teamStatusCode": row.code} if row.code else {})
    assert bool(session) == row.voted, "The session id is what an investigator follows from the team to its vote."
    (resource,) = record["resources"]
    assert (resource["type"], resource["accountId"]) == ("AWS::MPA::Team", RECOVERY)
    assert ":approval-team/quorum-" in resource["ARN"]
    assert record["awsRegion"] == "us-east-1"


def practice(recovery: Recovery) -> str:
    return str(recovery.mpa.start_approval_team_baseline(Arn=recovery.active())["BaselineSessionArn"])


def update(recovery: Recovery) -> str:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    return str(recovery.team(arn)["UpdateSessionArn"])


def approved(recovery: Recovery) -> str:
    session = update(recovery)
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    return session


def rejected(recovery: Recovery) -> str:
    session = update(recovery)
    recovery.vote(session, ADA, "REJECTED")
    recovery.vote(session, BO, "REJECTED")
    return session


def expired(recovery: Recovery) -> str:
    session = update(recovery)
    recovery.vote(session, ADA)
    recovery.vote(session, BO, "REJECTED")
    recovery.emulator.advance(DAY + 60)
    return session


def cancelled(recovery: Recovery) -> str:
    session = update(recovery)
    recovery.mpa.cancel_session(SessionArn=session)
    return session


def changed_meanwhile(recovery: Recovery) -> str:
    arn = recovery.active()
    session = str(recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"])
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    by_vote(recovery, arn, ADA, BO)
    return session


def team_deleted(recovery: Recovery) -> str:
    arn = recovery.active()
    session = str(recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"])
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    by_vote(recovery, arn, ADA, BO)
    return session


@pytest.mark.parametrize(
    ("done", "name", "status", "code", "said"),
    [
        (approved, "SessionApproved", "APPROVED", None, ([ADA, BO], [], [CLEO])),
        (rejected, "SessionApproved", "FAILED", "REJECTED", ([], [ADA, BO], [CLEO])),
        (expired, "SessionExpiration", "FAILED", "EXPIRED", ([ADA], [BO], [CLEO])),
        (cancelled, "SessionCancellation", "CANCELLED", "CANCELLED_BY_USER", ([], [], [ADA, BO, CLEO])),
        (changed_meanwhile, "SessionCancellation", "CANCELLED", "CONFIGURATION_CHANGED", ([], [], [ADA, BO, CLEO])),
        (team_deleted, "SessionCancellation", "CANCELLED", "TEAM_DELETED", ([], [], [ADA, BO, CLEO])),
    ],
    ids=["approved", "rejected", "expired", "cancelled", "team-changed", "team-deleted"],
)
def test_the_end_of_a_session_is_announced_with_who_said_what(
    recovery: Recovery, done: Any, name: str, status: str, code: str | None, said: tuple[list[str], ...]
) -> None:
    session = done(recovery)
    record = next(
        one for one in announced(recovery) if one["eventName"] == name and one["resources"][0]["ARN"] == session
    )
    details = record["serviceEventDetails"]
    store = f"arn:aws:identitystore::{RECOVERY}:identitystore/{recovery.store}"
    lists = [",".join(f"{store}/{recovery.people[person]}" for person in people) for people in said]
    assert (details["sessionStatus"], details.get("sessionStatusCode")) == (status, code)
    assert [details[key] for key in ("approvedBy", "rejectedBy", "noParticipationBy")] == lists
    assert record["resources"] == [{"accountId": RECOVERY, "type": "AWS::MPA::Session", "ARN": session}]


def test_a_session_that_opens_is_announced_once(recovery: Recovery) -> None:
    session = practice(recovery)
    opened = [one for one in announced(recovery) if one["eventName"] == "SessionValidationSuccess"]
    assert [(one["resources"][0]["ARN"], one["serviceEventDetails"]) for one in opened] == [
        (session, {"sessionStatus": "PENDING"})
    ]


def test_a_refused_step_announces_nothing(recovery: Recovery) -> None:
    arn = recovery.create()
    before = len(announced(recovery))
    with pytest.raises(recovery.mpa.exceptions.ConflictException):
        recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    assert len(announced(recovery)) == before
