"""Handshakes: invitations by id and by e-mail, their answers and their end, and the consent to all features."""

from typing import Any

import pytest

from tests.emulator.conftest import LANDING
from tests.emulator.worlds.organization import (
    DAY,
    MANAGEMENT,
    OUTSIDER,
    PAYMENTS,
    RECOVERY,
    World,
    code_of,
    outcome,
    refused,
)


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.emulator.client("sts", OUTSIDER).get_caller_identity()  # An account is there once somebody uses it.
    return found


def invite(world: World, target: str = OUTSIDER, kind: str = "ACCOUNT", **more: Any) -> dict[str, Any]:
    sent: dict[str, Any] = world.organizations.invite_account_to_organization(
        Target={"Id": target, "Type": kind}, **more
    )
    found: dict[str, Any] = sent["Handshake"]
    return found


def members(world: World) -> set[str]:
    return {account["Id"] for account in world.organizations.list_accounts()["Accounts"]}


def states(world: World) -> list[str]:
    return [one["State"] for one in world.organizations.list_handshakes_for_organization()["Handshakes"]]


def test_an_accepted_invitation_makes_a_member_with_the_tags_of_the_invitation(world: World) -> None:
    world.enable("SERVICE_CONTROL_POLICY")
    sent = invite(world, Notes="Welcome.", Tags=[{"Key": "a", "Value": "b"}])
    assert (sent["State"], sent["Action"]) == ("OPEN", "INVITE")
    assert (sent["ExpirationTimestamp"] - sent["RequestedTimestamp"]).days == 15
    assert {one["Type"] for one in sent["Resources"]} == {"ORGANIZATION", "ACCOUNT", "NOTES"}
    guest = world.of(OUTSIDER)
    (received,) = guest.list_handshakes_for_account()["Handshakes"]
    assert guest.describe_handshake(HandshakeId=sent["Id"])["Handshake"] == received == sent
    assert OUTSIDER not in members(world)
    assert guest.accept_handshake(HandshakeId=sent["Id"])["Handshake"]["State"] == "ACCEPTED"
    account = world.organizations.describe_account(AccountId=OUTSIDER)["Account"]
    assert (account["JoinedMethod"], account["Status"]) == ("INVITED", "ACTIVE")
    assert world.organizations.list_tags_for_resource(ResourceId=OUTSIDER)["Tags"] == [{"Key": "a", "Value": "b"}]
    scps = world.organizations.list_policies_for_target(TargetId=OUTSIDER, Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert [one["Name"] for one in scps] == ["FullAWSAccess"]
    guest.leave_organization()


def test_an_invitation_goes_to_whoever_has_the_address(world: World) -> None:
    world.of(PAYMENTS).leave_organization()
    sent = invite(world, "payments@example.com", "EMAIL")
    assert {"Id": "payments@example.com", "Type": "EMAIL"} in sent["Parties"]
    world.of(PAYMENTS).accept_handshake(HandshakeId=sent["Id"])
    account = world.organizations.describe_account(AccountId=PAYMENTS)["Account"]
    assert (account["Name"], account["Email"]) == ("payments", "payments@example.com")


def test_a_declined_a_canceled_and_a_lapsed_invitation_make_no_member(world: World) -> None:
    guest = world.of(OUTSIDER)
    declined = invite(world)["Id"]
    assert guest.decline_handshake(HandshakeId=declined)["Handshake"]["State"] == "DECLINED"
    canceled = invite(world)["Id"]
    assert world.organizations.cancel_handshake(HandshakeId=canceled)["Handshake"]["State"] == "CANCELED"
    lapsed = invite(world)["Id"]
    world.emulator.advance(15 * DAY - 60)
    assert states(world) == ["DECLINED", "CANCELED", "OPEN"]
    world.emulator.advance(120)
    assert states(world) == ["DECLINED", "CANCELED", "EXPIRED"]
    for handshake in (declined, canceled, lapsed):
        refusal = refused(guest.accept_handshake, HandshakeId=handshake)
        assert code_of(refusal) == "InvalidHandshakeTransitionException"
    assert OUTSIDER not in members(world)
    world.emulator.advance(31 * DAY)
    assert states(world) == []
    assert code_of(refused(guest.describe_handshake, HandshakeId=lapsed)) == "HandshakeNotFoundException"


def test_the_same_answer_twice_and_answers_of_others_are_refused(world: World) -> None:
    sent = invite(world)["Id"]
    guest = world.of(OUTSIDER)
    assert code_of(refused(world.organizations.accept_handshake, HandshakeId=sent)) == "AccessDeniedException"
    assert code_of(refused(world.organizations.decline_handshake, HandshakeId=sent)) == "AccessDeniedException"
    assert code_of(refused(guest.cancel_handshake, HandshakeId=sent)) == "AccessDeniedException"
    stranger = world.of(LANDING)
    for call in (stranger.accept_handshake, stranger.describe_handshake, stranger.cancel_handshake):
        assert code_of(refused(call, HandshakeId=sent)) == "HandshakeNotFoundException"
    guest.accept_handshake(HandshakeId=sent)
    assert code_of(refused(guest.accept_handshake, HandshakeId=sent)) == "HandshakeAlreadyInStateException"
    assert (
        code_of(refused(world.organizations.cancel_handshake, HandshakeId=sent))
        == "InvalidHandshakeTransitionException"
    )


def test_an_invitation_that_makes_no_sense_is_refused(world: World) -> None:
    invite(world)
    for target, expected in (
        ({"Id": OUTSIDER, "Type": "ACCOUNT"}, "DuplicateHandshake"),
        ({"Id": f"root@{OUTSIDER}.example", "Type": "EMAIL"}, "DuplicateHandshake"),
        ({"Id": PAYMENTS, "Type": "ACCOUNT"}, "HandshakeConstraintViolation/ALREADY_IN_AN_ORGANIZATION"),
        ({"Id": "123", "Type": "ACCOUNT"}, "InvalidInput/INVALID_PATTERN"),
        ({"Id": "nobody", "Type": "EMAIL"}, "InvalidInput/INVALID_EMAIL_ADDRESS_TARGET"),
        ({"Id": world.organization, "Type": "ORGANIZATION"}, "InvalidInput/INVALID_PARTY_TYPE_TARGET"),
    ):
        assert outcome(refused(world.organizations.invite_account_to_organization, Target=target)) == expected


@pytest.mark.parametrize("option", ["refused", "sent"])
def test_an_account_that_nobody_has(world: World, option: str) -> None:
    world.choose("invite-unknown-account", option)
    targets = [{"Id": "123456789012", "Type": "ACCOUNT"}, {"Id": "nobody@example.com", "Type": "EMAIL"}]
    for target in targets:
        if option == "sent":
            assert world.organizations.invite_account_to_organization(Target=target)["Handshake"]["State"] == "OPEN"
        else:
            refusal = refused(world.organizations.invite_account_to_organization, Target=target)
            assert outcome(refusal) == "InvalidInput/INVALID_PARTY_TYPE_TARGET"
    if option == "sent":
        (received,) = world.of("123456789012").list_handshakes_for_account()["Handshakes"]
        world.of("123456789012").accept_handshake(HandshakeId=received["Id"])
        assert "123456789012" in members(world)


def test_a_member_of_another_organization_changes_over_by_accepting(world: World) -> None:
    sent = invite(world, LANDING)["Id"]
    world.of(LANDING).accept_handshake(HandshakeId=sent)
    assert LANDING in members(world)
    left = {account["Id"] for account in world.of(RECOVERY).list_accounts()["Accounts"]}
    assert left == {RECOVERY}
    assert world.of(LANDING).describe_organization()["Organization"]["Id"] == world.organization


def test_a_management_account_cannot_change_over(world: World) -> None:
    sent = invite(world, RECOVERY)["Id"]
    refusal = refused(world.of(RECOVERY).accept_handshake, HandshakeId=sent)
    assert code_of(refusal) == "MasterCannotLeaveOrganizationException"
    assert states(world) == ["OPEN"]


def test_invitations_count_as_accounts_and_there_are_so_many_a_day(world: World) -> None:
    world.choose("invite-unknown-account", "sent")
    for number in range(20):
        invite(world, f"n{number}@example.com", "EMAIL")
    refusal = refused(world.organizations.invite_account_to_organization, Target={"Id": OUTSIDER, "Type": "ACCOUNT"})
    assert outcome(refusal) == "HandshakeConstraintViolation/HANDSHAKE_RATE_LIMIT_EXCEEDED"
    world.emulator.advance(DAY)
    world.choose("account-quota", "default")
    refusal = refused(world.organizations.invite_account_to_organization, Target={"Id": OUTSIDER, "Type": "ACCOUNT"})
    assert outcome(refusal) == "HandshakeConstraintViolation/ACCOUNT_NUMBER_LIMIT_EXCEEDED"


class TestAllFeatures:
    @pytest.fixture
    def billing(self, world: World) -> Any:
        """The client of a management account whose organization is for billing, with one invited member."""
        alone = world.of("555555555555")
        alone.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        sent = alone.invite_account_to_organization(Target={"Id": OUTSIDER, "Type": "ACCOUNT"})["Handshake"]
        world.of(OUTSIDER).accept_handshake(HandshakeId=sent["Id"])
        return alone

    def test_every_invited_account_agrees_and_then_the_management_account_confirms(
        self, world: World, billing: Any
    ) -> None:
        parent = billing.enable_all_features()["Handshake"]
        assert (parent["Action"], parent["State"]) == ("ENABLE_ALL_FEATURES", "REQUESTED")
        again = refused(billing.enable_all_features)
        assert outcome(again) == "HandshakeConstraintViolation/ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
        refusal = refused(billing.invite_account_to_organization, Target={"Id": MANAGEMENT, "Type": "ACCOUNT"})
        assert outcome(refusal) == "HandshakeConstraintViolation/INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"
        early = refused(billing.accept_handshake, HandshakeId=parent["Id"])
        assert code_of(early) == "InvalidHandshakeTransitionException"
        asked = world.of(OUTSIDER).list_handshakes_for_account(Filter={"ActionType": "ENABLE_ALL_FEATURES"})
        (consent,) = asked["Handshakes"]
        world.of(OUTSIDER).accept_handshake(HandshakeId=consent["Id"])
        assert billing.describe_organization()["Organization"]["FeatureSet"] == "CONSOLIDATED_BILLING"
        children = billing.list_handshakes_for_organization(Filter={"ParentHandshakeId": parent["Id"]})["Handshakes"]
        final = next(one for one in children if one["Action"] == "APPROVE_ALL_FEATURES")
        billing.accept_handshake(HandshakeId=final["Id"])
        assert billing.describe_organization()["Organization"]["FeatureSet"] == "ALL"
        assert billing.describe_handshake(HandshakeId=parent["Id"])["Handshake"]["State"] == "ACCEPTED"
        root = billing.list_roots()["Roots"][0]["Id"]
        billing.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")

    def test_one_account_that_declines_ends_it(self, world: World, billing: Any) -> None:
        parent = billing.enable_all_features()["Handshake"]
        asked = world.of(OUTSIDER).list_handshakes_for_account(Filter={"ActionType": "ENABLE_ALL_FEATURES"})
        world.of(OUTSIDER).decline_handshake(HandshakeId=asked["Handshakes"][0]["Id"])
        assert billing.describe_handshake(HandshakeId=parent["Id"])["Handshake"]["State"] == "DECLINED"
        assert billing.describe_organization()["Organization"]["FeatureSet"] == "CONSOLIDATED_BILLING"

    def test_it_lapses_after_ninety_days(self, world: World, billing: Any) -> None:
        parent = billing.enable_all_features()["Handshake"]
        world.emulator.advance(91 * DAY)
        assert billing.describe_handshake(HandshakeId=parent["Id"])["Handshake"]["State"] == "EXPIRED"
        assert billing.enable_all_features()["Handshake"]["State"] == "REQUESTED"

    def test_with_nobody_to_ask_only_the_confirmation_is_left(self, world: World) -> None:
        alone = world.of("555555555555")
        alone.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        parent = alone.enable_all_features()["Handshake"]
        alone.accept_handshake(HandshakeId=parent["Id"])
        assert alone.describe_organization()["Organization"]["FeatureSet"] == "ALL"
        refusal = refused(alone.enable_all_features)
        assert outcome(refusal) == "HandshakeConstraintViolation/ORGANIZATION_ALREADY_HAS_ALL_FEATURES"

    def test_two_filters_are_one_too_many(self, world: World) -> None:
        both = {"ActionType": "INVITE", "ParentHandshakeId": "h-12345678"}
        refusal = refused(world.organizations.list_handshakes_for_organization, Filter=both)
        assert outcome(refusal) == "InvalidInput/MAX_LIMIT_EXCEEDED_FILTER"
