"""The organizations client: a change that collides with another one is tried again, for a while."""

from collections.abc import Callable

import pytest

from airlock.clients.organizations import PAUSES, Organizations
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, Conflict
from tests.clients.conftest import Stubs

COLLIDED = "ConcurrentModificationException"
CHANGES: list[tuple[str, Callable[[Organizations], None]]] = [
    ("enable_policy_type", lambda client: client.enable_policy_type("r-abcd", "BACKUP_POLICY")),
    ("put_resource_policy", lambda client: client.put_resource_policy("{}")),
    ("delete_resource_policy", lambda client: client.delete_resource_policy()),
]


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def organizations(connection: Connection, pauses: list[float]) -> Organizations:
    return Organizations(connection, Patience(sleep=pauses.append))


@pytest.mark.parametrize(("operation", "change"), CHANGES)
def test_a_change_that_collides_is_tried_again_after_longer_and_longer_pauses(
    stubs: Stubs,
    organizations: Organizations,
    pauses: list[float],
    operation: str,
    change: Callable[[Organizations], None],
) -> None:
    for _ in range(3):
        stubs.of("organizations").add_client_error(operation, COLLIDED)
    stubs.of("organizations").add_response(operation, {})
    change(organizations)
    assert pauses == [1, 2, 4]


def test_it_is_not_tried_for_ever(stubs: Stubs, organizations: Organizations, pauses: list[float]) -> None:
    for _ in range(len(PAUSES) + 1):
        stubs.of("organizations").add_client_error("delete_resource_policy", COLLIDED)
    with pytest.raises(Conflict):
        organizations.delete_resource_policy()
    assert (pauses, sum(pauses)) == ([*PAUSES], 31)


def test_what_is_enabled_already_and_what_is_not_allowed_is_tried_once(
    stubs: Stubs, organizations: Organizations, pauses: list[float]
) -> None:
    stub = stubs.of("organizations")
    stub.add_client_error("enable_policy_type", COLLIDED)
    stub.add_client_error("enable_policy_type", "PolicyTypeAlreadyEnabledException")
    organizations.enable_policy_type("r-abcd", "BACKUP_POLICY")
    stub.add_client_error("put_resource_policy", "AccessDeniedException")
    with pytest.raises(AccessDenied):
        organizations.put_resource_policy("{}")
    assert pauses == [1]
