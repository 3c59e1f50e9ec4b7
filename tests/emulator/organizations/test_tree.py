"""The tree of an organization: units, where accounts are, and listings in pages."""

from typing import Any

import pytest

from tests.emulator.worlds.organization import AUDIT, MANAGEMENT, PAYMENTS, World, code_of, reason_of, refused


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def test_a_unit_can_be_made_renamed_and_deleted_and_shows_its_path(world: World) -> None:
    upper = world.unit("Upper")
    made = world.organizations.create_organizational_unit(
        ParentId=upper, Name="Lower", Tags=[{"Key": "a", "Value": "b"}]
    )
    lower = made["OrganizationalUnit"]
    assert lower["Path"] == f"{world.organization}/{world.root}/{upper}/{lower['Id']}/"
    renamed = world.organizations.update_organizational_unit(OrganizationalUnitId=lower["Id"], Name="Low")[
        "OrganizationalUnit"
    ]
    shown = world.organizations.describe_organizational_unit(OrganizationalUnitId=lower["Id"])["OrganizationalUnit"]
    assert renamed["Name"] == shown["Name"] == "Low"
    assert world.organizations.list_tags_for_resource(ResourceId=lower["Id"])["Tags"] == [{"Key": "a", "Value": "b"}]
    refusal = refused(world.organizations.delete_organizational_unit, OrganizationalUnitId=upper)
    assert code_of(refusal) == "OrganizationalUnitNotEmptyException"
    world.organizations.delete_organizational_unit(OrganizationalUnitId=lower["Id"])
    world.organizations.delete_organizational_unit(OrganizationalUnitId=upper)
    refusal = refused(world.organizations.describe_organizational_unit, OrganizationalUnitId=upper)
    assert code_of(refusal) == "OrganizationalUnitNotFoundException"


def test_a_unit_with_an_account_in_it_is_not_deleted(world: World) -> None:
    refusal = refused(world.organizations.delete_organizational_unit, OrganizationalUnitId=world.parent_of(PAYMENTS))
    assert code_of(refusal) == "OrganizationalUnitNotEmptyException"


def test_units_are_five_levels_deep_and_not_six(world: World) -> None:
    parent = world.root
    for level in range(5):
        parent = world.unit(f"level-{level}", parent)
    refusal = refused(world.organizations.create_organizational_unit, ParentId=parent, Name="too deep")
    assert (code_of(refusal), reason_of(refusal)) == ("ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED")


def test_a_name_is_taken_once_below_a_parent_and_free_elsewhere(world: World) -> None:
    first = world.unit("Twin")
    refusal = refused(world.organizations.create_organizational_unit, ParentId=world.root, Name="Twin")
    assert code_of(refusal) == "DuplicateOrganizationalUnitException"
    world.unit("Twin", first)
    other = world.unit("Other")
    refusal = refused(world.organizations.update_organizational_unit, OrganizationalUnitId=other, Name="Twin")
    assert code_of(refusal) == "DuplicateOrganizationalUnitException"
    world.organizations.update_organizational_unit(OrganizationalUnitId=other, Name="Other")


def test_an_account_moves_and_is_then_listed_at_its_new_place_only(world: World) -> None:
    old, new = world.parent_of(PAYMENTS), world.unit("New")
    world.organizations.move_account(AccountId=PAYMENTS, SourceParentId=old, DestinationParentId=new)
    assert world.parent_of(PAYMENTS) == new
    assert [one["Id"] for one in world.organizations.list_accounts_for_parent(ParentId=new)["Accounts"]] == [PAYMENTS]
    assert world.organizations.list_accounts_for_parent(ParentId=old)["Accounts"] == []
    children = world.organizations.list_children(ParentId=new, ChildType="ACCOUNT")["Children"]
    assert children == [{"Id": PAYMENTS, "Type": "ACCOUNT"}]
    (path,) = world.organizations.describe_account(AccountId=PAYMENTS)["Account"]["Paths"]
    assert path == f"{world.organization}/{world.root}/{new}/{PAYMENTS}/"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"AccountId": "999999999999"}, "AccountNotFoundException"),
        ({"SourceParentId": "ou-abcd-12345678"}, "SourceParentNotFoundException"),
        ({"DestinationParentId": "ou-abcd-12345678"}, "DestinationParentNotFoundException"),
        ({"DestinationParentId": "where it is"}, "DuplicateAccountException"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(world: World, change: dict[str, str], code: str) -> None:
    source = world.parent_of(PAYMENTS)
    move = {"AccountId": PAYMENTS, "SourceParentId": source, "DestinationParentId": world.root, **change}
    if move["DestinationParentId"] == "where it is":
        move["DestinationParentId"] = source
    assert code_of(refused(world.organizations.move_account, **move)) == code
    assert world.parent_of(PAYMENTS) == source


def test_what_is_not_there_has_no_parent_and_no_children(world: World) -> None:
    assert code_of(refused(world.organizations.list_parents, ChildId="999999999999")) == "ChildNotFoundException"
    for listing in (
        world.organizations.list_accounts_for_parent,
        world.organizations.list_organizational_units_for_parent,
    ):
        assert code_of(refused(listing, ParentId="ou-abcd-12345678")) == "ParentNotFoundException"
    refusal = refused(world.organizations.list_children, ParentId="ou-abcd-12345678", ChildType="ACCOUNT")
    assert code_of(refusal) == "ParentNotFoundException"
    refusal = refused(world.organizations.create_organizational_unit, ParentId="ou-abcd-12345678", Name="x")
    assert code_of(refusal) == "ParentNotFoundException"


def test_listings_come_in_pages_and_each_page_has_its_own_token(world: World) -> None:
    for number in range(3):
        world.unit(f"unit-{number}")
    pages: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while not pages or token:
        answer = world.organizations.list_organizational_units_for_parent(ParentId=world.root, MaxResults=2, **token)
        pages.append(answer)
        token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
    names = [unit["Name"] for page in pages for unit in page["OrganizationalUnits"]]
    assert sorted(names) == ["Security", "Workloads", "unit-0", "unit-1", "unit-2"]
    assert [len(page["OrganizationalUnits"]) for page in pages] == [2, 2, 1]
    foreign = pages[0]["NextToken"]
    refusal = refused(world.organizations.list_accounts, NextToken=foreign)
    assert reason_of(refusal) == "INVALID_NEXT_TOKEN"
    refusal = refused(world.organizations.list_accounts, MaxResults=21)
    assert reason_of(refusal) == "MAX_VALUE_EXCEEDED"


def test_every_listing_turns_its_pages(world: World) -> None:
    """With one item a page, every listing gives each of its items once."""
    world.enable()
    world.delegate()
    for number in range(2):
        world.policy({"plans": {}}, name=f"policy-{number}")
        world.organizations.tag_resource(ResourceId=PAYMENTS, Tags=[{"Key": f"k{number}", "Value": "v"}])
    world.organizations.enable_aws_service_access(ServicePrincipal="ram.amazonaws.com")
    world.organizations.register_delegated_administrator(AccountId=PAYMENTS, ServicePrincipal="backup.amazonaws.com")
    for listing, member, parameters, count in (
        ("list_accounts", "Accounts", {}, 4),
        ("list_policies", "Policies", {"Filter": "BACKUP_POLICY"}, 2),
        ("list_children", "Children", {"ParentId": world.root, "ChildType": "ORGANIZATIONAL_UNIT"}, 2),
        ("list_accounts_for_parent", "Accounts", {"ParentId": world.parent_of(AUDIT)}, 2),
        ("list_aws_service_access_for_organization", "EnabledServicePrincipals", {}, 2),
        ("list_delegated_administrators", "DelegatedAdministrators", {}, 2),
        ("list_roots", "Roots", {}, 1),
    ):
        pages = world.organizations.get_paginator(listing).paginate(**parameters, PaginationConfig={"PageSize": 1})
        found = [str(item) for page in pages for item in page[member]]
        assert len(found) == len(set(found)) == count, listing


def test_only_the_root_has_no_parent(world: World) -> None:
    (parent,) = world.organizations.list_parents(ChildId=MANAGEMENT)["Parents"]
    assert parent == {"Id": world.root, "Type": "ROOT"}


def test_tags_come_and_go_on_every_kind_of_thing(world: World) -> None:
    policy = world.policy({"plans": {}})
    for thing in (world.root, world.parent_of(PAYMENTS), PAYMENTS, policy):
        world.organizations.tag_resource(
            ResourceId=thing, Tags=[{"Key": "Größe", "Value": "1"}, {"Key": "b", "Value": ""}]
        )
        world.organizations.untag_resource(ResourceId=thing, TagKeys=["b", "never there"])
        assert world.organizations.list_tags_for_resource(ResourceId=thing)["Tags"] == [{"Key": "Größe", "Value": "1"}]
    many = [{"Key": f"k{number}", "Value": "v"} for number in range(50)]
    assert (
        reason_of(refused(world.organizations.tag_resource, ResourceId=PAYMENTS, Tags=many)) == "MAX_TAG_LIMIT_EXCEEDED"
    )
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert reason_of(refused(world.organizations.tag_resource, ResourceId=PAYMENTS, Tags=twice)) == "DUPLICATE_TAG_KEY"
    own = [{"Key": "aws:mine", "Value": "1"}]
    assert (
        reason_of(refused(world.organizations.tag_resource, ResourceId=PAYMENTS, Tags=own))
        == "INVALID_SYSTEM_TAGS_PARAMETER"
    )
    refusal = refused(world.organizations.list_tags_for_resource, ResourceId="999999999999")
    assert code_of(refusal) == "TargetNotFoundException"
