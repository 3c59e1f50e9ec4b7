"""The life of a team, run by run, against the emulator."""

import pytest

from airlock.domain.errors import Conflict, OneWayDoor
from tests.providers.conftest import RECOVERY, Program, World, quorum

DAY = 24 * 3600


@pytest.fixture
def team(world: World) -> Program:
    return quorum(world)


@pytest.fixture
def active(team: Program) -> Program:
    team.settle()
    team.world.answer(team.id)
    team.settle()
    assert team.status == "ACTIVE"
    return team


class TestTheFirstRunsOfATeam:
    def test_create_returns_at_once_with_the_arn_and_names_who_has_to_accept(self, team: Program) -> None:
        assert team.settle() == ["CreateApprovalTeam"]
        assert ":approval-team/quorum-" in team.id
        assert team.status == "PENDING_ACTIVATION"
        assert "ada.lind and bo.berg and cleo.dahl must accept" in team.waiting

    def test_an_acceptance_moves_the_state_without_a_write_call(self, team: Program) -> None:
        team.settle()
        team.world.answer(team.id, "ada.lind")
        assert team.up() == []
        assert "bo.berg and cleo.dahl must accept" in team.waiting
        assert "ada.lind" not in team.waiting
        team.world.answer(team.id, "bo.berg", "cleo.dahl")
        assert team.up() == []
        assert (team.status, team.waiting) == ("ACTIVE", "")
        assert team.is_idle()

    def test_a_refresh_moves_the_state_too_and_leaves_nothing_to_do(self, team: Program) -> None:
        team.settle()
        team.world.answer(team.id)
        team.refresh()
        assert team.status == "ACTIVE"
        assert team.is_idle(), "After a refresh the same program must show no change."

    def test_everybody_is_invited_anew_when_one_declined(self, team: Program) -> None:
        team.settle()
        before = team.id
        team.world.answer(team.id, "ada.lind", response="REJECTED")
        assert "UpdateApprovalTeam" in team.settle()
        assert team.id == before, "The shares of the team name its ARN; a second team would orphan them."
        team.world.answer(team.id)
        team.settle()
        assert team.status == "ACTIVE"

    def test_invitations_that_lapsed_are_sent_again_by_the_next_run(self, team: Program) -> None:
        team.settle()
        team.world.emulator.advance(DAY + 60)
        team.refresh()
        assert team.status == "FAILED_ACTIVATION"
        assert "UpdateApprovalTeam" in team.settle()
        assert team.status == "PENDING_ACTIVATION"


class TestACreateThatWasInterrupted:
    def test_the_next_create_finds_the_team_and_makes_no_second_one(self, team: Program) -> None:
        team.up()
        first, team.id, team.state = team.id, "", {}
        assert team.up() == [], "The engine was killed before it wrote the state down; the team must be found again."
        assert team.id == first

    def test_a_team_of_somebody_else_is_taken_over_only_when_the_program_says_so(self, team: Program) -> None:
        team.settle()
        team.world.answer(team.id)
        team.settle()
        first, team.id, team.state = team.id, "", {}
        with pytest.raises(Conflict, match="made by airlock/recovery/quorum"):
            team.up(owner="airlock/other/quorum")
        assert team.up(adopt=True) == ["TagResource"]
        assert team.id == first


class TestAChangeOfAnActiveTeam:
    def test_is_put_to_the_vote_once_and_takes_effect_with_the_vote(self, active: Program) -> None:
        assert active.up(description="Opens everything.") == ["UpdateApprovalTeam"]
        assert active.settle() == [], "Sending the change again would be a Conflict."
        assert active.status == "UPDATE_PENDING_APPROVAL"
        assert "2 of its 3 approvers must approve" in active.waiting
        assert active.state["applied"]["description"] == "Opens the backups."
        assert active.state["pending"]["description"] == "Opens everything."
        active.world.vote(active.state["pending"]["session_arn"], "ada.lind", "bo.berg")
        assert active.settle() == []
        assert (active.status, active.state["applied"]["description"]) == ("ACTIVE", "Opens everything.")

    def test_is_not_sent_again_after_the_approvers_refused_it(self, active: Program) -> None:
        active.up(description="Opens everything.")
        active.settle()
        active.world.vote(active.state["pending"]["session_arn"], "ada.lind", "bo.berg", response="REJECTED")
        assert active.settle() == []
        assert active.status == "UPDATE_FAILED_APPROVAL"
        assert "delete-inactive-approval-team-version" in active.waiting
        assert active.settle() == []

    def test_that_the_program_takes_back_after_a_refusal_leaves_nothing_to_do(self, active: Program) -> None:
        active.up(description="Opens everything.")
        active.settle()
        active.world.vote(active.state["pending"]["session_arn"], "ada.lind", "bo.berg", response="REJECTED")
        active.settle()
        active.up(description="Opens the backups.")
        assert active.settle() == []
        assert (active.status, active.waiting) == ("ACTIVE", "")

    def test_of_the_name_is_refused_in_the_preview_with_the_way_out(self, active: Program) -> None:
        checked = active.provider.check(dict(active.state), {**active.inputs, "name": "other"})
        assert [one.property for one in checked.failures] == ["name"]
        assert "move the vaults to it" in checked.failures[0].reason

    def test_of_the_connection_rewrites_the_state_without_a_write_call(self, active: Program) -> None:
        moved = active.world.connection(RECOVERY, "eu-central-1")
        assert active.up(connection=moved) == []
        assert active.state["connection"]["region"] == "eu-central-1"
        assert active.is_idle()


class TestTheRemovalOfATeam:
    def test_is_voted_on_and_ends_removed(self, active: Program) -> None:
        assert active.up(desired="absent") == ["StartActiveApprovalTeamDeletion"]
        assert active.status == "REMOVAL_PENDING"
        assert active.settle() == []
        approvals = active.world.emulator.client("mpa", RECOVERY)
        sessions = approvals.list_sessions(ApprovalTeamArn=active.id)["Sessions"]
        active.world.vote(sessions[0]["SessionArn"], "ada.lind", "bo.berg")
        assert active.settle() == []
        assert (active.status, active.waiting) == ("REMOVED", "")
        active.provider.delete(active.id, dict(active.state))

    def test_that_was_refused_stays_refused_until_it_is_asked_for_anew(self, active: Program) -> None:
        active.up(desired="absent")
        approvals = active.world.emulator.client("mpa", RECOVERY)
        sessions = approvals.list_sessions(ApprovalTeamArn=active.id)["Sessions"]
        active.world.vote(sessions[0]["SessionArn"], "ada.lind", "bo.berg", response="REJECTED")
        assert active.settle() == []
        assert active.status == "REMOVAL_REFUSED"
        assert active.up(desired="present") == []
        assert active.up(desired="absent") == ["StartActiveApprovalTeamDeletion"]

    def test_by_the_engine_starts_no_vote_and_says_how_to_do_it(self, active: Program) -> None:
        since = active.world.seq()
        with pytest.raises(Conflict, match="desired: absent"):
            active.provider.delete(active.id, dict(active.state))
        assert active.world.writes_since(since) == []

    def test_from_the_program_alone_works_when_it_was_to_be_kept(self, active: Program) -> None:
        active.up(keep=True)
        since = active.world.seq()
        active.provider.delete(active.id, dict(active.state))
        assert active.world.writes_since(since) == []

    def test_of_a_team_that_never_became_active_needs_no_vote(self, team: Program) -> None:
        team.settle()
        team.world.answer(team.id, "ada.lind", response="REJECTED")
        team.provider.delete(team.id, dict(team.state))
        assert team.world.emulator.client("mpa", RECOVERY).list_approval_teams()["ApprovalTeams"] == []


class TestATeamThatVanished:
    @pytest.fixture
    def gone(self, active: Program) -> Program:
        approvals = active.world.emulator.client("mpa", RECOVERY)
        approvals.start_active_approval_team_deletion(Arn=active.id)
        sessions = approvals.list_sessions(ApprovalTeamArn=active.id)["Sessions"]
        active.world.vote(sessions[0]["SessionArn"], "ada.lind", "bo.berg")
        for _ in range(3):
            active.refresh()
        return active

    def test_stays_in_the_state_as_gone(self, gone: Program) -> None:
        assert gone.status == "GONE"

    def test_stops_the_next_run_with_the_reason(self, active: Program) -> None:
        lost = f"{active.id}-lost"
        with pytest.raises(OneWayDoor, match="recreate: true"):
            active.provider.diff(lost, dict(active.state), dict(active.inputs))
        with pytest.raises(OneWayDoor, match="recreate: true"):
            active.provider.update(lost, dict(active.state), dict(active.inputs))

    def test_that_a_refresh_found_out_stops_the_next_preview_too(self, gone: Program) -> None:
        assert "Set `recreate: true` to make a new team" in gone.preview()[0]
        assert gone.preview(recreate=True) == []
        assert gone.preview(desired="absent") == []

    def test_does_not_stop_a_refresh(self, gone: Program) -> None:
        # The engine asks for the difference to the old inputs after each read.
        assert gone.provider.diff(gone.id, dict(gone.state), dict(gone.inputs)).changes

    def test_is_replaced_only_when_the_program_says_so(self, gone: Program) -> None:
        assert gone.up(recreate=True) == ["REPLACE"]
        lost, before, gone.id, gone.state = gone.id, gone.state, "", {}
        assert gone.up() == ["CreateApprovalTeam"]
        assert gone.id != lost
        gone.provider.delete(lost, before)
        assert gone.settle() == [], "With a new team there, `recreate` has nothing left to do."


def test_a_removal_asked_for_by_somebody_else_is_shown(active: Program) -> None:
    active.world.emulator.client("mpa", RECOVERY).start_active_approval_team_deletion(Arn=active.id)
    active.up()
    assert active.status == "REMOVAL_PENDING"
    assert "Have its approvers reject that" in active.waiting
