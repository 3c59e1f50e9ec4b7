"""`pulumi preview` and `pulumi up` by hand, stack by stack in the documented order, lead where `airlock deploy` leads.

The cross-organization pattern, up to the first wait for people: in every run one stack of each side and one that reads
the handover between them, in `make deep` all seven.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from airlock.domain.roles import ROLES
from airlock.estate.stack_files import load_stack_files
from tests.journeys.estates import BUILD, Ending
from tests.journeys.exports import normalised
from tests.worlds.site import succeed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.worlds.site import Site
    from tests.worlds.store import Worlds

pytestmark = [pytest.mark.engine, pytest.mark.journey]

STACKS = ("management", "recovery", "backup-admin", "vault-orders", "workload-payments", "forensic", "landing")


FIRST = ("management", "recovery", "vault-orders")
"""Both sides and the handover between them."""

Exports = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def first_by_hand(worlds: Worlds) -> Exports:
    with worlds.opened(BUILD / "first-by-hand", "bare") as site:
        return typed(site, FIRST)


@pytest.fixture(scope="session")
def all_by_hand(worlds: Worlds) -> Exports:
    with worlds.opened(BUILD / "by-hand", "bare") as site:
        assert tuple(site.stacks) == STACKS
        assert [file.role for file in load_stack_files(site.project, site.tale.stage.estate_file)] == list(ROLES)
        return typed(site, STACKS)


def typed(site: Site, stacks: tuple[str, ...]) -> Exports:
    """The export of each stack after a person typed every command."""
    for stack in stacks:
        site.init(stack)
        succeed(site.pulumi(stack, "preview", "--policy-pack", "policies"))
        succeed(site.pulumi(stack, "up", "--yes", "--skip-preview"))
        if stack == "recovery":
            succeed(site.airlock("handover", "export"))
    return {stack: site.export(stack) for stack in stacks}


@pytest.mark.parametrize("stack", FIRST)
def test_a_first_stack_by_hand_is_equal_to_that_of_airlock_deploy(
    stack: str, first_by_hand: Exports, undisturbed: Ending
) -> None:
    assert normalised(first_by_hand[stack]) == normalised(undisturbed.exports[stack])


@pytest.mark.deep
@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_by_hand_is_equal_to_that_of_airlock_deploy(
    stack: str, all_by_hand: Exports, undisturbed: Ending
) -> None:
    assert normalised(all_by_hand[stack]) == normalised(undisturbed.exports[stack])


def test_the_comparison_sees_a_missing_resource(undisturbed: Ending) -> None:
    for export in undisturbed.exports.values():
        for index, _ in enumerate(export["deployment"]["resources"]):
            changed = copy.deepcopy(export)
            del changed["deployment"]["resources"][index]
            assert normalised(changed) != normalised(export)


def test_the_comparison_sees_a_changed_property(undisturbed: Ending) -> None:
    for resource, changed in _changed_inputs(undisturbed.exports["workload-payments"]):
        assert normalised(changed) != normalised(undisturbed.exports["workload-payments"]), resource


def test_the_comparison_sees_a_reference_that_points_elsewhere(undisturbed: Ending) -> None:
    export = undisturbed.exports["vault-orders"]
    changed = copy.deepcopy(export)
    [association] = [each for each in _of_type(changed, "aws:ram/resourceAssociation:ResourceAssociation")]
    team = next(each for each in _of_type(changed, "pulumi-python:dynamic/airlock:ShareAcceptance"))
    assert association["inputs"]["resourceShareArn"] != team["inputs"]["share_arn"]
    association["inputs"]["resourceShareArn"] = team["inputs"]["share_arn"]
    assert normalised(changed) != normalised(export)


def test_the_comparison_overlooks_another_time_and_another_id(undisturbed: Ending) -> None:
    export = undisturbed.exports["vault-orders"]
    changed = copy.deepcopy(export)
    for resource in changed["deployment"]["resources"]:
        resource["created"] = resource["modified"] = "2020-01-01T00:00:00Z"
    [share] = _of_type(changed, "aws:ram/resourceShare:ResourceShare")
    old = share["id"].rpartition("/")[2]
    text = json.dumps(changed).replace(old, "00000000-0000-4000-8000-000000000000")
    assert text != json.dumps(changed)
    assert normalised(json.loads(text)) == normalised(export)


def _of_type(export: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in export["deployment"]["resources"] if each["type"] == kind]


def _changed_inputs(export: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The export once for each input that is a text or a number, with that input changed."""
    for index, resource in enumerate(export["deployment"]["resources"]):
        for key, value in (resource.get("inputs") or {}).items():
            if isinstance(value, (str, int, float)) and not key.startswith("__"):
                changed = copy.deepcopy(export)
                changed["deployment"]["resources"][index]["inputs"][key] = f"{value}x" if isinstance(value, str) else 77
                yield f"{resource['urn']} {key}", changed
