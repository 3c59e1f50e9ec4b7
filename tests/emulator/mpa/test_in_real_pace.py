"""The same flows with `--pace real`: intermediate states last their time on the clock, however often one looks."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.emulator.conftest import LANDING, ROOT, ControlRefused, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery, strict_client


@pytest.fixture(scope="module")
def slow_process() -> Iterator[Emulator]:
    command = [sys.executable, "-m", "emulator", "--port", "0", "--pace", "real"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Emulator(process.stdout.readline().split()[-1])
    process.terminate()
    process.stdout.close()
    process.wait(timeout=10)


@pytest.fixture
def recovery(slow_process: Emulator) -> Recovery:
    slow_process.reset()
    return Recovery.prepare(slow_process)


def settle(recovery: Recovery) -> None:
    """Long enough for every validation and every session to be created."""
    recovery.emulator.advance(120)


def test_looking_does_not_hurry_anything(recovery: Recovery) -> None:
    source = recovery.mpa.get_identity_source
    for _ in range(3):
        assert source(IdentitySourceArn=recovery.source_arn)["Status"] == "CREATING"
    settle(recovery)
    assert source(IdentitySourceArn=recovery.source_arn)["Status"] == "ACTIVE"
    team = recovery.create()
    for _ in range(3):
        assert recovery.mpa.get_approval_team(Arn=team)["StatusCode"] == "VALIDATING"
    assert recovery.mails(ADA) == []
    with pytest.raises(ControlRefused) as early:
        recovery.answer(team, ADA)
    assert early.value.status == 409, "Nobody is invited before the validation is over."
    settle(recovery)
    assert recovery.mpa.get_approval_team(Arn=team)["StatusCode"] == "PENDING_ACTIVATION"
    assert len(recovery.mails(ADA)) == 1


def test_a_session_takes_votes_when_it_is_created(recovery: Recovery) -> None:
    settle(recovery)
    team = recovery.create()
    settle(recovery)
    for person in (ADA, BO, CLEO):
        recovery.answer(team, person)
    session = recovery.mpa.start_approval_team_baseline(Arn=team)["BaselineSessionArn"]
    assert recovery.session(session)["Status"] == "CREATING"
    with pytest.raises(ControlRefused) as early:
        recovery.vote(session, ADA)
    assert early.value.status == 409
    settle(recovery)
    assert recovery.vote(session, ADA)["Status"] == "PENDING"


def test_a_person_disabled_during_the_validation_fails_it(recovery: Recovery) -> None:
    settle(recovery)
    team = recovery.create()
    recovery.change(BO, enabled=False)
    settle(recovery)
    assert recovery.state(team) == ("INACTIVE", "FAILED_VALIDATION")


def test_events_happen_at_their_own_time_when_the_clock_jumps(recovery: Recovery) -> None:
    settle(recovery)
    team = recovery.create()
    recovery.emulator.advance(48 * HOUR)
    assert recovery.state(team) == ("INACTIVE", "FAILED_ACTIVATION"), "Validated, invited and lapsed in one jump."


def test_a_deleted_team_and_source_are_there_until_their_time_is_over(recovery: Recovery) -> None:
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)
    for _ in range(2):
        assert recovery.mpa.list_identity_sources()["IdentitySources"][0]["Status"] == "DELETING"
    settle(recovery)
    assert recovery.mpa.list_identity_sources()["IdentitySources"] == []


def test_a_principal_is_associated_after_a_while(recovery: Recovery) -> None:
    ram = strict_client(recovery.emulator, "ram")
    ram.enable_sharing_with_aws_organization()
    share = ram.create_resource_share(name="quorum", principals=[LANDING])["resourceShare"]["resourceShareArn"]

    def status() -> str:
        shown = ram.get_resource_share_associations(associationType="PRINCIPAL", resourceShareArns=[share])
        return str(shown["resourceShareAssociations"][0]["status"])

    assert [status(), status()] == ["ASSOCIATING", "ASSOCIATING"]
    settle(recovery)
    assert status() == "ASSOCIATED"
