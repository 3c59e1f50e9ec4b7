"""Lists: pages and their tokens, the filters of ListSessions one by one and together, and the order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.config import Config

from tests.emulator.conftest import RECOVERY, Emulator
from tests.emulator.worlds.recovery import ADA, BO, HOUR, POLICY, Recovery, code_of, refused

UPDATE, PRACTICE, DELETION = (
    "mpa:UpdateApprovalTeam",
    "mpa:StartApprovalTeamBaseline",
    "mpa:StartActiveApprovalTeamDeletion",
)


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


@pytest.fixture
def team(recovery: Recovery) -> str:
    """A team with an update that was cancelled, a deletion that was rejected, and a practice that is open."""
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="Other words.")
    recovery.mpa.cancel_session(SessionArn=recovery.team(arn)["UpdateSessionArn"])
    recovery.emulator.advance(HOUR)
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    session = recovery.team(arn)["UpdateSessionArn"]
    for person in (ADA, BO):
        recovery.vote(session, person, "REJECTED")
    recovery.emulator.advance(HOUR)
    recovery.session(recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"])
    return arn


def listed(recovery: Recovery, team: str, *filters: tuple[str, str, str]) -> list[str]:
    """The actions of the sessions that pass, as they are listed."""
    wanted = [{"FieldName": field, "Operator": operator, "Value": value} for field, operator, value in filters]
    return [one["ActionName"] for one in recovery.mpa.list_sessions(ApprovalTeamArn=team, Filters=wanted)["Sessions"]]


def hours_ago(recovery: Recovery, hours: float) -> str:
    now = datetime.fromisoformat(recovery.emulator.control("GET", "clock")["now"])
    return (now - timedelta(hours=hours)).isoformat()


@pytest.mark.parametrize(
    ("field", "operator", "value", "passing"),
    [
        ("ActionName", "EQ", UPDATE, [UPDATE]),
        ("ActionName", "NE", UPDATE, [PRACTICE, DELETION]),
        ("ActionName", "CONTAINS", "ApprovalTeam", [PRACTICE, DELETION, UPDATE]),
        ("ActionName", "NOT_CONTAINS", "Start", [UPDATE]),
        ("ActionName", "EQ", "mpa:updateapprovalteam", []),
        ("SessionStatus", "EQ", "PENDING", [PRACTICE]),
        ("SessionStatus", "EQ", "FAILED", [DELETION]),
        ("SessionStatus", "NE", "CANCELLED", [PRACTICE, DELETION]),
        ("SessionStatus", "EQ", "APPROVED", []),
    ],
)
def test_a_filter_lets_through_what_it_says(
    recovery: Recovery, team: str, field: str, operator: str, value: str, passing: list[str]
) -> None:
    assert listed(recovery, team, (field, operator, value)) == passing


def test_times_are_compared_in_every_way(recovery: Recovery, team: str) -> None:
    update = next(
        one for one in recovery.mpa.list_sessions(ApprovalTeamArn=team)["Sessions"] if one["ActionName"] == UPDATE
    )["InitiationTime"].isoformat()
    field, middle, recent = "InitiationTime", hours_ago(recovery, 1.5), hours_ago(recovery, 0.5)
    assert listed(recovery, team, (field, "GT", middle)) == [PRACTICE, DELETION]
    assert listed(recovery, team, (field, "LT", middle)) == [UPDATE]
    assert listed(recovery, team, (field, "GTE", update)) == [PRACTICE, DELETION, UPDATE]
    assert listed(recovery, team, (field, "GT", update)) == [PRACTICE, DELETION]
    assert listed(recovery, team, (field, "LTE", update)) == [UPDATE]
    assert listed(recovery, team, (field, "BETWEEN", f"{middle} AND {recent}")) == [DELETION]
    assert listed(recovery, team, (field, "BETWEEN", f"{middle} and {recent}")) == [DELETION], "AND in any case."
    assert listed(recovery, team, (field, "BETWEEN", f"{update} AND {update}")) == [UPDATE], "The ends are included."
    assert listed(recovery, team, (field, "BETWEEN", f"{recent} AND {middle}")) == []


def test_filters_hold_together(recovery: Recovery, team: str) -> None:
    started, over = ("ActionName", "CONTAINS", "Start"), ("SessionStatus", "NE", "PENDING")
    assert listed(recovery, team, started, over) == [DELETION]
    assert listed(recovery, team, *[started] * 10) == [PRACTICE, DELETION]


@pytest.mark.parametrize(
    "wanted",
    [
        {"FieldName": "ApprovalTeamName", "Operator": "EQ", "Value": "quorum"},
        {"FieldName": "VotingTime", "Operator": "GT", "Value": "2030-01-01"},
        {"FieldName": "SessionStatus", "Operator": "GT", "Value": "PENDING"},
        {"FieldName": "SessionStatus", "Operator": "EQ"},
        {"FieldName": "SessionStatus", "Value": "PENDING"},
        {"Operator": "EQ", "Value": "PENDING"},
        {"FieldName": "InitiationTime", "Operator": "BETWEEN", "Value": "2030-01-01 AND 2030-01-02 AND 2030-01-03"},
        {"FieldName": "InitiationTime", "Operator": "LT", "Value": "2030-01-01 AND 2030-01-02"},
        {"FieldName": "Nothing", "Operator": "EQ", "Value": "x"},
        {"FieldName": "ActionName", "Operator": "LIKE", "Value": "x"},
    ],
    ids=str,
)
def test_a_filter_that_does_not_exist_is_refused(recovery: Recovery, team: str, wanted: dict[str, str]) -> None:
    unchecked = recovery.emulator.client("mpa", RECOVERY, config=Config(parameter_validation=False))
    error = refused(unchecked.list_sessions, ApprovalTeamArn=team, Filters=[wanted])
    assert code_of(error) == "ValidationException"


@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_pages_hold_everything_once_and_in_order(recovery: Recovery, team: str, size: int) -> None:
    pages = recovery.mpa.get_paginator("list_sessions").paginate(
        ApprovalTeamArn=team, PaginationConfig={"PageSize": size}
    )
    found = [page["Sessions"] for page in pages]
    assert [one["ActionName"] for page in found for one in page] == [PRACTICE, DELETION, UPDATE], "The newest first."
    assert all(len(page) <= size for page in found)
    assert len(found) == -(-3 // size), "No page is empty, and the last one has no token."


@pytest.mark.parametrize("size", [0, 21, -1])
def test_a_page_has_one_to_twenty_items(recovery: Recovery, team: str, size: int) -> None:
    mpa = recovery.emulator.client("mpa", RECOVERY, config=Config(parameter_validation=False))
    calls: list[tuple[Any, dict[str, Any]]] = [
        (mpa.list_sessions, {"ApprovalTeamArn": team}),
        (mpa.list_approval_teams, {}),
        (mpa.list_identity_sources, {}),
        (mpa.list_policies, {}),
        (mpa.list_policy_versions, {"PolicyArn": POLICY.removesuffix("/$DEFAULT")}),
        (mpa.list_resource_policies, {"ResourceArn": team}),
    ]
    for call, inputs in calls:
        assert code_of(refused(call, **inputs, MaxResults=size)) == "ValidationException"
        assert call(**inputs, MaxResults=20)


def test_a_token_goes_on_with_its_own_list_only(recovery: Recovery, team: str) -> None:
    other = recovery.active("other")
    recovery.mpa.start_approval_team_baseline(Arn=other)
    token = recovery.mpa.list_sessions(ApprovalTeamArn=team, MaxResults=1)["NextToken"]
    filters = [{"FieldName": "SessionStatus", "Operator": "EQ", "Value": "FAILED"}]
    calls: list[dict[str, Any]] = [
        {"ApprovalTeamArn": other, "NextToken": token},
        {"ApprovalTeamArn": team, "Filters": filters, "NextToken": token},
        {"ApprovalTeamArn": team, "NextToken": token[:-2]},
        {"ApprovalTeamArn": team, "NextToken": f"{token}x"},
        {"ApprovalTeamArn": team, "NextToken": token.swapcase()},
        {"ApprovalTeamArn": team, "NextToken": "é"},
    ]
    for inputs in calls:
        assert code_of(refused(recovery.mpa.list_sessions, **inputs)) == "ValidationException"
    again = recovery.mpa.list_sessions(ApprovalTeamArn=team, NextToken=token)["Sessions"]
    assert [one["ActionName"] for one in again] == [DELETION, UPDATE]


def test_teams_are_listed_in_the_order_of_their_creation(recovery: Recovery) -> None:
    names = ["zeta", "alpha", "mid"]
    for name in names:
        recovery.create(name)
    assert [one["Name"] for one in recovery.mpa.list_approval_teams()["ApprovalTeams"]] == names
    assert recovery.mpa.list_approval_teams()["ApprovalTeams"][0]["CreationTime"] < datetime.now(UTC)
