"""RAM inside an organization: no invitation with sharing on, and principals that are organizations or units."""

from typing import Any

import pytest

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import Recovery, code_of, refused, strict_client


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def ram(recovery: Recovery, account: str = RECOVERY) -> Any:
    return strict_client(recovery.emulator, "ram", account)


def test_turning_sharing_on_makes_the_role_of_ram(recovery: Recovery) -> None:
    turn_sharing_on(recovery)
    turn_sharing_on(recovery)
    iam = recovery.emulator.client("iam", RECOVERY)
    role = iam.get_role(RoleName="AWSServiceRoleForResourceAccessManager")["Role"]
    assert role["Path"] == "/aws-service-role/ram.amazonaws.com/"


def turn_sharing_on(recovery: Recovery) -> None:
    assert ram(recovery).enable_sharing_with_aws_organization()["returnValue"]


def share(recovery: Recovery, *principals: str) -> str:
    made = ram(recovery).create_resource_share(
        name="quorum", resourceArns=[recovery.active()], principals=list(principals), allowExternalPrincipals=False
    )
    return str(made["resourceShare"]["resourceShareArn"])


def reads(recovery: Recovery, account: str) -> bool:
    resources = ram(recovery, account).list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"]
    mpa = strict_client(recovery.emulator, "mpa", account)
    return [mpa.get_approval_team(Arn=one["arn"])["Name"] for one in resources] == ["quorum"]


def organization(recovery: Recovery, account: str = RECOVERY) -> dict[str, Any]:
    found: dict[str, Any] = recovery.emulator.client("organizations", account).describe_organization()["Organization"]
    return found


def test_a_member_gets_access_at_once_when_sharing_is_on(recovery: Recovery) -> None:
    turn_sharing_on(recovery)
    arn = share(recovery, LANDING)
    assert reads(recovery, LANDING)
    assert ram(recovery, LANDING).get_resource_share_invitations()["resourceShareInvitations"] == []
    for expected in ("ASSOCIATING", "ASSOCIATED"):
        (shown,) = ram(recovery).get_resource_share_associations(associationType="PRINCIPAL", resourceShareArns=[arn])[
            "resourceShareAssociations"
        ]
        assert (shown["status"], shown["external"]) == (expected, False)


def test_a_member_is_invited_when_sharing_is_off(recovery: Recovery) -> None:
    share(recovery, LANDING)
    assert not reads(recovery, LANDING)
    (received,) = ram(recovery, LANDING).get_resource_share_invitations()["resourceShareInvitations"]
    ram(recovery, LANDING).accept_resource_share_invitation(
        resourceShareInvitationArn=received["resourceShareInvitationArn"]
    )
    assert reads(recovery, LANDING)


def test_only_a_management_account_turns_sharing_on(recovery: Recovery) -> None:
    for account in (LANDING, PAYMENTS):
        error = refused(ram(recovery, account).enable_sharing_with_aws_organization)
        assert code_of(error) == "OperationNotPermittedException"


def test_the_whole_organization_is_a_principal_once_sharing_is_on(recovery: Recovery) -> None:
    arn = organization(recovery)["Arn"]
    early = refused(ram(recovery).create_resource_share, name="early", principals=[arn])
    assert code_of(early) == "UnknownResourceException"
    turn_sharing_on(recovery)
    share(recovery, arn)
    assert reads(recovery, LANDING)
    assert not reads(recovery, PAYMENTS), "An account of another organization got access."


def test_an_organizational_unit_is_a_principal_for_its_accounts(recovery: Recovery) -> None:
    turn_sharing_on(recovery)
    organizations = recovery.emulator.client("organizations", RECOVERY)
    root = organizations.list_roots()["Roots"][0]["Id"]
    units = {
        unit["Name"]: unit["Arn"]
        for unit in organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    }
    other = organizations.create_organizational_unit(ParentId=root, Name="Empty")["OrganizationalUnit"]["Arn"]
    arn = share(recovery, other)
    assert not reads(recovery, LANDING), "The account is not in that unit."
    ram(recovery).associate_resource_share(resourceShareArn=arn, principals=[units["Recovery"]])
    assert reads(recovery, LANDING)


def test_another_organization_or_its_units_are_no_principals(recovery: Recovery) -> None:
    turn_sharing_on(recovery)
    foreign = organization(recovery, MANAGEMENT)
    unit = f"arn:aws:organizations::{MANAGEMENT}:ou/{foreign['Id']}/ou-abcd-12345678"
    for name in (foreign["Arn"], unit):
        error = refused(ram(recovery).create_resource_share, name="foreign", principals=[name])
        assert code_of(error) == "OperationNotPermittedException"


def test_a_member_cannot_leave_a_share_that_it_got_by_the_organization(recovery: Recovery) -> None:
    turn_sharing_on(recovery)
    arn = share(recovery, LANDING)
    error = refused(ram(recovery, LANDING).disassociate_resource_share, resourceShareArn=arn, principals=[LANDING])
    assert code_of(error) == "OperationNotPermittedException"
    assert reads(recovery, LANDING)
