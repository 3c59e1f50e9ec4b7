"""What becomes of shares when accounts leave an organization, are closed, or sharing is turned off."""

from typing import Any

import pytest

from tests.emulator.worlds.ram import (
    AUDIT,
    BUNKER,
    HOME,
    HOUR,
    LANDING,
    MANAGEMENT,
    PAYMENTS,
    RECOVERY,
    Sharing,
    code_of,
    refused,
)

RAM = "ram.amazonaws.com"
DAY = 24 * HOUR


@pytest.fixture
def sharing(emulator: Any) -> Sharing:
    found = Sharing(emulator)
    found.turn_sharing_on()
    return found


def keeping(retain: bool) -> dict[str, Any]:
    return {"resourceShareConfiguration": {"retainSharingOnAccountLeaveOrganization": retain}}


@pytest.mark.parametrize("retain", [False, True])
@pytest.mark.parametrize("how", ["account", "organization", "unit"])
def test_who_leaves_the_organization_keeps_access_only_if_the_share_says_so(
    sharing: Sharing, how: str, retain: bool
) -> None:
    vault = sharing.vault()
    principal = {
        "account": BUNKER,
        "organization": sharing.organization_arn(),
        "unit": sharing.unit_arn(BUNKER),
    }[how]
    share = sharing.share(principal, resources=[vault], **keeping(retain))
    shown = sharing.ram.get_resource_shares(resourceOwner="SELF", resourceShareArns=[share])["resourceShares"][0]
    assert shown["resourceShareConfiguration"] == {"retainSharingOnAccountLeaveOrganization": retain}
    assert sharing.sees(BUNKER) == [vault]
    sharing.organizations(BUNKER).leave_organization()
    assert sharing.sees(BUNKER) == ([vault] if retain else [])
    read = {"BackupVaultName": "vault-1", "BackupVaultAccountId": PAYMENTS}
    backup = sharing.emulator.client("backup", BUNKER, HOME)
    if retain:
        assert backup.describe_backup_vault(**read)["BackupVaultArn"] == vault
    else:
        assert code_of(refused(backup.describe_backup_vault, **read)) == "AccessDeniedException"


def test_an_account_of_another_unit_retains_nothing(sharing: Sharing) -> None:
    sharing.share(sharing.unit_arn(PAYMENTS), resources=[sharing.vault()], **keeping(True))
    sharing.organizations(BUNKER).leave_organization()
    assert sharing.sees(BUNKER) == []


def test_who_was_invited_stays_when_it_leaves_the_organization(sharing: Sharing) -> None:
    sharing.organizations().disable_aws_service_access(ServicePrincipal=RAM)
    vault = sharing.vault()
    sharing.share(BUNKER, resources=[vault])
    sharing.accept(BUNKER)
    sharing.organizations(BUNKER).leave_organization()
    assert sharing.sees(BUNKER) == [vault]


def test_an_owner_that_leaves_shares_with_its_organization_no_more(sharing: Sharing) -> None:
    vault = sharing.vault()
    share = sharing.share(sharing.organization_arn(), AUDIT, LANDING, resources=[vault])
    sharing.accept(LANDING)
    assert sharing.sees(BUNKER) == sharing.sees(AUDIT) == sharing.sees(LANDING) == [vault]
    sharing.organizations(PAYMENTS).leave_organization()
    assert sharing.sees(BUNKER) == sharing.sees(AUDIT) == []
    assert sharing.sees(LANDING) == [vault], "The account of another organization had accepted an invitation."
    assert sharing.principals(share)[AUDIT] == "DISASSOCIATED"


def test_what_needed_no_invitation_ends_when_sharing_is_turned_off(sharing: Sharing) -> None:
    vault = sharing.vault()
    share = sharing.share(sharing.organization_arn(), BUNKER, LANDING, resources=[vault])
    sharing.accept(LANDING)
    sharing.organizations().disable_aws_service_access(ServicePrincipal=RAM)
    assert sharing.sees(BUNKER) == sharing.sees(AUDIT) == []
    assert sharing.sees(LANDING) == [vault]
    assert sharing.principals(share)[BUNKER] == "DISASSOCIATED"
    sharing.turn_sharing_on()
    assert sharing.sees(BUNKER) == [], "Nobody shared it again."
    sharing.ram.associate_resource_share(resourceShareArn=share, principals=[BUNKER])
    assert sharing.sees(BUNKER) == [vault]


def test_an_account_that_moves_to_another_unit_loses_what_the_unit_had(sharing: Sharing) -> None:
    vault = sharing.vault()
    sharing.share(sharing.unit_arn(BUNKER), resources=[vault])
    assert sharing.sees(BUNKER) == [vault]
    organizations = sharing.organizations()
    old = organizations.list_parents(ChildId=BUNKER)["Parents"][0]["Id"]
    organizations.move_account(AccountId=BUNKER, SourceParentId=old, DestinationParentId=sharing.root)
    assert sharing.sees(BUNKER) == []
    organizations.move_account(AccountId=BUNKER, SourceParentId=sharing.root, DestinationParentId=old)
    assert sharing.sees(BUNKER) == [vault]


@pytest.mark.parametrize("option", ["refused", "accepted"])
def test_a_unit_with_a_suspended_account(sharing: Sharing, option: str) -> None:
    choice = {"name": "ram.suspended-account-in-principal", "option": option}
    sharing.emulator.control("POST", "choices", choice)
    vault = sharing.vault()
    sharing.organizations().close_account(AccountId=AUDIT)
    for principal in (sharing.unit_arn(BUNKER), sharing.organization_arn()):
        call = {"name": "x", "resourceArns": [vault], "principals": [principal]}
        if option == "refused":
            answer = refused(sharing.ram.create_resource_share, **call)
            assert code_of(answer) == "OperationNotPermittedException"
            assert AUDIT in str(answer)
        else:
            assert sharing.ram.create_resource_share(**call)
    sharing.share(BUNKER, resources=[vault])
    assert set(sharing.sees(BUNKER)) == {vault}


def test_what_a_closed_account_shares_stays_until_its_post_closure_period_ends(sharing: Sharing) -> None:
    vault = sharing.vault()
    sharing.share(LANDING, resources=[vault])
    sharing.accept(LANDING)
    sharing.organizations(MANAGEMENT).close_account(AccountId=PAYMENTS)
    sharing.emulator.advance(90 * DAY - 60)
    assert sharing.sees(LANDING) == [vault]
    sharing.emulator.advance(120)
    assert sharing.sees(LANDING) == []


def test_sharing_is_an_affair_of_one_organization(sharing: Sharing) -> None:
    vault = sharing.vault()
    sharing.share(LANDING, resources=[vault])
    assert sharing.sees(LANDING) == [], "Sharing is on in the owner's organization, not in that of the other account."
    refusal = refused(sharing.of(LANDING).enable_sharing_with_aws_organization)
    assert code_of(refusal) == "OperationNotPermittedException"
    assert sharing.of(RECOVERY).enable_sharing_with_aws_organization()["returnValue"]
    assert sharing.sees(LANDING) == []
