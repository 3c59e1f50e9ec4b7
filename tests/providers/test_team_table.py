"""The rows of ApprovalTeam's table that take the emulator long, or a rare moment, to show. Pure."""

from dataclasses import replace

import pytest

from airlock.clients.approvals import Draft, Member, Team
from airlock.providers import team_table as table
from airlock.providers.team_table import Step

SOURCE = "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter"
PEOPLE = {"ada": "u1", "bo": "u2", "cleo": "u3"}


def members(*ids: str) -> tuple[Member, ...]:
    return tuple(
        Member(
            identity_id=identity,
            identity_source_arn=SOURCE,
            status="ACCEPTED",
            approver_id="",
            last_activity="",
            last_activity_time=None,
        )
        for identity in ids
    )


def draft(threshold: int = 3) -> Draft:
    return Draft(
        version_id="2",
        description="d",
        threshold=threshold,
        members=members(*PEOPLE.values()),
        status="",
        status_code="",
    )


TEAM = Team(
    arn="arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1",
    name="quorum",
    description="d",
    threshold=2,
    members=members(*PEOPLE.values()),
    status="ACTIVE",
    status_code="",
    status_message="",
    version_id="1",
    update_session_arn="arn:aws:mpa:us-east-1:777777777777:session/quorum-1/s",
    created=None,
    draft=None,
)
DESIRED = table.Desired(
    name="quorum",
    description="d",
    threshold=2,
    approver_ids=PEOPLE,
    identity_source_arn=SOURCE,
    absent=False,
    asked_before=False,
)
OTHER = replace(DESIRED, threshold=3)
ABSENT = replace(DESIRED, absent=True)


def team(status: str, code: str = "", pending: Draft | None = None) -> Team:
    return replace(TEAM, status=status, status_code=code, draft=pending)


@pytest.mark.parametrize(
    ("live", "desired", "step", "status"),
    [
        (team("PENDING", "VALIDATING"), DESIRED, None, "VALIDATING"),
        (team("PENDING", "PENDING_ACTIVATION"), OTHER, None, "PENDING_ACTIVATION"),
        (team("INACTIVE", "FAILED_VALIDATION"), DESIRED, Step.INVITE_AGAIN, "FAILED_VALIDATION"),
        (team("INACTIVE", "UPDATE_PENDING_APPROVAL"), DESIRED, None, "UPDATE_PENDING_APPROVAL"),
        (team("INACTIVE", "FAILED_ACTIVATION"), OTHER, Step.INVITE_AGAIN, "FAILED_ACTIVATION"),
        (team("ACTIVE"), DESIRED, None, "ACTIVE"),
        (team("ACTIVE"), OTHER, Step.UPDATE, "ACTIVE"),
        (team("ACTIVE", "DELETE_FAILED_APPROVAL"), OTHER, Step.UPDATE, "ACTIVE"),
        (team("ACTIVE", "DELETE_FAILED_APPROVAL"), DESIRED, None, "ACTIVE"),
        (team("ACTIVE", "UPDATE_PENDING_APPROVAL", draft(4)), OTHER, None, "UPDATE_PENDING_APPROVAL"),
        (team("ACTIVE", "UPDATE_PENDING_ACTIVATION", draft()), OTHER, None, "UPDATE_PENDING_ACTIVATION"),
        (team("ACTIVE", "UPDATE_FAILED_ACTIVATION", draft()), OTHER, None, "UPDATE_FAILED_ACTIVATION"),
        (team("ACTIVE", "UPDATE_FAILED_VALIDATION", draft(4)), OTHER, Step.UPDATE, "UPDATE_FAILED_VALIDATION"),
        (team("ACTIVE", "UPDATE_FAILED_APPROVAL", draft()), DESIRED, None, "ACTIVE"),
        (team("ACTIVE", "DELETE_PENDING_APPROVAL"), OTHER, None, "REMOVAL_PENDING"),
        (team("DELETING"), DESIRED, None, "REMOVAL_PENDING"),
        (team("ACTIVE"), ABSENT, Step.START_REMOVAL, "ACTIVE"),
        (team("ACTIVE", "UPDATE_FAILED_APPROVAL", draft()), ABSENT, Step.START_REMOVAL, "UPDATE_FAILED_APPROVAL"),
        (team("ACTIVE", "UPDATE_PENDING_APPROVAL", draft()), ABSENT, None, "UPDATE_PENDING_APPROVAL"),
        (team("PENDING", "PENDING_ACTIVATION"), ABSENT, None, "PENDING_ACTIVATION"),
        (team("INACTIVE", "UPDATE_PENDING_APPROVAL"), ABSENT, None, "UPDATE_PENDING_APPROVAL"),
        (team("INACTIVE", "FAILED_ACTIVATION"), ABSENT, Step.DROP_INACTIVE, "FAILED_ACTIVATION"),
        (team("ACTIVE", "DELETE_PENDING_APPROVAL"), ABSENT, None, "REMOVAL_PENDING"),
        (team("DELETING"), ABSENT, None, "REMOVAL_PENDING"),
        (team("ACTIVE", "DELETE_FAILED_APPROVAL"), ABSENT, Step.START_REMOVAL, "REMOVAL_REFUSED"),
        (team("ACTIVE", "DELETE_FAILED_VALIDATION"), replace(ABSENT, asked_before=True), None, "REMOVAL_REFUSED"),
    ],
)
def test_each_row_of_the_table(live: Team, desired: table.Desired, step: Step | None, status: str) -> None:
    assert (table.step(live, desired), table.status(live, desired)) == (step, status)


@pytest.mark.parametrize(("desired", "status"), [(DESIRED, "GONE"), (ABSENT, "REMOVED")])
def test_a_team_that_is_not_there(desired: table.Desired, status: str) -> None:
    assert table.status(None, desired) == status


def test_only_what_is_at_rest_says_nothing() -> None:
    assert table.waiting(team("ACTIVE"), DESIRED) == ""
    assert table.waiting(None, ABSENT) == ""
    for status, code, pending in [
        ("PENDING", "VALIDATING", None),
        ("PENDING", "PENDING_ACTIVATION", None),
        ("INACTIVE", "FAILED_ACTIVATION", None),
        ("ACTIVE", "UPDATE_PENDING_APPROVAL", draft()),
        ("ACTIVE", "UPDATE_PENDING_ACTIVATION", draft()),
        ("ACTIVE", "UPDATE_FAILED_APPROVAL", draft()),
        ("ACTIVE", "DELETE_PENDING_APPROVAL", None),
        ("DELETING", "", None),
    ]:
        assert table.waiting(team(status, code, pending), OTHER).startswith(("Team `quorum`", "A change", "The last"))


def test_a_newer_change_than_the_one_under_vote_is_announced_with_the_way_to_hurry() -> None:
    live = team("ACTIVE", "UPDATE_PENDING_APPROVAL", draft(4))
    assert "cancel-session --session-arn arn:aws:mpa" in table.waiting(live, OTHER)
    assert "cancel-session" not in table.waiting(replace(live, draft=draft()), OTHER)


def test_a_refused_change_names_the_command_that_asks_once_more() -> None:
    live = team("ACTIVE", "UPDATE_FAILED_APPROVAL", draft())
    assert "--version-id 2" in table.waiting(live, OTHER)
