"""Changes of an organization that collide, by choice: which tries, with which words, and that nothing came of them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Emulator
from tests.emulator.worlds.organization import OUTSIDER, PAYMENTS, World, code_of, outcome, refused

COLLIDED = "ConcurrentModification"


@pytest.fixture
def world(emulator: Emulator) -> World:
    return World(emulator)


def told(call: Any, **inputs: Any) -> str:
    """How a try went."""
    try:
        call(**inputs)
    except ClientError as error:
        return outcome(error)
    return "done"


def units(world: World) -> list[str]:
    found = world.organizations.list_organizational_units_for_parent(ParentId=world.root)["OrganizationalUnits"]
    return [unit["Name"] for unit in found]


def test_nothing_collides_by_itself(world: World) -> None:
    create = world.organizations.create_organizational_unit
    assert [told(create, ParentId=world.root, Name=name) for name in "abc"] == ["done"] * 3


def test_the_first_three_tries_of_each_operation_collide(world: World) -> None:
    before = units(world)
    world.choose("collisions", "first-three-tries")
    create, enable = world.organizations.create_organizational_unit, world.organizations.enable_policy_type
    assert [told(create, ParentId=world.root, Name="a") for _ in range(3)] == [COLLIDED] * 3
    assert units(world) == before, "A change that collided was made."
    assert [told(create, ParentId=world.root, Name=name) for name in "ab"] == ["done"] * 2
    asked = {"RootId": world.root, "PolicyType": "BACKUP_POLICY"}
    assert [told(enable, **asked) for _ in range(4)] == [*[COLLIDED] * 3, "done"]


def test_every_second_try_collides(world: World) -> None:
    world.choose("collisions", "every-second-try")
    create = world.organizations.create_organizational_unit
    tries = [told(create, ParentId=world.root, Name=name) for name in "aabbc"]
    assert tries == [COLLIDED, "done", COLLIDED, "done", COLLIDED]


def test_it_is_said_in_the_words_of_aws(world: World) -> None:
    world.choose("collisions", "every-second-try")
    error = refused(world.organizations.enable_aws_service_access, ServicePrincipal="backup.amazonaws.com")
    said: dict[str, Any] = {**error.response["Error"]}
    assert said["Message"] == (
        "AWS Organizations can't complete your request because another request is already in progress. Try again later."
    )


def test_reads_and_requests_that_are_wrong_or_not_allowed_do_not_collide(world: World) -> None:
    world.choose("collisions", "first-three-tries")
    for read in ("describe_organization", "list_roots", "list_accounts", "list_handshakes_for_organization"):
        getattr(world.organizations, read)()
    create = world.organizations.create_organizational_unit
    assert told(create, ParentId="r-???", Name="a").startswith("InvalidInput")
    denied = refused(world.of(PAYMENTS).create_organizational_unit, ParentId=world.root, Name="a")
    assert code_of(denied) == "AccessDeniedException"
    assert [told(create, ParentId=world.root, Name="a") for _ in range(4)] == [*[COLLIDED] * 3, "done"]


def test_the_answer_to_an_invitation_collides_too(world: World) -> None:
    world.emulator.client("sts", OUTSIDER).get_caller_identity()
    target = {"Id": OUTSIDER, "Type": "ACCOUNT"}
    sent = world.organizations.invite_account_to_organization(Target=target)["Handshake"]
    world.choose("collisions", "every-second-try")
    accept = world.of(OUTSIDER).accept_handshake
    assert [told(accept, HandshakeId=sent["Id"]) for _ in range(2)] == [COLLIDED, "done"]


def test_a_snapshot_holds_how_many_tries_there_were(world: World) -> None:
    world.choose("collisions", "first-three-tries")
    create = world.organizations.create_organizational_unit
    told(create, ParentId=world.root, Name="a")
    world.emulator.control("POST", "snapshots/before")
    later = [told(create, ParentId=world.root, Name="a") for _ in range(3)]
    world.emulator.control("POST", "snapshots/before/restore")
    assert [told(create, ParentId=world.root, Name="a") for _ in range(3)] == later == [COLLIDED, COLLIDED, "done"]
