"""The rows of ApprovalTeam's table that take the emulator long, or a rare moment, to show. Pure."""

from dataclasses import replace

import pytest

from airlock.clients.approvals import Draft, Member, Team
from airlock.providers import team_table as table

SOURCE = "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter"
PEOPLE = {"ada": "u1", "bo": "u2", "cleo": "u3"}


def members(*ids: str) -> tuple[Member, ...]:
    return tuple(
        Member(
            identity_id=one,
            identity_source_arn=SOURCE,
            status="ACCEPTED",
            approver_id="",
            last_activity="",
            last_activity_time=None,
        )
        for one in ids
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
WANTED = table.Wanted(
    name="quorum",
    description="d",
    threshold=2,
    approver_ids=PEOPLE,
    identity_source_arn=SOURCE,
    absent=False,
    asked_before=False,
)
OTHER = replace(WANTED, threshold=3)
ABSENT = replace(WANTED, absent=True)


def team(status: str, code: str = "", pending: Draft | None = None) -> Team:
    return replace(TEAM, status=status, status_code=code, draft=pending)


@pytest.mark.parametrize(
    ("live", "wanted", "step", "status"),
    [
        (team("PENDING", "VALIDATING"), WANTED, "", "VALIDATING"),
        (team("PENDING", "PENDING_ACTIVATION"), OTHER, "", "PENDING_ACTIVATION"),
        (team("INACTIVE", "FAILED_VALIDATION"), WANTED, table.INVITE_AGAIN, "FAILED_VALIDATION"),
        (team("INACTIVE", "UPDATE_PENDING_APPROVAL"), WANTED, table.NOTHING, "UPDATE_PENDING_APPROVAL"),
        (team("INACTIVE", "FAILED_ACTIVATION"), OTHER, table.INVITE_AGAIN, "FAILED_ACTIVATION"),
        (team("ACTIVE"), WANTED, "", "ACTIVE"),
        (team("ACTIVE"), OTHER, table.UPDATE, "ACTIVE"),
        (team("ACTIVE", "DELETE_FAILED_APPROVAL"), OTHER, table.UPDATE, "ACTIVE"),
        (team("ACTIVE", "DELETE_FAILED_APPROVAL"), WANTED, "", "ACTIVE"),
        (team("ACTIVE", "UPDATE_PENDING_APPROVAL", draft(4)), OTHER, "", "UPDATE_PENDING_APPROVAL"),
        (team("ACTIVE", "UPDATE_PENDING_ACTIVATION", draft()), OTHER, "", "UPDATE_PENDING_ACTIVATION"),
        (team("ACTIVE", "UPDATE_FAILED_ACTIVATION", draft()), OTHER, "", "UPDATE_FAILED_ACTIVATION"),
        (team("ACTIVE", "UPDATE_FAILED_VALIDATION", draft(4)), OTHER, table.UPDATE, "UPDATE_FAILED_VALIDATION"),
        (team("ACTIVE", "UPDATE_FAILED_APPROVAL", draft()), WANTED, "", "ACTIVE"),
        (team("ACTIVE", "DELETE_PENDING_APPROVAL"), OTHER, "", "REMOVAL_PENDING"),
        (team("DELETING"), WANTED, "", "REMOVAL_PENDING"),
        (team("ACTIVE"), ABSENT, table.START_REMOVAL, "ACTIVE"),
        (team("ACTIVE", "UPDATE_FAILED_APPROVAL", draft()), ABSENT, table.START_REMOVAL, "UPDATE_FAILED_APPROVAL"),
        (team("ACTIVE", "UPDATE_PENDING_APPROVAL", draft()), ABSENT, "", "UPDATE_PENDING_APPROVAL"),
        (team("PENDING", "PENDING_ACTIVATION"), ABSENT, "", "PENDING_ACTIVATION"),
        (team("INACTIVE", "UPDATE_PENDING_APPROVAL"), ABSENT, table.NOTHING, "UPDATE_PENDING_APPROVAL"),
        (team("INACTIVE", "FAILED_ACTIVATION"), ABSENT, table.DROP_INACTIVE, "FAILED_ACTIVATION"),
        (team("ACTIVE", "DELETE_PENDING_APPROVAL"), ABSENT, "", "REMOVAL_PENDING"),
        (team("DELETING"), ABSENT, "", "REMOVAL_PENDING"),
        (team("ACTIVE", "DELETE_FAILED_APPROVAL"), ABSENT, table.START_REMOVAL, "REMOVAL_REFUSED"),
        (team("ACTIVE", "DELETE_FAILED_VALIDATION"), replace(ABSENT, asked_before=True), "", "REMOVAL_REFUSED"),
    ],
)
def test_each_row_of_the_table(live: Team, wanted: table.Wanted, step: str, status: str) -> None:
    assert (table.step(live, wanted), table.status(live, wanted)) == (step, status)


@pytest.mark.parametrize(("wanted", "status"), [(WANTED, "GONE"), (ABSENT, "REMOVED")])
def test_a_team_that_is_not_there(wanted: table.Wanted, status: str) -> None:
    assert table.status(None, wanted) == status


def test_only_what_is_at_rest_says_nothing() -> None:
    assert table.waiting(team("ACTIVE"), WANTED) == ""
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
