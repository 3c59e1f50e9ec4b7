"""A takeover that changes a resource or calls something is found and named, unless the list says why."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from demo.aws import root_client
from tests.takeover.conftest import ACCOUNT, REGION
from tests.takeover.fixture import Fixture, all_fixtures
from tests.takeover.judging import Allowed, Change, Write, allowed, changes, objections, writes
from tests.takeover.site import ledger_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.emulator import Emulator
    from tests.takeover.proxy import Proxy

_Resource = dict[str, Any]
UPDATED = Change("landing", "evidence", "updated")
WRITTEN = Write("444444444444", "backup", "PutBackupVaultAccessPolicy", "PUT /backup-vaults/payments-2026 {}")


def replaced(resource: _Resource, _: list[_Resource]) -> None:
    resource |= {"id": "another", "created": "2027-01-01T00:00:00Z", "modified": "2027-01-01T00:00:00Z"}


def updated(resource: _Resource, _: list[_Resource]) -> None:
    resource["modified"] = "2027-01-01T00:00:00Z"


def deleted(resource: _Resource, resources: list[_Resource]) -> None:
    resources.remove(resource)


def created(resource: _Resource, resources: list[_Resource]) -> None:
    resources.append({**resource, "urn": f"{resource['urn']}-more", "id": "more", "created": "2027-01-01T00:00:00Z"})


@pytest.fixture(scope="module", params=all_fixtures(), ids=lambda fixture: fixture.name)
def states(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    found: Fixture = request.param
    return found.states


def resources_of(states: dict[str, dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for stack, state in states.items():
        for index, resource in enumerate(state["deployment"]["resources"]):
            if "created" in resource:
                yield stack, index


@pytest.mark.parametrize("happen", [replaced, updated, deleted, created])
def test_whatever_happens_to_any_resource_of_a_fixture_is_found_and_named(
    states: dict[str, dict[str, Any]], happen: Callable[[_Resource, list[_Resource]], None]
) -> None:
    assert changes(states, states) == []
    for stack, index in resources_of(states):
        resources = copy.deepcopy(states[stack]["deployment"]["resources"])
        name = resources[index]["urn"].rpartition("::")[2]
        happen(resources[index], resources)
        name += "-more" if happen is created else ""
        after = {**states, stack: {"deployment": {"resources": resources}}}
        assert changes(states, after) == [Change(stack, name, happen.__name__)]


def test_a_resource_under_another_name_that_an_alias_gave_is_the_same_one(states: dict[str, dict[str, Any]]) -> None:
    for stack, index in resources_of(states):
        resources = copy.deepcopy(states[stack]["deployment"]["resources"])
        resources[index]["urn"] += "-renamed"
        assert changes(states, {**states, stack: {"deployment": {"resources": resources}}}) == []


def test_a_stack_that_is_gone_is_found(states: dict[str, dict[str, Any]]) -> None:
    stack = min(states)
    lost = changes(states, {name: state for name, state in states.items() if name != stack})
    assert len(lost) == len(states[stack]["deployment"]["resources"])


def test_a_mutating_call_is_found_with_what_it_asked_for_and_looks_are_not(emulator: Emulator, proxy: Proxy) -> None:
    backup, sts = (root_client(proxy.url, ACCOUNT, service, REGION) for service in ("backup", "sts"))
    sts.get_caller_identity()
    backup.create_backup_vault(BackupVaultName="planted")
    backup.list_backup_vaults()
    [found] = writes(ledger_of(emulator.url), proxy.exchanges)
    assert (found.account, found.service, found.operation) == (ACCOUNT, "backup", "CreateBackupVault")
    assert "planted" in found.request


def test_a_mutating_call_that_went_past_the_proxy_is_found_too(emulator: Emulator) -> None:
    root_client(emulator.url, ACCOUNT, "backup", REGION).create_backup_vault(BackupVaultName="planted")
    [found] = writes(ledger_of(emulator.url), [])
    assert found.operation == "CreateBackupVault"


def test_what_is_not_on_the_list_is_objected_to() -> None:
    assert objections([UPDATED], []) == ["the resource `evidence` of the stack `landing` was updated"]
    assert "PutBackupVaultAccessPolicy was called in account 444444444444" in objections([WRITTEN], [])[0]


@pytest.mark.parametrize(
    ("deed", "entry"),
    [
        (UPDATED, {"stack": "landing", "resource": "evidence", "kind": "updated"}),
        (WRITTEN, {"account": ACCOUNT, "operation": "backup:PutBackupVaultAccessPolicy", "request": "payments-2026"}),
    ],
    ids=["a change", "a call"],
)
def test_an_entry_covers_exactly_what_it_names(deed: Change | Write, entry: dict[str, str]) -> None:
    assert objections([deed], [Allowed(fixtures=[], reason="-", **entry)]) == []
    for name in entry:
        other = Allowed(fixtures=[], reason="-", **{**entry, name: "other"})
        assert str(deed) in objections([deed], [other]), f"the entry names another {name} and covers the deed"


def test_an_entry_that_covers_nothing_is_objected_to() -> None:
    idle = Allowed(fixtures=[], reason="-", stack="landing", resource="evidence", kind="updated")
    assert "covers nothing any more" in objections([], [idle])[0]


def test_each_entry_of_the_list_names_fixtures_that_exist_and_a_reason() -> None:
    names = {fixture.name for fixture in all_fixtures()}
    for name in names:
        assert all(entry.reason.strip() for entry in allowed(name))
    assert names >= {name for entry in allowed() for name in entry.fixtures}, (
        "an entry names a fixture that is not there"
    )
