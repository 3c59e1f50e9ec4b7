"""Accounts of an organization: how they come, are closed, and leave."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.worlds.organization import (
    AUDIT,
    DAY,
    MANAGEMENT,
    OUTSIDER,
    PAYMENTS,
    RECOVERY,
    World,
    code_of,
    outcome,
    reason_of,
    refused,
)


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestCreation:
    def test_an_account_is_in_progress_first_and_then_a_member_with_the_access_role(self, world: World) -> None:
        asked = world.organizations.create_account(
            AccountName="new", Email="new@example.com", RoleName="Door", Tags=[{"Key": "a", "Value": "b"}]
        )["CreateAccountStatus"]
        assert (asked["State"], "AccountId" in asked) == ("IN_PROGRESS", False)
        done = world.organizations.describe_create_account_status(CreateAccountRequestId=asked["Id"])[
            "CreateAccountStatus"
        ]
        assert done["State"] == "SUCCEEDED"
        account = world.organizations.describe_account(AccountId=done["AccountId"])["Account"]
        assert (account["Name"], account["Email"], account["JoinedMethod"]) == ("new", "new@example.com", "CREATED")
        assert (account["Status"], account["State"]) == ("ACTIVE", "ACTIVE")
        assert world.parent_of(done["AccountId"]) == world.root
        assert world.organizations.list_tags_for_resource(ResourceId=done["AccountId"])["Tags"] == [
            {"Key": "a", "Value": "b"}
        ]
        role = f"arn:aws:iam::{done['AccountId']}:role/Door"
        session = world.emulator.assume(role, MANAGEMENT)
        caller = world.emulator.client("sts", **session).get_caller_identity()
        assert caller["Account"] == done["AccountId"]

    def test_an_email_address_belongs_to_one_account(self, world: World) -> None:
        asked = world.organizations.create_account(AccountName="again", Email="Payments@example.com")[
            "CreateAccountStatus"
        ]
        failed = world.organizations.describe_create_account_status(CreateAccountRequestId=asked["Id"])[
            "CreateAccountStatus"
        ]
        assert (failed["State"], failed["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
        assert len(world.organizations.list_accounts()["Accounts"]) == 4

    def test_requests_are_listed_by_state(self, world: World) -> None:
        world.account()
        world.organizations.create_account(AccountName="again", Email="new@example.com")
        world.organizations.list_create_account_status()
        failed = world.organizations.list_create_account_status(States=["FAILED"])["CreateAccountStatuses"]
        assert [one["AccountName"] for one in failed] == ["again"]
        assert len(world.organizations.list_create_account_status(States=["SUCCEEDED"])["CreateAccountStatuses"]) == 1
        assert world.organizations.list_create_account_status(States=["IN_PROGRESS"])["CreateAccountStatuses"] == []

    def test_the_default_quota_is_ten_accounts(self, world: World) -> None:
        world.choose("account-quota", "default")
        for number in range(6):
            world.account(f"n{number}", f"n{number}@example.com")
        refusal = refused(world.organizations.create_account, AccountName="x", Email="x@example.com")
        assert outcome(refusal) == "ConstraintViolation/ACCOUNT_NUMBER_LIMIT_EXCEEDED"
        world.choose("account-quota", "raised")
        world.account("x", "x@example.com")

    def test_a_role_name_of_aws_is_refused(self, world: World) -> None:
        call = {"AccountName": "x", "Email": "x@example.com", "RoleName": "AWSServiceRoleForMe"}
        assert outcome(refused(world.organizations.create_account, **call)) == "InvalidInput/INVALID_ROLE_NAME"

    def test_an_unknown_request_is_not_found(self, world: World) -> None:
        refusal = refused(world.organizations.describe_create_account_status, CreateAccountRequestId="car-12345678")
        assert code_of(refusal) == "CreateAccountStatusNotFoundException"


class TestClosure:
    def test_a_closed_account_is_pending_then_suspended_and_gone_after_90_days(self, world: World) -> None:
        world.organizations.close_account(AccountId=PAYMENTS)
        shown = [world.organizations.describe_account(AccountId=PAYMENTS)["Account"] for _ in range(2)]
        assert [one["Status"] for one in shown] == ["PENDING_CLOSURE", "SUSPENDED"]
        assert [one["State"] for one in shown] == ["PENDING_CLOSURE", "CLOSED"]
        assert (
            code_of(refused(world.organizations.close_account, AccountId=PAYMENTS)) == "AccountAlreadyClosedException"
        )
        world.emulator.advance(90 * DAY - 60)
        assert world.organizations.describe_account(AccountId=PAYMENTS)["Account"]["Status"] == "SUSPENDED"
        world.emulator.advance(120)
        assert code_of(refused(world.organizations.describe_account, AccountId=PAYMENTS)) == "AccountNotFoundException"
        assert PAYMENTS not in {one["Id"] for one in world.organizations.list_accounts()["Accounts"]}

    def test_the_management_account_and_strangers_cannot_be_closed(self, world: World) -> None:
        refusal = refused(world.organizations.close_account, AccountId=MANAGEMENT)
        assert outcome(refusal) == "ConstraintViolation/CANNOT_CLOSE_MANAGEMENT_ACCOUNT"
        assert code_of(refused(world.organizations.close_account, AccountId=RECOVERY)) == "AccountNotFoundException"

    @pytest.mark.parametrize(
        ("option", "closes"), [("10-percent-or-10", 10), ("20-percent-or-250", 12)], ids=["ten", "more than ten"]
    )
    def test_so_many_accounts_can_be_closed_in_thirty_days(self, world: World, option: str, closes: int) -> None:
        world.choose("close-account-quota", option)
        made = [world.account(f"n{number}", f"n{number}@example.com") for number in range(12)]
        refusals: list[str] = []
        for account in made:
            try:
                world.organizations.close_account(AccountId=account)
            except ClientError as error:
                refusals.append(outcome(error))
        assert len(made) - len(refusals) == closes
        assert set(refusals) <= {"ConstraintViolation/CLOSE_ACCOUNT_QUOTA_EXCEEDED"}
        world.emulator.advance(31 * DAY)
        world.organizations.close_account(AccountId=PAYMENTS)

    @pytest.mark.parametrize(
        ("option", "error"), [("invalid-token", "InvalidClientTokenId"), ("denied", "AccessDeniedException")]
    )
    def test_its_credentials_open_nothing_any_more(self, world: World, option: str, error: str) -> None:
        role = f"arn:aws:iam::{PAYMENTS}:role/OrganizationAccountAccessRole"
        session = world.emulator.assume(role, MANAGEMENT)
        world.choose("suspended-credentials", option)
        world.organizations.close_account(AccountId=PAYMENTS)
        for client in (world.emulator.client("backup", PAYMENTS), world.emulator.client("backup", **session)):
            assert code_of(refused(client.list_backup_vaults)) == error
        assert world.emulator.client("backup", AUDIT).list_backup_vaults()["BackupVaultList"] == []

    def test_nobody_gets_credentials_for_its_roles_any_more(self, world: World) -> None:
        world.organizations.close_account(AccountId=PAYMENTS)
        sts = world.emulator.client("sts", MANAGEMENT)
        role = f"arn:aws:iam::{PAYMENTS}:role/OrganizationAccountAccessRole"
        assert code_of(refused(sts.assume_role, RoleArn=role, RoleSessionName="late")) == "AccessDenied"

    def test_the_end_of_a_closure_is_an_event(self, world: World) -> None:
        world.organizations.close_account(AccountId=PAYMENTS)
        trail = world.emulator.client("cloudtrail", MANAGEMENT)
        wanted = [{"AttributeKey": "EventName", "AttributeValue": "CloseAccountResult"}]
        (event,) = trail.lookup_events(LookupAttributes=wanted)["Events"]
        assert PAYMENTS in event["CloudTrailEvent"]


class TestLeaving:
    def test_a_member_leaves_and_is_alone_then(self, world: World) -> None:
        world.of(PAYMENTS).leave_organization()
        assert PAYMENTS not in {one["Id"] for one in world.organizations.list_accounts()["Accounts"]}
        refusal = refused(world.of(PAYMENTS).describe_organization)
        assert code_of(refusal) == "AWSOrganizationsNotInUseException"

    def test_the_management_account_removes_a_member_with_its_policies_and_tags(self, world: World) -> None:
        world.enable()
        policy = world.attach({"plans": {}}, PAYMENTS, "one")
        world.organizations.remove_account_from_organization(AccountId=PAYMENTS)
        assert world.organizations.list_targets_for_policy(PolicyId=policy)["Targets"] == []
        refusal = refused(world.organizations.remove_account_from_organization, AccountId=PAYMENTS)
        assert code_of(refusal) == "AccountNotFoundException"

    def test_the_management_account_itself_cannot_leave(self, world: World) -> None:
        assert code_of(refused(world.organizations.leave_organization)) == "MasterCannotLeaveOrganizationException"
        refusal = refused(world.organizations.remove_account_from_organization, AccountId=MANAGEMENT)
        assert code_of(refusal) == "MasterCannotLeaveOrganizationException"

    def test_a_delegated_administrator_stays_until_it_is_deregistered(self, world: World) -> None:
        world.delegate()
        for call, given in (
            (world.of(AUDIT).leave_organization, {}),
            (world.organizations.remove_account_from_organization, {"AccountId": AUDIT}),
        ):
            expected = "ConstraintViolation/CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
            assert outcome(refused(call, **given)) == expected
        world.organizations.deregister_delegated_administrator(AccountId=AUDIT, ServicePrincipal="backup.amazonaws.com")
        world.of(AUDIT).leave_organization()

    @pytest.mark.parametrize("days", [4, 7])
    def test_a_created_account_waits_some_days(self, world: World, days: int) -> None:
        world.choose("days-before-leaving", str(days))
        account = world.account()
        refusal = refused(world.organizations.remove_account_from_organization, AccountId=account)
        assert reason_of(refusal) == "WAIT_PERIOD_ACTIVE"
        world.emulator.advance(days * DAY - 60)
        assert reason_of(refused(world.of(account).leave_organization)) == "WAIT_PERIOD_ACTIVE"
        world.emulator.advance(120)
        world.of(account).leave_organization()

    def test_a_created_account_may_lack_a_means_of_payment(self, world: World) -> None:
        world.choose("created-account-leaves", "without-payment")
        refusal = refused(world.of(PAYMENTS).leave_organization)
        assert outcome(refusal) == "ConstraintViolation/MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED"


class TestTheOrganization:
    def test_it_can_be_made_once_and_deleted_when_it_is_empty(self, world: World) -> None:
        alone = world.of(OUTSIDER)
        assert code_of(refused(alone.list_accounts)) == "AWSOrganizationsNotInUseException"
        made = alone.create_organization()["Organization"]
        assert (made["FeatureSet"], made["MasterAccountId"]) == ("ALL", OUTSIDER)
        assert code_of(refused(alone.create_organization)) == "AlreadyInOrganizationException"
        alone.delete_organization()
        assert code_of(refused(alone.describe_organization)) == "AWSOrganizationsNotInUseException"

    def test_with_members_it_stays(self, world: World) -> None:
        assert code_of(refused(world.organizations.delete_organization)) == "OrganizationNotEmptyException"

    def test_a_member_cannot_make_one(self, world: World) -> None:
        assert code_of(refused(world.of(PAYMENTS).create_organization)) == "AlreadyInOrganizationException"

    @pytest.mark.parametrize("option", ["off", "on"])
    def test_service_control_policies_are_on_from_the_start_or_not(self, world: World, option: str) -> None:
        world.choose("new-organization-scp", option)
        alone = world.of(OUTSIDER)
        alone.create_organization()
        root = alone.list_roots()["Roots"][0]
        assert [one["Type"] for one in root["PolicyTypes"]] == (["SERVICE_CONTROL_POLICY"] if option == "on" else [])
