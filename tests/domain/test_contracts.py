"""What stacks tell each other, and the one sentence for what is missing."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from airlock.domain.contracts import CONTRACTS, RecoveryContract, WorkloadContract, read, stack
from airlock.domain.errors import UsageError
from airlock.domain.roles import ROLES
from tests.stacks.running import CONTRACTS as EXPORTED

# These lie in users' states: a key that is renamed is a value that the next stack misses.
KEYS = {
    "management": {"organization_id", "root_id"},
    "recovery": {"teams", "identity_source_arn", "portal_url"},
    "backup_admin": {"policy_ids"},
    "vault": {"data_class", "vaults"},
    "workload": {"account_id", "local_vault_arns", "vaults"},
    "forensic": {"plan_name", "role_arn"},
    "landing": {"requester_role_arn", "restore_role_arn", "kms_key_arn"},
}


def refusal(contract: Any, exported: Mapping[str, Any] | None, holds: tuple[str, ...] = ()) -> str:
    with pytest.raises(UsageError) as refused:
        read(contract, exported, stack("upstream"), holds)
    return str(refused.value)


@pytest.mark.parametrize("role", ROLES)
def test_the_keys_of_a_contract_are_those_in_users_states(role: str) -> None:
    assert {field.name for field in fields(CONTRACTS[role])} == KEYS[role]  # type: ignore[arg-type]  # all dataclasses


@pytest.mark.parametrize("role", ROLES)
def test_every_contract_survives_export_and_read(role: str) -> None:
    assert read(CONTRACTS[role], EXPORTED[role], stack("upstream")).export() == EXPORTED[role]


@pytest.mark.parametrize("role", ROLES)
def test_contracts_carry_identifiers_and_never_states(role: str) -> None:
    assert not KEYS[role] & {"status", "state", "waiting"}, "a state read from another stack is one run old"


@pytest.mark.parametrize("role", ROLES)
def test_each_value_that_is_missing_is_a_sentence_that_names_stack_and_value(role: str) -> None:
    for key in KEYS[role]:
        exported = {name: value for name, value in EXPORTED[role].items() if name != key}
        said = refusal(CONTRACTS[role], exported)
        assert said.startswith(f"Stack `upstream` exports no `{key}`."), said
        assert "pulumi up --stack upstream" in said


def test_a_stack_that_was_never_finished_is_the_same_sentence() -> None:
    assert "Stack `upstream` exports no `teams`" in refusal(RecoveryContract, None)


def test_a_value_inside_a_team_or_a_vault_is_named_by_its_path() -> None:
    teams = {"quorum": {"arn": "arn:1"}}
    assert "no `teams.quorum.share_arn`" in refusal(RecoveryContract, {**EXPORTED["recovery"], "teams": teams})
    vaults = [{"name": "payments-2026", "arn": "arn:1"}]
    assert "no `vaults[0].share_arn`" in refusal(WorkloadContract, {**EXPORTED["workload"], "vaults": vaults})


@pytest.mark.parametrize("wrong", ["text", 3, []])
def test_a_value_of_another_shape_counts_as_missing(wrong: Any) -> None:
    assert "exports no `teams`" in refusal(RecoveryContract, {**EXPORTED["recovery"], "teams": wrong})


def test_what_the_topology_names_and_the_contract_does_not_list_is_named() -> None:
    said = refusal(RecoveryContract, EXPORTED["recovery"], ("quorum", "second"))
    assert said.startswith("Stack `upstream` does not hold `second` yet")
    said = refusal(WorkloadContract, EXPORTED["workload"], ("payments-2027",))
    assert said.startswith("Stack `upstream` does not hold `payments-2027` yet")
