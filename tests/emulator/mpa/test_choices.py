"""Where AWS leaves two answers open, a switch gives either: each choice with both of its options."""

from typing import Any

import pytest

from tests.emulator.conftest import PAYMENTS, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery, code_of, refused, strict_client

DAY = 24 * HOUR
FOUR = (ADA, BO, CLEO, "dora.elk")


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator, more_people=FOUR[3:])


def choose(recovery: Recovery, name: str, option: str) -> None:
    recovery.emulator.control("POST", "choices", {"name": f"mpa.{name}", "option": option})


def test_every_choice_is_listed_with_its_reason_before_the_service_was_used(emulator: Emulator) -> None:
    offered = {one["name"]: one for one in emulator.control("GET", "choices")["choices"]}
    ours = {name: one for name, one in offered.items() if name.startswith("mpa.")}
    assert len(ours) == 11
    assert all(one["taken"] == one["options"][0] and one["because"].endswith(".") for one in ours.values())


@pytest.mark.parametrize(("option", "allowed"), [("model", True), ("guide", False)])
@pytest.mark.parametrize(
    ("people", "threshold"), [((ADA, BO), 2), ((ADA, BO, CLEO), 1)], ids=["two-people", "one-vote"]
)
def test_size_of_a_team(
    recovery: Recovery, option: str, allowed: bool, people: tuple[str, ...], threshold: int
) -> None:
    choose(recovery, "size-of-a-team", option)
    if allowed:
        assert recovery.create(people=people, threshold=threshold)
    else:
        error = refused(recovery.mpa.create_approval_team, **recovery.request(people=people, threshold=threshold))
        assert code_of(error) == "ValidationException"
    assert recovery.create("good")


@pytest.mark.parametrize(("option", "allowed"), [("accepted", True), ("refused", False)])
def test_unanimous_teams(recovery: Recovery, option: str, allowed: bool) -> None:
    team = recovery.active()
    choose(recovery, "unanimous-teams", option)
    strategy = {"MofN": {"MinApprovalsRequired": 3}}
    if allowed:
        assert recovery.create("all", threshold=3)
        recovery.mpa.update_approval_team(Arn=team, ApprovalStrategy=strategy)
    else:
        for call, inputs in (
            (recovery.mpa.create_approval_team, recovery.request("all", threshold=3)),
            (recovery.mpa.update_approval_team, {"Arn": team, "ApprovalStrategy": strategy}),
        ):
            assert code_of(refused(call, **inputs)) == "ValidationException"


@pytest.mark.parametrize("option", ["refused", "accepted"])
def test_a_name_that_is_taken(recovery: Recovery, option: str) -> None:
    choose(recovery, "duplicate-team-name", option)
    first = recovery.create()
    if option == "accepted":
        assert recovery.create() != first
    else:
        assert code_of(refused(recovery.mpa.create_approval_team, **recovery.request())) == "ConflictException"


@pytest.mark.parametrize("option", ["AccessDenied", "ResourceNotFound"])
def test_something_of_another_account(recovery: Recovery, option: str) -> None:
    choose(recovery, "foreign-arn", option)
    arn = recovery.active()
    session = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    stranger = strict_client(recovery.emulator, "mpa", PAYMENTS)
    calls: list[tuple[Any, dict[str, Any]]] = [
        (stranger.get_approval_team, {"Arn": arn}),
        (stranger.get_session, {"SessionArn": session}),
        (stranger.update_approval_team, {"Arn": arn, "Description": "Mine."}),
        (stranger.list_tags_for_resource, {"ResourceArn": arn}),
        (stranger.get_identity_source, {"IdentitySourceArn": recovery.source_arn}),
    ]
    for call, inputs in calls:
        assert code_of(refused(call, **inputs)) == f"{option}Exception"


def failed(recovery: Recovery) -> str:
    arn = recovery.create()
    recovery.answer(arn, BO, "REJECTED")
    return arn


def test_the_repair_of_an_inactive_team_needs_no_vote(recovery: Recovery) -> None:
    arn = failed(recovery)
    recovery.mpa.update_approval_team(Arn=arn, Description="Again.")
    assert recovery.state(arn) == ("PENDING", "PENDING_ACTIVATION")


class TestTheRepairOfAnInactiveTeamThatNeedsAVote:
    @pytest.fixture
    def asked(self, recovery: Recovery) -> tuple[str, str]:
        """The team and the session about its repair."""
        choose(recovery, "update-of-an-inactive-team", "vote")
        arn = failed(recovery)
        recovery.mpa.update_approval_team(Arn=arn, Description="Again.")
        team = recovery.team(arn)
        assert (team["Status"], team["StatusCode"]) == ("INACTIVE", "UPDATE_PENDING_APPROVAL")
        assert team["PendingUpdate"]["Description"] == "Again."
        return arn, str(team["UpdateSessionArn"])

    def test_is_invited_anew_when_the_people_agree(self, recovery: Recovery, asked: tuple[str, str]) -> None:
        arn, session = asked
        recovery.vote(session, ADA)
        recovery.vote(session, CLEO)
        assert recovery.state(arn) == ("PENDING", "PENDING_ACTIVATION")
        for person in (ADA, BO, CLEO):
            recovery.answer(arn, person)
        team = recovery.team(arn)
        assert (team["Status"], team["Description"]) == ("ACTIVE", "Again.")

    def test_stays_inactive_when_they_refuse(self, recovery: Recovery, asked: tuple[str, str]) -> None:
        arn, session = asked
        recovery.vote(session, ADA, "REJECTED")
        recovery.vote(session, CLEO, "REJECTED")
        team = recovery.team(arn)
        assert (team["Status"], "PendingUpdate" in team) == ("INACTIVE", False)

    def test_can_be_cancelled(self, recovery: Recovery, asked: tuple[str, str]) -> None:
        arn, session = asked
        recovery.mpa.cancel_session(SessionArn=session)
        assert recovery.state(arn) == ("INACTIVE", "FAILED_ACTIVATION")
        recovery.mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=recovery.team(arn)["VersionId"])


@pytest.mark.parametrize(("option", "needed"), [("out-of-reach", 3), ("threshold", 2)])
def test_the_rejections_that_end_a_session(recovery: Recovery, option: str, needed: int) -> None:
    choose(recovery, "rejections-that-end-a-session", option)
    arn = recovery.active(people=FOUR, threshold=2)
    recovery.mpa.update_approval_team(Arn=arn, Description="Other words.")
    session = recovery.team(arn)["UpdateSessionArn"]
    states = [recovery.vote(session, person, "REJECTED")["Status"] for person in FOUR[:needed]]
    assert states == ["PENDING"] * (needed - 1) + ["FAILED"]


@pytest.mark.parametrize(("option", "allowed"), [("none", [0, 1, 31]), ("7-to-30", [])])
def test_the_bounds_of_the_pending_window(recovery: Recovery, option: str, allowed: list[int]) -> None:
    choose(recovery, "pending-window-bounds", option)
    for days in (0, 1, 6, 31):
        arn = recovery.active(f"team-{days}")
        start = recovery.mpa.start_active_approval_team_deletion
        if option == "none":
            assert start(Arn=arn, PendingWindowDays=days)
        else:
            assert code_of(refused(start, Arn=arn, PendingWindowDays=days)) == "ValidationException"
            assert recovery.state(arn) == ("ACTIVE", None)
    for days in (7, 30):
        assert recovery.mpa.start_active_approval_team_deletion(
            Arn=recovery.active(f"team-{days}"), PendingWindowDays=days
        )
    beyond = refused(recovery.mpa.start_active_approval_team_deletion, Arn=arn, PendingWindowDays=2**31 - 1)
    assert code_of(beyond) == "ValidationException", "No date can be that far away."


@pytest.mark.parametrize(("option", "days"), [("none", 0), ("7-days", 7)])
def test_the_default_of_the_pending_window(recovery: Recovery, option: str, days: int) -> None:
    choose(recovery, "pending-window-default", option)
    arn = recovery.active()
    answer = recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    assert ("DeletionCompletionTime" in answer) == bool(days)
    session = recovery.team(arn)["UpdateSessionArn"]
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    if days:
        recovery.emulator.advance((days - 1) * DAY)
        assert recovery.state(arn) == ("DELETING", None)
        recovery.emulator.advance(DAY + 60)
    else:
        recovery.mpa.get_approval_team(Arn=arn)
    assert code_of(refused(recovery.mpa.get_approval_team, Arn=arn)) == "ResourceNotFoundException"


@pytest.mark.parametrize(("option", "status"), [("ended", "CANCELLED"), ("continue", "PENDING")])
def test_the_sessions_of_a_team_that_was_changed(recovery: Recovery, option: str, status: str) -> None:
    choose(recovery, "sessions-of-a-changed-team", option)
    arn = recovery.active()
    practice = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    recovery.mpa.update_approval_team(Arn=arn, Description="Other words.")
    session = recovery.team(arn)["UpdateSessionArn"]
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    assert recovery.session(session)["Status"] == "APPROVED", "The change itself is not undone by what it ends."
    assert recovery.session(practice)["Status"] == status


@pytest.mark.parametrize("option", ["CANCELLED", "FAILED"])
def test_the_status_of_a_session_whose_configuration_changed(recovery: Recovery, option: str) -> None:
    choose(recovery, "status-of-a-changed-configuration", option)
    arn = recovery.active()
    practice = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    recovery.mpa.update_approval_team(Arn=arn, Description="Other words.")
    session = recovery.team(arn)["UpdateSessionArn"]
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    ended = recovery.session(practice)
    assert (ended["Status"], ended["StatusCode"]) == (option, "CONFIGURATION_CHANGED")


def test_a_team_of_which_nobody_can_sign_in_cannot_be_asked_about_its_deletion(recovery: Recovery) -> None:
    arn = recovery.active()
    for person in (ADA, BO, CLEO):
        recovery.change(person, enabled=False)
    recovery.mpa.start_active_approval_team_deletion(Arn=arn)
    team = recovery.team(arn)
    assert (team["Status"], team["StatusCode"]) == ("ACTIVE", "DELETE_FAILED_VALIDATION")
    assert "nobody can vote" in team["StatusMessage"]
