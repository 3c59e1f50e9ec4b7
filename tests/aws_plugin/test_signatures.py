"""The plugin accepts and returns nothing that the SDK's resource classes do not have."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pulumi import _types as sdk

from tools.aws_plugin.catalogue import RESOURCES
from tools.aws_plugin.fields import Field

TOKENS = sorted(RESOURCES)


def classes(token: str) -> tuple[Any, Any]:
    """The SDK's (resource class, args class) of a type token."""
    service, name = token.split(":")[1].split("/")[0], token.rsplit(":", 1)[-1]
    module = importlib.import_module(f"pulumi_aws.{service}")
    return getattr(module, name), getattr(module, f"{name}Args", None)


def arguments(args: Any) -> set[str]:
    return set(sdk.input_type_py_to_pulumi_names(args).values())


def args_inside(hint: Any) -> Any:
    """The args class somewhere inside Sequence[Union[Args, Awaitable, Output]]."""
    if isinstance(hint, type) and sdk.is_input_type(hint):
        return hint
    found = (args_inside(inner) for inner in typing.get_args(hint))
    return next((args for args in found if args is not None), None)


def strangers(fields: Mapping[str, Field], args: Any, at: str = "") -> Iterator[str]:
    """Paths that the plugin accepts and the SDK does not, nested blocks included."""
    hints = sdk.input_type_types(args)
    for name, field in fields.items():
        if name not in arguments(args):
            yield at + name
            continue
        block = field.items if field.kind == "list" else field
        if block is not None and block.fields is not None:
            yield from strangers(block.fields, args_inside(hints[name]), f"{at}{name}.")


@pytest.mark.parametrize("token", TOKENS)
def test_every_accepted_input_is_an_argument_of_the_sdk(token: str) -> None:
    kind, args = classes(token)
    assert kind.pulumi_type == token
    fields = RESOURCES[token].fields()
    if args is None:
        assert not fields, f"{token} takes no arguments at all"
        return
    assert not list(strangers(fields, args)), "the real plugin would refuse what this one takes"


@pytest.mark.parametrize("token", TOKENS)
def test_region_is_taken_exactly_where_the_sdk_has_it(token: str) -> None:
    _, args = classes(token)
    has = args is not None and "region" in arguments(args)
    assert RESOURCES[token].regional == has


@pytest.mark.parametrize("token", TOKENS)
def test_every_required_argument_of_the_sdk_is_required_here(token: str) -> None:
    _, args = classes(token)
    names = sdk.input_type_py_to_pulumi_names(args) if args else {}
    annotations = args.__init__.__annotations__ if args else {}
    required = {names[name] for name, hint in annotations.items() if name in names and "Optional" not in str(hint)}
    here = {name for name, field in RESOURCES[token].fields().items() if field.required}
    assert required <= here, "a program without it would go through here and fail with the real plugin"


@pytest.mark.parametrize("token", TOKENS)
def test_every_output_is_one_of_the_sdk(token: str) -> None:
    kind, _ = classes(token)
    outputs = set(sdk.resource_types(kind))
    here = {*RESOURCES[token].fields(), *RESOURCES[token].computed}
    assert not here - outputs, "a program cannot read these"
    assert outputs - here <= {"tagsAll", *known_gaps(token)}, "a program that reads these would get nothing"


def known_gaps(token: str) -> set[str]:
    """Properties of the SDK that no stack uses; using one is an error that names it."""
    return {
        "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": {"timeouts"},
        "aws:backup/plan:Plan": {"scanSettings"},
        "aws:iam/policy:Policy": {"delayAfterPolicyCreationInMs", "namePrefix"},
        "aws:iam/role:Role": {"inlinePolicies", "managedPolicyArns", "namePrefix"},
        "aws:iam/rolePolicy:RolePolicy": {"namePrefix"},
        "aws:kms/alias:Alias": {"namePrefix"},
        "aws:kms/key:Key": {"customKeyStoreId", "rotationPeriodInDays", "xksKeyId"},
        "aws:ram/resourceShare:ResourceShare": {"resourceShareConfiguration"},
    }.get(token, set())
