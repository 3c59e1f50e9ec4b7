"""Votes: what decides, what does not count, how sessions are listed. Sessions are practices and team updates here."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.emulator.conftest import ControlRefused, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery, code_of, refused

DAY = 24 * HOUR


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def asked(recovery: Recovery, arn: str, words: str = "New words.") -> str:
    """A session that two of three approvals decide."""
    recovery.mpa.update_approval_team(Arn=arn, Description=words)
    return str(recovery.team(arn)["UpdateSessionArn"])


def test_a_session_is_created_and_then_open_for_24_hours(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active())
    first, second = (recovery.mpa.get_session(SessionArn=session) for _ in range(2))
    assert (first["Status"], second["Status"]) == ("CREATING", "PENDING")
    assert second["ExpirationTime"] - second["InitiationTime"] == timedelta(hours=24)
    assert second["ExecutionStatus"] == "PENDING"
    assert [r["Response"] for r in second["ApproverResponses"]] == ["NO_RESPONSE"] * 3
    assert "CompletionTime" not in second


def test_the_mth_approval_decides_and_the_one_before_does_not(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active())
    assert recovery.vote(session, ADA)["Status"] == "PENDING"
    decided = recovery.vote(session, CLEO)
    assert (decided["Status"], decided["ExecutionStatus"]) == ("APPROVED", "EXECUTED")
    assert "CompletionTime" in decided


def test_a_vote_after_the_decision_is_refused(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active())
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    with pytest.raises(ControlRefused) as late:
        recovery.vote(session, CLEO, "REJECTED")
    assert late.value.status == 409
    assert recovery.session(session)["Status"] == "APPROVED"


def test_nobody_votes_twice(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active())
    recovery.vote(session, ADA)
    for response in ("APPROVED", "REJECTED"):
        with pytest.raises(ControlRefused) as twice:
            recovery.vote(session, ADA, response)
        assert twice.value.status == 409
    shown = recovery.session(session)
    assert shown["Status"] == "PENDING", "One person approved twice and decided alone."


def test_the_rejection_that_makes_approval_impossible_ends_it(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active())
    assert recovery.vote(session, ADA, "REJECTED")["Status"] == "PENDING"
    ended = recovery.vote(session, BO, "REJECTED")
    assert (ended["Status"], ended["StatusCode"]) == ("FAILED", "REJECTED")
    assert "ExecutionStatus" not in ended, "Nothing is executed after a rejection."


def test_silence_is_a_rejection_after_24_hours(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active())
    recovery.vote(session, ADA)
    recovery.emulator.advance(DAY - 60)
    assert recovery.session(session)["Status"] == "PENDING"
    recovery.emulator.advance(120)
    ended = recovery.session(session)
    assert (ended["Status"], ended["StatusCode"]) == ("FAILED", "EXPIRED")
    late_by = ended["CompletionTime"] - ended["ExpirationTime"]
    assert late_by < timedelta(seconds=1), "It lapses at its time, not when somebody looks."
    with pytest.raises(ControlRefused) as late:
        recovery.vote(session, BO)
    assert late.value.status == 409


def test_people_who_are_not_asked_have_no_vote(recovery: Recovery) -> None:
    session = asked(recovery, recovery.active(people=(ADA, BO)))
    with pytest.raises(ControlRefused) as stranger:
        recovery.vote(session, CLEO)
    assert stranger.value.status == 404
    with pytest.raises(ControlRefused) as nowhere:
        recovery.vote(f"{session}0", ADA)
    assert nowhere.value.status == 404


@pytest.mark.parametrize("change", [{"enabled": False}, {"deleted": True}], ids=["disabled", "deleted"])
def test_people_who_left_have_no_vote(recovery: Recovery, change: dict[str, Any]) -> None:
    session = asked(recovery, recovery.active())
    recovery.change(BO, **change)
    with pytest.raises(ControlRefused) as left:
        recovery.vote(session, BO)
    assert left.value.status == 409
    assert recovery.session(session)["Status"] == "PENDING"


def test_a_vote_is_shown_with_its_time(recovery: Recovery) -> None:
    arn = recovery.active()
    session = asked(recovery, arn)
    recovery.vote(session, ADA)
    responses = {r["IdentityId"]: r for r in recovery.session(session)["ApproverResponses"]}
    assert responses[recovery.people[ADA]]["Response"] == "APPROVED"
    assert isinstance(responses[recovery.people[ADA]]["ResponseTime"], datetime)
    approvers = {a["PrimaryIdentityId"]: a for a in recovery.team(arn)["Approvers"]}
    assert approvers[recovery.people[ADA]]["LastActivity"] == "VOTED"


def test_a_practice_session_shows_who_can_be_reached(recovery: Recovery) -> None:
    arn = recovery.active()
    session = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    assert {a["PendingBaselineSessionArn"] for a in recovery.team(arn)["Approvers"]} == {session}
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    assert recovery.session(session)["Status"] == "PENDING", "A practice ends when everybody answered."
    assert recovery.vote(session, CLEO)["Status"] == "APPROVED"
    approvers = recovery.team(arn)["Approvers"]
    assert {a["LastActivity"] for a in approvers} == {"BASELINED"}
    assert not any("PendingBaselineSessionArn" in a for a in approvers)


def test_a_practice_asks_the_chosen_people_only(recovery: Recovery) -> None:
    arn = recovery.active()
    ids = {a["PrimaryIdentityId"]: a["ApproverId"] for a in recovery.team(arn)["Approvers"]}
    chosen = ids[recovery.people[BO]]
    session = recovery.mpa.start_approval_team_baseline(Arn=arn, ApproverIds=[chosen])["BaselineSessionArn"]
    assert [r["ApproverId"] for r in recovery.session(session)["ApproverResponses"]] == [chosen]
    unknown = refused(recovery.mpa.start_approval_team_baseline, Arn=arn, ApproverIds=["nobody"])
    assert code_of(unknown) == "ValidationException"


def test_a_practice_is_not_needed_twice_at_the_same_time(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.start_approval_team_baseline(Arn=arn)
    second = recovery.session(recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"])
    assert (second["Status"], second["StatusCode"]) == ("FAILED", "ALL_APPROVERS_IN_SESSION")


def test_an_unanswered_practice_lapses_and_frees_its_people(recovery: Recovery) -> None:
    arn = recovery.active()
    session = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    recovery.emulator.advance(DAY + 60)
    ended = recovery.session(session)
    assert (ended["StatusCode"], ended["StatusMessage"]) == ("EXPIRED", "Not everybody answered within 24 hours.")
    assert not any("PendingBaselineSessionArn" in a for a in recovery.team(arn)["Approvers"])


def test_a_practice_needs_an_active_team_and_cannot_be_cancelled(recovery: Recovery) -> None:
    waiting = recovery.create("waiting")
    assert code_of(refused(recovery.mpa.start_approval_team_baseline, Arn=waiting)) == "ValidationException"
    session = recovery.mpa.start_approval_team_baseline(Arn=recovery.active())["BaselineSessionArn"]
    assert code_of(refused(recovery.mpa.cancel_session, SessionArn=session)) == "AccessDeniedException"


def test_sessions_are_listed_newest_first_in_pages(recovery: Recovery) -> None:
    arn = recovery.active()
    made = []
    for number in range(5):
        made.append(asked(recovery, arn, f"Words {number}."))
        recovery.mpa.cancel_session(SessionArn=made[-1])
    first = recovery.mpa.list_sessions(ApprovalTeamArn=arn, MaxResults=2)
    assert [s["SessionArn"] for s in first["Sessions"]] == made[:-3:-1]
    pages = recovery.mpa.get_paginator("list_sessions").paginate(ApprovalTeamArn=arn, PaginationConfig={"PageSize": 2})
    assert [s["SessionArn"] for page in pages for s in page["Sessions"]] == made[::-1]


def test_sessions_are_filtered_by_action_status_and_time(recovery: Recovery) -> None:
    arn = recovery.active()
    update = asked(recovery, arn)
    recovery.emulator.advance(HOUR)
    practice = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    recovery.mpa.cancel_session(SessionArn=update)
    recovery.session(practice)
    middle = (recovery.session(update)["InitiationTime"] + timedelta(minutes=30)).isoformat()
    later = (recovery.session(practice)["InitiationTime"] + timedelta(minutes=30)).isoformat()

    def listed(field: str, operator: str, value: str) -> list[str]:
        wanted = [{"FieldName": field, "Operator": operator, "Value": value}]
        return [s["SessionArn"] for s in recovery.mpa.list_sessions(ApprovalTeamArn=arn, Filters=wanted)["Sessions"]]

    assert listed("ActionName", "EQ", "mpa:UpdateApprovalTeam") == [update]
    assert listed("ActionName", "NE", "mpa:UpdateApprovalTeam") == [practice]
    assert listed("ActionName", "CONTAINS", "Baseline") == [practice]
    assert listed("ActionName", "NOT_CONTAINS", "Baseline") == [update]
    assert listed("SessionStatus", "EQ", "CANCELLED") == [update]
    assert listed("SessionStatus", "NE", "CANCELLED") == [practice]
    assert listed("InitiationTime", "LT", middle) == [update]
    assert listed("InitiationTime", "GTE", middle) == [practice]
    assert listed("InitiationTime", "BETWEEN", f"{middle} AND {later}") == [practice]


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("Vote", "EQ", "APPROVED"),
        ("ActionName", "GT", "x"),
        ("SessionStatus", "CONTAINS", "P"),
        ("InitiationTime", "EQ", "2030-01-01"),
        ("InitiationTime", "GT", "yesterday"),
        ("InitiationTime", "BETWEEN", "2030-01-01"),
    ],
)
def test_filters_that_do_not_exist_are_refused(recovery: Recovery, field: str, operator: str, value: str) -> None:
    wanted = [{"FieldName": field, "Operator": operator, "Value": value}]
    error = refused(recovery.mpa.list_sessions, ApprovalTeamArn=recovery.create(), Filters=wanted)
    assert code_of(error) == "ValidationException"
