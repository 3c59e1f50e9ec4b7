"""How an approval team comes to life, and what keeps it from doing so."""

import pytest

from tests.emulator.conftest import ControlRefused, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery, code_of, refused, status_of

DAY = 24 * HOUR


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def test_a_new_team_is_validated_and_then_waits_for_its_people(recovery: Recovery) -> None:
    arn = recovery.create()
    first, second = (recovery.mpa.get_approval_team(Arn=arn) for _ in range(2))
    assert (first["Status"], first["StatusCode"]) == ("PENDING", "VALIDATING")
    assert (second["Status"], second["StatusCode"]) == ("PENDING", "PENDING_ACTIVATION")
    assert {approver["PrimaryIdentityStatus"] for approver in second["Approvers"]} == {"PENDING"}
    assert arn.startswith("arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-")


def test_a_team_is_active_when_the_last_person_accepts_and_not_before(recovery: Recovery) -> None:
    arn = recovery.create()
    recovery.answer(arn, ADA)
    recovery.answer(arn, BO)
    assert recovery.state(arn) == ("PENDING", "PENDING_ACTIVATION"), "Two of three acceptances activated the team."
    recovery.answer(arn, CLEO)
    team = recovery.team(arn)
    assert (team["Status"], team.get("StatusCode")) == ("ACTIVE", None)
    for approver in team["Approvers"]:
        assert approver["PrimaryIdentityStatus"] == "ACCEPTED"
        assert approver["LastActivity"] == "RESPONDED_TO_INVITATION"
        assert approver["MfaMethods"] == [{"Type": "EMAIL_OTP", "SyncStatus": "IN_SYNC"}]


def test_every_invited_person_gets_a_mail(recovery: Recovery) -> None:
    recovery.create()
    for person in (ADA, BO, CLEO):
        subjects = [mail["subject"] for mail in recovery.mails(person)]
        assert subjects == ["Invitation to approval team quorum"]


def test_one_decline_ends_it(recovery: Recovery) -> None:
    arn = recovery.create()
    recovery.answer(arn, ADA)
    recovery.answer(arn, BO, "REJECTED")
    assert recovery.state(arn) == ("INACTIVE", "FAILED_ACTIVATION")
    with pytest.raises(ControlRefused) as late:
        recovery.answer(arn, CLEO)
    assert late.value.status == 409, "An acceptance after a decline must not be taken."


def test_an_unanswered_invitation_lapses_after_24_hours(recovery: Recovery) -> None:
    arn = recovery.create()
    recovery.answer(arn, ADA)
    recovery.answer(arn, BO)
    recovery.emulator.advance(DAY - 60)
    assert recovery.state(arn) == ("PENDING", "PENDING_ACTIVATION")
    recovery.emulator.advance(120)
    assert recovery.state(arn) == ("INACTIVE", "FAILED_ACTIVATION")
    with pytest.raises(ControlRefused) as late:
        recovery.answer(arn, CLEO)
    assert late.value.status == 409, "An expired invitation was accepted."


def test_strangers_and_second_answers_are_refused(recovery: Recovery) -> None:
    arn = recovery.create(people=(ADA, BO), threshold=2)
    with pytest.raises(ControlRefused) as stranger:
        recovery.answer(arn, CLEO)
    assert stranger.value.status == 404
    recovery.answer(arn, ADA)
    with pytest.raises(ControlRefused) as twice:
        recovery.answer(arn, ADA, "REJECTED")
    assert twice.value.status == 409
    assert recovery.state(arn) == ("PENDING", "PENDING_ACTIVATION")


@pytest.mark.parametrize(
    "change", [{"enabled": False}, {"deleted": True}, {"email": ""}], ids=["disabled", "deleted", "without e-mail"]
)
def test_people_who_cannot_be_reached_fail_the_validation(recovery: Recovery, change: dict[str, object]) -> None:
    recovery.change(BO, **change)
    arn = recovery.create()
    assert recovery.mpa.get_approval_team(Arn=arn)["StatusCode"] == "VALIDATING"
    team = recovery.team(arn)
    assert (team["Status"], team["StatusCode"]) == ("INACTIVE", "FAILED_VALIDATION")
    assert recovery.people[BO] in team["StatusMessage"]
    by_person = {a["PrimaryIdentityId"]: a["PrimaryIdentityStatus"] for a in team["Approvers"]}
    assert by_person[recovery.people[BO]] == "INVALID"
    assert recovery.mails(ADA) == [], "Nobody is invited to a team that failed validation."


def test_an_identity_that_does_not_exist_fails_the_validation(recovery: Recovery) -> None:
    arn = recovery.create(people=(ADA, BO, "00000000-0000-4000-8000-000000000000"))
    assert recovery.state(arn) == ("INACTIVE", "FAILED_VALIDATION")


def test_a_person_disabled_after_the_invitation_cannot_accept(recovery: Recovery) -> None:
    arn = recovery.create()
    recovery.change(ADA, enabled=False)
    with pytest.raises(ControlRefused) as disabled:
        recovery.answer(arn, ADA)
    assert disabled.value.status == 409


def test_an_inactive_team_is_repaired_without_a_vote_and_everybody_accepts_anew(recovery: Recovery) -> None:
    arn = recovery.create()
    recovery.answer(arn, ADA)
    recovery.answer(arn, BO, "REJECTED")
    before = recovery.team(arn)["VersionId"]
    after = recovery.mpa.update_approval_team(Arn=arn, Approvers=recovery.approvers(ADA, BO, CLEO))["VersionId"]
    assert after != before
    assert recovery.mpa.get_approval_team(Arn=arn)["StatusCode"] == "VALIDATING"
    for person in (ADA, BO):
        recovery.answer(arn, person)
    assert recovery.state(arn) == ("PENDING", "PENDING_ACTIVATION"), "Ada's old acceptance must not count again."
    recovery.answer(arn, CLEO)
    assert recovery.state(arn) == ("ACTIVE", None)


def test_an_inactive_team_is_removed_without_a_vote(recovery: Recovery) -> None:
    arn = recovery.create()
    version = recovery.team(arn)["VersionId"]
    pending = refused(recovery.mpa.delete_inactive_approval_team_version, Arn=arn, VersionId=version)
    assert (code_of(pending), status_of(pending)) == ("ConflictException", 409)
    recovery.answer(arn, ADA, "REJECTED")
    other = refused(recovery.mpa.delete_inactive_approval_team_version, Arn=arn, VersionId="1")
    assert code_of(other) == "ResourceNotFoundException"
    recovery.mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=version)
    assert code_of(refused(recovery.mpa.get_approval_team, Arn=arn)) == "ResourceNotFoundException"


def test_an_active_team_is_not_removed_without_a_vote(recovery: Recovery) -> None:
    arn = recovery.active()
    version = recovery.team(arn)["VersionId"]
    error = refused(recovery.mpa.delete_inactive_approval_team_version, Arn=arn, VersionId=version)
    assert (code_of(error), status_of(error)) == ("ConflictException", 409)
    assert recovery.state(arn) == ("ACTIVE", None)


def test_an_approver_who_is_disabled_later_shows_as_invalid(recovery: Recovery) -> None:
    arn = recovery.active()
    recovery.change(CLEO, enabled=False)
    team = recovery.team(arn)
    by_person = {a["PrimaryIdentityId"]: a["PrimaryIdentityStatus"] for a in team["Approvers"]}
    assert by_person[recovery.people[CLEO]] == "INVALID"
    assert team["Status"] == "ACTIVE"


def test_a_changed_address_is_out_of_sync_until_it_is_synchronized(recovery: Recovery) -> None:
    arn = recovery.active()
    version = recovery.team(arn)["VersionId"]
    recovery.change(CLEO, email="cleo@new.example.com")
    assert _sync_status(recovery, arn, CLEO) == "OUT_OF_SYNC"
    answer = recovery.mpa.update_approval_team(Arn=arn, UpdateActions=["SYNCHRONIZE_MFA_DEVICES"])
    assert answer["VersionId"] == version
    assert _sync_status(recovery, arn, CLEO) == "IN_SYNC"
    assert recovery.state(arn) == ("ACTIVE", None), "Synchronizing needs no vote."


def _sync_status(recovery: Recovery, arn: str, person: str) -> str:
    approvers = {a["PrimaryIdentityId"]: a for a in recovery.team(arn)["Approvers"]}
    return str(approvers[recovery.people[person]]["MfaMethods"][0]["SyncStatus"])
