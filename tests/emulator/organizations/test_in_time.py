"""Organizations with `--pace real`, and after a snapshot."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.emulator.conftest import ROOT, Emulator
from tests.emulator.worlds.organization import AUDIT, PAYMENTS, World, code_of, outcome, refused


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
def slow(slow_process: Emulator) -> World:
    slow_process.reset()
    return World(slow_process)


def test_an_account_takes_a_minute_and_five_at_a_time(slow: World) -> None:
    made = [
        slow.organizations.create_account(AccountName=f"n{n}", Email=f"n{n}@example.com")["CreateAccountStatus"]
        for n in range(5)
    ]
    for _ in range(3):
        shown = slow.organizations.describe_create_account_status(CreateAccountRequestId=made[0]["Id"])
        assert shown["CreateAccountStatus"]["State"] == "IN_PROGRESS"
    assert len(slow.organizations.list_accounts()["Accounts"]) == 4
    refusal = refused(slow.organizations.create_account, AccountName="n5", Email="n5@example.com")
    assert outcome(refusal) == "ConstraintViolation/ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED"
    slow.emulator.advance(61)
    done = slow.organizations.list_create_account_status(States=["SUCCEEDED"])["CreateAccountStatuses"]
    assert len(done) == 5
    assert len(slow.organizations.list_accounts()["Accounts"]) == 9


def test_a_closure_takes_minutes_and_three_at_a_time(slow: World) -> None:
    for account in ("333333333333", AUDIT, PAYMENTS):
        slow.organizations.close_account(AccountId=account)
    for _ in range(3):
        assert slow.organizations.describe_account(AccountId=PAYMENTS)["Account"]["Status"] == "PENDING_CLOSURE"
    assert code_of(refused(slow.organizations.close_account, AccountId=PAYMENTS)) == "ConflictException"
    slow.organizations.create_account(AccountName="new", Email="new@example.com")
    slow.emulator.advance(61)
    (made,) = slow.organizations.list_create_account_status()["CreateAccountStatuses"]
    refusal = refused(slow.organizations.close_account, AccountId=made["AccountId"])
    assert outcome(refusal) == "ConstraintViolation/CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"
    slow.emulator.advance(180)
    assert slow.organizations.describe_account(AccountId=PAYMENTS)["Account"]["Status"] == "SUSPENDED"
    slow.organizations.close_account(AccountId=made["AccountId"])


def test_a_snapshot_holds_members_policies_and_handshakes(emulator: Emulator) -> None:
    world = World(emulator)
    world.enable("SERVICE_CONTROL_POLICY")
    emulator.client("sts", "999999999999").get_caller_identity()
    target = {"Id": "999999999999", "Type": "ACCOUNT"}
    sent = world.organizations.invite_account_to_organization(Target=target)["Handshake"]
    emulator.control("POST", "snapshots/before")
    world.of("999999999999").accept_handshake(HandshakeId=sent["Id"])
    world.of(PAYMENTS).leave_organization()
    world.organizations.close_account(AccountId=AUDIT)
    emulator.control("POST", "snapshots/before/restore")
    members = {one["Id"] for one in world.organizations.list_accounts()["Accounts"]}
    assert members == {"111111111111", AUDIT, "333333333333", PAYMENTS}
    assert world.of(PAYMENTS).describe_organization()["Organization"]["Id"] == world.organization
    assert world.organizations.describe_account(AccountId=AUDIT)["Account"]["Status"] == "ACTIVE"
    scps = world.organizations.list_policies_for_target(TargetId=PAYMENTS, Filter="SERVICE_CONTROL_POLICY")
    assert [one["Name"] for one in scps["Policies"]] == ["FullAWSAccess"]
    accepted = world.of("999999999999").accept_handshake(HandshakeId=sent["Id"])["Handshake"]
    assert accepted["State"] == "ACCEPTED"
