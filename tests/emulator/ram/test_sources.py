"""Service principals and their sources, IAM roles, what an invitation would bring, and shares that are over."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.ram import AUDIT, HOME, HOUR, LANDING, PAYMENTS, Sharing, code_of, refused

SERVICE = "pca-connector-ad.amazonaws.com"
ORGANIZATION, PATH = "o-abcdefghij", "o-abcdefghij/r-abcd/ou-abcd-12345678"
BUCKET = "arn:aws:s3:::reports"


@pytest.fixture
def sharing(emulator: Any) -> Sharing:
    return Sharing(emulator)


def sources(sharing: Sharing, **wanted: Any) -> dict[str, str]:
    found = sharing.ram.list_source_associations(**wanted)["sourceAssociations"]
    return {one["sourceId"]: one["sourceType"] for one in found}


def test_a_share_keeps_its_sources_by_their_kind(sharing: Sharing) -> None:
    share = sharing.share(SERVICE, sources=[AUDIT, BUCKET])
    sharing.ram.associate_resource_share(resourceShareArn=share, sources=[ORGANIZATION, PATH])
    kinds = {AUDIT: "ACCOUNT", BUCKET: "ARN", ORGANIZATION: "ORGANIZATION", PATH: "ORGANIZATION_PATH"}
    assert sources(sharing, resourceShareArns=[share]) == kinds
    assert sources(sharing, sourceType="ARN") == {BUCKET: "ARN"}
    assert sources(sharing, sourceId=AUDIT, associationStatus="ASSOCIATED") == {AUDIT: "ACCOUNT"}
    as_associations = sharing.ram.get_resource_share_associations(associationType="SOURCE", resourceShareArns=[share])[
        "resourceShareAssociations"
    ]
    assert {one["associatedEntity"] for one in as_associations} == set(kinds)
    ended = sharing.ram.disassociate_resource_share(resourceShareArn=share, sources=[BUCKET])
    assert [one["status"] for one in ended["resourceShareAssociations"]] == ["DISASSOCIATING"]
    assert BUCKET not in sources(sharing, associationStatus="ASSOCIATED")
    stranger = refused(sharing.of(LANDING).disassociate_resource_share, resourceShareArn=share, sources=[AUDIT])
    assert code_of(stranger) == "OperationNotPermittedException"


def test_vaults_and_teams_are_not_shared_with_services(sharing: Sharing) -> None:
    vault = sharing.vault()
    call = {"name": "x", "resourceArns": [vault], "principals": [SERVICE]}
    assert code_of(refused(sharing.ram.create_resource_share, **call)) == "OperationNotPermittedException"
    share = sharing.share(SERVICE)
    later = refused(sharing.ram.associate_resource_share, resourceShareArn=share, resourceArns=[vault])
    assert code_of(later) == "OperationNotPermittedException"
    assert sharing.principals(share) == {SERVICE: "ASSOCIATED"}


def test_a_role_as_principal_is_that_role_and_not_its_account(sharing: Sharing) -> None:
    """With a share of the role, another principal of the same account sees nothing."""
    emulator = sharing.emulator
    role = f"arn:aws:iam::{LANDING}:role/responder"
    iam = emulator.client("iam", LANDING)
    trust = {"Effect": "Allow", "Principal": {"AWS": LANDING}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName="responder", AssumeRolePolicyDocument=document)
    share = sharing.share(role)
    sharing.accept(LANDING)
    session = emulator.assume(role, LANDING)
    as_role = emulator.client("ram", region=HOME, **session)
    shown = as_role.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert [one["resourceShareArn"] for one in shown] == [share]
    assert sharing.of(LANDING).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []


def test_an_invitation_shows_what_it_would_bring_while_it_waits(sharing: Sharing) -> None:
    vault = sharing.vault()
    sharing.share(LANDING, resources=[vault])
    landing, arn = sharing.of(LANDING), sharing.invitation()
    pending = landing.list_pending_invitation_resources(resourceShareInvitationArn=arn)["resources"]
    assert [(one["arn"], one["type"]) for one in pending] == [(vault, "backup:BackupVault")]
    assert sharing.sees(LANDING) == []
    sharing.accept()
    assert landing.list_pending_invitation_resources(resourceShareInvitationArn=arn)["resources"] == []
    stranger = refused(sharing.of(AUDIT).list_pending_invitation_resources, resourceShareInvitationArn=arn)
    assert code_of(stranger) == "ResourceShareInvitationArnNotFoundException"


def test_a_deleted_share_is_shown_for_two_hours_and_then_unknown(sharing: Sharing) -> None:
    share = sharing.share(LANDING, resources=[sharing.vault()])
    sharing.ram.delete_resource_share(resourceShareArn=share)
    asked = {"resourceOwner": "SELF", "resourceShareArns": [share]}
    seen = [sharing.ram.get_resource_shares(**asked)["resourceShares"][0]["status"] for _ in range(2)]
    assert seen == ["DELETING", "DELETED"]
    sharing.emulator.advance(2 * HOUR - 60)
    assert sharing.ram.get_resource_shares(**asked)["resourceShares"][0]["status"] == "DELETED"
    sharing.emulator.advance(120)
    assert code_of(refused(sharing.ram.get_resource_shares, **asked)) == "UnknownResourceException"
    assert sharing.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []


def test_permissions_and_shares_are_tagged_by_their_arn(sharing: Sharing) -> None:
    share, permission = sharing.share(tags=[{"key": "a", "value": "1"}]), sharing.permission()
    for arn in (share, permission):
        sharing.ram.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    sharing.ram.untag_resource(resourceArn=share, tagKeys=["a"])
    (shown,) = sharing.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert shown["tags"] == [{"key": "b", "value": "2"}]
    assert sharing.ram.get_permission(permissionArn=permission)["permission"]["tags"] == [{"key": "b", "value": "2"}]
    both = {"resourceShareArn": share, "resourceArn": share, "tags": []}
    assert code_of(refused(sharing.ram.tag_resource, **both)) == "InvalidParameterException"


def test_every_listing_turns_its_pages(sharing: Sharing) -> None:
    vaults = [sharing.vault(), sharing.vault()]
    shares = [sharing.share(LANDING, resources=[vault], sources=[]) for vault in vaults]
    for number in range(2):
        sharing.permission(f"p{number}")
    sharing.share(SERVICE, sources=[AUDIT, PAYMENTS])
    for listing, member, given, count in (
        ("list_resources", "resources", {"resourceOwner": "SELF"}, 2),
        ("list_principals", "principals", {"resourceOwner": "SELF"}, 3),
        ("list_permissions", "permissions", {}, 4),
        ("list_permission_associations", "permissions", {}, 2),
        ("list_source_associations", "sourceAssociations", {}, 2),
        ("list_resource_types", "resourceTypes", {}, 2),
        ("get_resource_share_associations", "resourceShareAssociations", {"associationType": "RESOURCE"}, 2),
        ("get_resource_shares", "resourceShares", {"resourceOwner": "SELF"}, 3),
    ):
        found: list[str] = []
        token: dict[str, str] = {}
        while not found or token:
            page = getattr(sharing.ram, listing)(**given, **token, maxResults=1)
            found += [str(item) for item in page[member]]
            token = {"nextToken": page["nextToken"]} if "nextToken" in page else {}
        assert len(found) == len(set(found)) == count, listing
    first = sharing.ram.get_resource_shares(resourceOwner="SELF", maxResults=1)["nextToken"]
    other = refused(sharing.ram.list_principals, resourceOwner="SELF", nextToken=first)
    assert code_of(other) == "InvalidNextTokenException"
    assert len(shares) == 2
