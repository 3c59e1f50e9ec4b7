"""Promises of what stacks tell each other while they run. Shapes and sentences: tests/domain/test_contracts.py."""

from typing import Any

import pulumi
import pytest

from airlock.domain.contracts import CONTRACTS as CLASSES
from airlock.domain.contracts import Contract, read, stack
from airlock.domain.roles import ROLES
from stacks.contracts import RecoveryContract, VaultContract, lift
from tests.components.recording import record
from tests.stacks.running import CONTRACTS, SHARE, TEAM

NAME = "organization/airlock/upstream"


def lifted(contract: type[Contract], exported: dict[str, Any]) -> dict[str, Any]:
    """What arrives on the reading side of a stack reference that exports this."""
    seen: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        found = lift(read(contract, exported, stack("upstream")), pulumi.StackReference("upstream", stack_name=NAME))
        return pulumi.Output.from_input(found.export()).apply(seen.update)

    record(program, stacks={NAME: {"contract": exported}})
    return seen


@pytest.mark.parametrize("role", ROLES)
def test_every_contract_survives_a_stack_reference(role: str) -> None:
    assert lifted(CLASSES[role], CONTRACTS[role]) == CONTRACTS[role]


def test_a_value_of_a_stack_reference_is_an_output_and_a_name_is_not() -> None:
    seen: list[bool] = []

    def program() -> None:
        found = lift(
            read(VaultContract, CONTRACTS["vault"], stack("upstream")),
            pulumi.StackReference("upstream", stack_name=NAME),
        )
        vault = found.vault("orders-2026")
        seen.extend(isinstance(value, pulumi.Output) for value in (vault.arn, vault.share_arn, vault.name))

    record(program, stacks={NAME: {"contract": CONTRACTS["vault"]}})
    assert seen == [True, True, False], "the engine would not know whose values these are"


def test_a_team_is_found_by_its_name() -> None:
    team = read(RecoveryContract, CONTRACTS["recovery"], stack("upstream")).teams["quorum"]
    assert (team.arn, team.share_arn) == (TEAM, SHARE)
