"""Health of teams: who counts as inactive, what the API shows of it, and the monthly report."""

from typing import Any

import pytest

from tests.emulator.conftest import Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery

DAY = 24 * HOUR
ROOT = "root@recovery.example.com"


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def reports(recovery: Recovery) -> list[str]:
    mails: list[dict[str, Any]] = recovery.emulator.control("GET", f"mailbox?identity_id={ROOT}")["mails"]
    return [mail["body"] for mail in mails]


def next_report(recovery: Recovery) -> str:
    before = len(reports(recovery))
    recovery.emulator.advance(30 * DAY)
    found = reports(recovery)
    assert len(found) == before + 1, "A month brings one report."
    return found[-1]


def line(report: str, beginning: str) -> str:
    return next(one for one in report.splitlines() if one.startswith(beginning))


def answered(recovery: Recovery, arn: str, *people: str) -> None:
    """A practice that the named people answer, and that then runs out."""
    session = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    for person in people:
        recovery.vote(session, person)
    recovery.emulator.advance(DAY + 60)


def test_31_days_bring_one_report_with_the_state_of_every_team_and_its_people(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.create("waiting")
    recovery.emulator.advance(31 * DAY)
    (report,) = reports(recovery)
    assert line(report, "Teams with all active approvers") == "Teams with all active approvers: 2"
    assert line(report, "Teams with inactive approvers") == "Teams with inactive approvers: 0"
    assert line(report, "Team quorum") == "Team quorum: ACTIVE, healthy"
    assert line(report, "Team waiting") == "Team waiting: INACTIVE/FAILED_ACTIVATION, not healthy"
    assert line(report, "To do").startswith("To do: Update the team to invite its approvers anew")
    assert line(report, "- ada.lind").startswith("- ada.lind: active (last activity: RESPONDED_TO_INVITATION")
    assert arn not in report, "Only teams with inactive approvers are listed by ARN."


def test_every_month_brings_a_report_as_long_as_there_is_an_identity_source(recovery: Recovery) -> None:
    recovery.create()
    recovery.emulator.advance(95 * DAY)
    assert len(reports(recovery)) == 3
    team = recovery.mpa.list_approval_teams()["ApprovalTeams"][0]["Arn"]
    recovery.mpa.delete_inactive_approval_team_version(Arn=team, VersionId=recovery.team(team)["VersionId"])
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)
    recovery.emulator.advance(60 * DAY)
    assert len(reports(recovery)) == 3


def test_the_report_counts_the_requests_of_the_month(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="One.")
    session = recovery.team(arn)["UpdateSessionArn"]
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    recovery.mpa.update_approval_team(Arn=arn, Description="Two.")
    recovery.mpa.cancel_session(SessionArn=recovery.team(arn)["UpdateSessionArn"])
    answered(recovery, arn, CLEO)
    report = next_report(recovery)
    assert line(report, "Requested operations") == "Requested operations: 3"
    assert line(report, "Responses") == "Responses: 3"
    assert line(report, "Expired") == "Expired: 1"
    assert line(report, "Cancelled") == "Cancelled: 1"
    assert line(next_report(recovery), "Requested operations") == "Requested operations: 0"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"enabled": False}, "is disabled"), ({"deleted": True}, "does not exist in the identity store")],
    ids=["disabled", "deleted"],
)
def test_people_who_left_make_a_team_unhealthy(recovery: Recovery, change: dict[str, Any], words: str) -> None:
    arn = recovery.active()
    recovery.change(BO, **change)
    team = recovery.team(arn)
    assert team["Status"] == "ACTIVE", "An unhealthy team is still active for AWS."
    shown = {approver["PrimaryIdentityId"]: approver["PrimaryIdentityStatus"] for approver in team["Approvers"]}
    assert shown[recovery.people[BO]] == "INVALID"
    assert shown[recovery.people[ADA]] == "ACCEPTED"
    report = next_report(recovery)
    assert line(report, "Teams with inactive approvers") == "Teams with inactive approvers: 1"
    assert f"- quorum ({arn})" in report
    assert words in report
    assert line(report, "To do").startswith("To do: Update the team: put other people in the place")


def test_a_team_that_cannot_reach_its_threshold_is_a_case_for_support(recovery: Recovery) -> None:
    recovery.active()
    recovery.change(BO, enabled=False)
    recovery.change(CLEO, deleted=True)
    report = next_report(recovery)
    assert "Only 1 approvers can vote and 2 approvals are needed" in report
    assert "Approval Team Recovery" in report


def test_two_sessions_without_an_answer_make_an_approver_inactive_and_one_does_not(recovery: Recovery) -> None:
    arn = recovery.active()
    answered(recovery, arn, ADA, BO)
    assert line(next_report(recovery), "- cleo.dahl").startswith("- cleo.dahl: active")
    answered(recovery, arn, ADA, BO)
    report = next_report(recovery)
    assert line(report, "- cleo.dahl").startswith("- cleo.dahl: did not answer the last 2 sessions")
    assert line(report, "- ada.lind").startswith("- ada.lind: active")


def test_an_answer_makes_an_inactive_approver_active_again(recovery: Recovery) -> None:
    arn = recovery.active()
    answered(recovery, arn, ADA, BO)
    answered(recovery, arn, ADA, BO)
    answered(recovery, arn, ADA, BO, CLEO)
    approver = {a["PrimaryIdentityId"]: a for a in recovery.team(arn)["Approvers"]}[recovery.people[CLEO]]
    assert approver["LastActivity"] == "BASELINED"
    assert line(next_report(recovery), "- cleo.dahl").startswith("- cleo.dahl: active")


@pytest.mark.parametrize(("option", "counts"), [("lapsed", False), ("ended", True)])
def test_a_session_that_others_decided_counts_as_unanswered_or_not(
    recovery: Recovery, option: str, counts: bool
) -> None:
    recovery.emulator.control("POST", "choices", {"name": "mpa.unanswered-sessions", "option": option})
    arn = recovery.active()
    for words in ("One.", "Two."):
        recovery.mpa.update_approval_team(Arn=arn, Description=words)
        session = recovery.team(arn)["UpdateSessionArn"]
        recovery.vote(session, ADA)
        recovery.vote(session, BO)
    assert ("did not answer the last 2 sessions" in next_report(recovery)) == counts


def test_90_days_of_silence_make_a_team_unhealthy(recovery: Recovery) -> None:
    recovery.active()
    recovery.emulator.advance(90 * DAY)
    assert "Team quorum: ACTIVE, healthy" in reports(recovery)[-1], "The people answered a moment after the set-up."
    report = next_report(recovery)
    assert "Team quorum: ACTIVE, not healthy" in report
    assert line(report, "- ada.lind").startswith("- ada.lind: gave no answer for 90 days")
    assert line(report, "To do") == "To do: Start a baseline, and see who can be reached."
    assert line(report, "Teams with inactive approvers") == "Teams with inactive approvers: 0"


def test_a_practice_keeps_a_team_healthy(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.emulator.advance(59 * DAY)
    answered(recovery, arn, ADA, BO, CLEO)
    recovery.emulator.advance(31 * DAY)
    assert "Team quorum: ACTIVE, healthy" in reports(recovery)[-1]
