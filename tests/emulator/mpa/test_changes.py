"""An active team protects itself: its update and its deletion are voted on by the team as it is."""

import pytest

from tests.emulator.conftest import ControlRefused, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery, code_of, refused, status_of

DORA = "dora.elk"
DAY = 24 * HOUR


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator, more_people=[DORA])


def update_session(recovery: Recovery, arn: str) -> str:
    return str(recovery.team(arn)["UpdateSessionArn"])


def test_an_update_waits_for_the_current_team_and_is_shown_as_a_draft(recovery: Recovery) -> None:
    arn = recovery.active()
    before = recovery.team(arn)
    draft = recovery.mpa.update_approval_team(Arn=arn, Description="New words.")["VersionId"]
    team = recovery.team(arn)
    assert (team["Status"], team["StatusCode"]) == ("ACTIVE", "UPDATE_PENDING_APPROVAL")
    assert team["VersionId"] == before["VersionId"] != draft
    assert team["Description"] == "Opens the backups.", "A draft was applied before anybody voted."
    assert team["PendingUpdate"]["VersionId"] == draft
    assert team["PendingUpdate"]["Description"] == "New words."
    assert (team["PendingUpdate"]["Status"], team["PendingUpdate"]["StatusCode"]) == (
        "PENDING",
        "UPDATE_PENDING_APPROVAL",
    )


def test_an_approved_update_without_new_people_is_applied_at_once(recovery: Recovery) -> None:
    arn = recovery.active()
    draft = recovery.mpa.update_approval_team(Arn=arn, ApprovalStrategy={"MofN": {"MinApprovalsRequired": 3}})
    session = update_session(recovery, arn)
    recovery.vote(session, ADA)
    assert recovery.team(arn)["ApprovalStrategy"]["MofN"]["MinApprovalsRequired"] == 2
    recovery.vote(session, BO)
    team = recovery.team(arn)
    assert team["ApprovalStrategy"]["MofN"]["MinApprovalsRequired"] == 3
    assert team["VersionId"] == draft["VersionId"]
    assert "StatusCode" not in team
    assert "PendingUpdate" not in team
    assert recovery.session(session)["ExecutionStatus"] == "EXECUTED"


def test_new_people_accept_before_an_approved_update_is_applied(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, DORA))
    session = update_session(recovery, arn)
    recovery.vote(session, ADA)
    recovery.vote(session, CLEO)
    team = recovery.team(arn)
    assert team["StatusCode"] == "UPDATE_PENDING_ACTIVATION"
    assert {a["PrimaryIdentityId"] for a in team["Approvers"]} == {recovery.people[n] for n in (ADA, BO, CLEO)}
    recovery.answer(arn, DORA)
    team = recovery.team(arn)
    assert (team["Status"], team.get("StatusCode")) == ("ACTIVE", None)
    assert {a["PrimaryIdentityId"] for a in team["Approvers"]} == {recovery.people[n] for n in (ADA, BO, DORA)}


def test_the_new_people_have_24_hours_so_an_update_takes_48_at_worst(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, DORA))
    session = update_session(recovery, arn)
    recovery.emulator.advance(DAY - HOUR)
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    recovery.emulator.advance(DAY - HOUR)
    assert recovery.state(arn) == ("ACTIVE", "UPDATE_PENDING_ACTIVATION")
    recovery.emulator.advance(2 * HOUR)
    team = recovery.team(arn)
    assert (team["Status"], team["StatusCode"]) == ("ACTIVE", "UPDATE_FAILED_ACTIVATION")
    assert team["PendingUpdate"]["Status"] == "INACTIVE"
    with pytest.raises(ControlRefused) as late:
        recovery.answer(arn, DORA)
    assert late.value.status == 409


def test_a_new_person_who_declines_fails_the_update(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, DORA))
    session = update_session(recovery, arn)
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    recovery.answer(arn, DORA, "REJECTED")
    assert recovery.state(arn) == ("ACTIVE", "UPDATE_FAILED_ACTIVATION")


def test_a_refused_update_leaves_the_old_version_at_work(recovery: Recovery) -> None:
    arn = recovery.active()
    before = recovery.team(arn)["VersionId"]
    draft = recovery.mpa.update_approval_team(Arn=arn, ApprovalStrategy={"MofN": {"MinApprovalsRequired": 1}})
    session = update_session(recovery, arn)
    recovery.vote(session, ADA, "REJECTED")
    recovery.vote(session, BO, "REJECTED")
    team = recovery.team(arn)
    assert (team["Status"], team["StatusCode"]) == ("ACTIVE", "UPDATE_FAILED_APPROVAL")
    assert team["VersionId"] == before
    assert team["ApprovalStrategy"]["MofN"]["MinApprovalsRequired"] == 2
    assert team["PendingUpdate"]["VersionId"] == draft["VersionId"], "The failed draft stays visible."
    recovery.mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=draft["VersionId"])
    team = recovery.team(arn)
    assert "PendingUpdate" not in team
    assert "StatusCode" not in team
    assert team["VersionId"] == before


def test_an_update_that_nobody_votes_on_lapses(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    session = update_session(recovery, arn)
    recovery.emulator.advance(DAY + 60)
    assert recovery.state(arn) == ("ACTIVE", "UPDATE_FAILED_APPROVAL")
    assert (recovery.session(session)["Status"], recovery.session(session)["StatusCode"]) == ("FAILED", "EXPIRED")


def test_an_update_with_a_disabled_person_fails_its_validation(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.change(DORA, enabled=False)
    recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, DORA))
    team = recovery.team(arn)
    assert (team["Status"], team["StatusCode"]) == ("ACTIVE", "UPDATE_FAILED_VALIDATION")
    assert "UpdateSessionArn" not in team, "An invalid update is not put to the vote."


def test_a_cancelled_update_leaves_no_draft_and_the_same_version(recovery: Recovery) -> None:
    arn = recovery.active()
    before = recovery.team(arn)["VersionId"]
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    session = update_session(recovery, arn)
    recovery.vote(session, ADA)
    recovery.mpa.cancel_session(SessionArn=session)
    team = recovery.team(arn)
    assert (team["Status"], team.get("StatusCode"), team["VersionId"]) == ("ACTIVE", None, before)
    assert "PendingUpdate" not in team
    assert recovery.session(session)["Status"] == "CANCELLED"
    with pytest.raises(ControlRefused) as late:
        recovery.vote(session, BO)
    assert late.value.status == 409, "A cancelled session took a vote."
    again = refused(recovery.mpa.cancel_session, SessionArn=session)
    assert (code_of(again), status_of(again)) == ("ConflictException", 409)


def test_only_one_update_or_deletion_is_in_flight(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.update_approval_team(Arn=arn, Description="New words.")
    for error in (
        refused(recovery.mpa.update_approval_team, Arn=arn, Description="Others."),
        refused(recovery.mpa.start_active_approval_team_deletion, Arn=arn),
    ):
        assert (code_of(error), status_of(error)) == ("ConflictException", 409)
    assert recovery.team(arn)["PendingUpdate"]["Description"] == "New words."


def test_a_later_update_replaces_a_failed_draft(recovery: Recovery) -> None:
    arn = recovery.active()
    failed = recovery.mpa.update_approval_team(Arn=arn, Description="First.")["VersionId"]
    recovery.emulator.advance(DAY + 60)
    recovery.mpa.update_approval_team(Arn=arn, Description="Second.")
    pending = recovery.team(arn)["PendingUpdate"]
    assert pending["Description"] == "Second."
    assert pending["VersionId"] != failed


def test_a_deletion_is_voted_and_then_the_team_is_gone(recovery: Recovery) -> None:
    arn = recovery.active()
    answer = recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    assert "DeletionStartTime" in answer
    assert recovery.state(arn) == ("ACTIVE", "DELETE_PENDING_APPROVAL")
    session = deletion_session(recovery, arn)
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    assert recovery.mpa.get_approval_team(Arn=arn)["Status"] == "DELETING"
    assert code_of(refused(recovery.mpa.get_approval_team, Arn=arn)) == "ResourceNotFoundException"
    assert recovery.mpa.list_approval_teams()["ApprovalTeams"] == []
    assert recovery.create(), "The name of a deleted team can be used again."


def deletion_session(recovery: Recovery, arn: str) -> str:
    sessions = recovery.mpa.list_sessions(
        ApprovalTeamArn=arn, Filters=[{"FieldName": "ActionName", "Operator": "CONTAINS", "Value": "Deletion"}]
    )["Sessions"]
    return str(sessions[0]["SessionArn"])


def test_a_waiting_time_delays_the_deletion(recovery: Recovery) -> None:
    arn = recovery.active()
    answer = recovery.mpa.start_active_approval_team_deletion(Arn=arn, PendingWindowDays=7)
    assert (answer["DeletionCompletionTime"] - answer["DeletionStartTime"]).days == 7
    session = deletion_session(recovery, arn)
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    recovery.emulator.advance(6 * DAY)
    assert recovery.state(arn) == ("DELETING", None)
    recovery.emulator.advance(DAY + 60)
    assert code_of(refused(recovery.mpa.get_approval_team, Arn=arn)) == "ResourceNotFoundException"


def test_a_refused_deletion_keeps_the_team(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    session = deletion_session(recovery, arn)
    recovery.vote(session, ADA, "REJECTED")
    recovery.vote(session, BO, "REJECTED")
    assert recovery.state(arn) == ("ACTIVE", "DELETE_FAILED_APPROVAL")
    recovery.mpa.update_approval_team(Arn=arn, Description="Still at work.")
    assert recovery.state(arn) == ("ACTIVE", "UPDATE_PENDING_APPROVAL")


def test_a_cancelled_deletion_keeps_the_team(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    recovery.mpa.cancel_session(SessionArn=deletion_session(recovery, arn))
    assert recovery.state(arn) == ("ACTIVE", None)


def test_a_team_that_is_not_active_has_nobody_to_vote_on_its_deletion(recovery: Recovery) -> None:
    arn = recovery.create()
    assert code_of(refused(recovery.mpa.start_active_approval_team_deletion, Arn=arn)) == "ConflictException"


def test_the_deletion_of_a_team_ends_what_it_was_still_asked(recovery: Recovery) -> None:
    arn = recovery.active()
    practice = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    session = deletion_session(recovery, arn)
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    ended = recovery.session(practice)
    assert (ended["Status"], ended.get("StatusCode")) == ("CANCELLED", None), "The model has no code for this end."


def test_an_empty_update_is_refused(recovery: Recovery) -> None:
    error = refused(recovery.mpa.update_approval_team, Arn=recovery.active())
    assert (code_of(error), status_of(error)) == ("ValidationException", 400)
