"""Inputs that the model of AWS Organizations forbids, and the proof that every error of its operations has a test."""

from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from tests.emulator.worlds.organization import MANAGEMENT, PAYMENTS, World, outcome, refused

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("describe_account", {}, "INPUT_REQUIRED"),
    ("describe_account", {"AccountId": "12345"}, "INVALID_PATTERN"),
    ("describe_account", {"AccountId": "1234567890123"}, "MAX_LENGTH_EXCEEDED"),
    ("list_policies", {"Filter": "NONE"}, "INVALID_ENUM_POLICY_TYPE"),
    ("list_policies_for_target", {"Filter": "TAG_POLICY", "TargetId": "here"}, "INVALID_PATTERN_TARGET_ID"),
    ("list_children", {"ParentId": "r-abcd", "ChildType": "POLICY"}, "INVALID_ENUM"),
    ("describe_policy", {"PolicyId": "policy"}, "INVALID_SYNTAX_POLICY_ID"),
    ("create_organizational_unit", {"ParentId": "r-abcd", "Name": ""}, "MIN_LENGTH_EXCEEDED"),
    ("create_organizational_unit", {"ParentId": "r-abcd", "Name": "x" * 129}, "MAX_LENGTH_EXCEEDED"),
    ("create_account", {"AccountName": "x", "Email": "nobody"}, "INVALID_PATTERN"),
    ("create_account", {"AccountName": "Grün", "Email": "a@example.com"}, "INVALID_PATTERN"),
    ("list_accounts", {"MaxResults": 0}, "MIN_VALUE_EXCEEDED"),
    ("list_accounts", {"MaxResults": 21}, "MAX_VALUE_EXCEEDED"),
    ("list_accounts", {"MaxResults": "many"}, "INVALID_LIST_MEMBER"),
    ("tag_resource", {"ResourceId": PAYMENTS, "Tags": [{"Key": "a|b", "Value": ""}]}, "INVALID_PATTERN"),
]
# What no state of this emulator leads to; those that any service has come from faults.
NOT_HERE = {
    "AccessDeniedForDependencyException",
    "AccountOwnerNotVerifiedException",
    "FinalizingOrganizationException",
    "PolicyChangesInProgressException",
    "TooManyRequestsException",
    "UnsupportedAPIEndpointException",
}


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def test_what_the_model_forbids_is_refused_with_its_reason(world: World) -> None:
    config = Config(parameter_validation=False)
    careless = world.emulator.client("organizations", MANAGEMENT, config=config)
    for operation, given, reason in WRONG:
        assert outcome(refused(getattr(careless, operation), **given)) == f"InvalidInput/{reason}", (operation, given)


def test_every_error_of_every_operation_that_is_there_has_a_test(world: World) -> None:
    model = world.organizations.meta.service_model
    missing = {name for name in model.operation_names if "Responsibility" in name or "GovCloud" in name}
    declared = {
        error.name
        for name in model.operation_names
        if name not in missing
        for error in model.operation_model(name).error_shapes
        if error.name != "ServiceException"  # AWS failed by itself: a fault.
    }
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    own = texts.partition("NOT_HERE = {")
    tested = {name for name in declared if name.removesuffix("Exception") in own[0] + own[2].partition("}")[2]}
    assert declared - tested == NOT_HERE
