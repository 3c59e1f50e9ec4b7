"""Promises of what stacks tell each other."""

from dataclasses import fields
from typing import Any

import pulumi
import pytest

from stacks import contracts
from stacks.contracts import Contract, RecoveryContract, VaultContract
from tests.components.recording import record
from tests.stacks.running import CONTRACTS, TEAM

CLASSES: dict[str, type[Contract]] = {
    "management": contracts.ManagementContract,
    "recovery": contracts.RecoveryContract,
    "backup_admin": contracts.BackupAdminContract,
    "vault": contracts.VaultContract,
    "workload": contracts.WorkloadContract,
    "forensic": contracts.ForensicContract,
    "landing": contracts.LandingContract,
}
NAME = "organization/airlock/upstream"


def read(contract: type[Contract], exported: dict[str, Any]) -> dict[str, Any]:
    """What arrives on the reading side of a stack reference."""
    seen: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        found = contract.read(pulumi.StackReference("upstream", stack_name=NAME), "upstream")
        return pulumi.Output.from_input(found.export()).apply(seen.update)

    record(program, stacks={NAME: {"contract": exported}})
    return seen


@pytest.mark.parametrize("role", CLASSES)
def test_every_contract_survives_export_and_read(role: str) -> None:
    exported = CLASSES[role](**CONTRACTS[role]).export()
    assert exported == CONTRACTS[role], "the output is exactly the contract"
    assert read(CLASSES[role], exported) == CONTRACTS[role]


@pytest.mark.parametrize("role", CLASSES)
def test_every_contract_survives_a_handover_file(role: str) -> None:
    assert CLASSES[role].from_plain(CONTRACTS[role], "handover.json").export() == CONTRACTS[role]


@pytest.mark.parametrize("role", CLASSES)
def test_contracts_carry_identifiers_and_never_states(role: str) -> None:
    names = {field.name for field in fields(CLASSES[role])}  # type: ignore[arg-type]  # every contract is a dataclass
    assert not names & {"status", "state", "waiting"}, "a state read from another stack is one run old"


def test_a_missing_output_is_a_sentence_that_names_stack_and_output() -> None:
    with pytest.raises(pulumi.RunError, match=r"Stack `upstream` exports no `portal_url`.*pulumi up --stack upstream"):
        read(RecoveryContract, {key: CONTRACTS["recovery"][key] for key in ("teams", "identity_source_arn")})


def test_a_stack_that_was_never_finished_is_the_same_sentence() -> None:
    with pytest.raises(pulumi.RunError, match="Stack `upstream` exports no `teams`"):
        RecoveryContract.from_plain({}, "upstream")


def test_a_team_is_found_by_its_name() -> None:
    seen: list[str] = []

    def program() -> pulumi.Output[None]:
        team = RecoveryContract(**CONTRACTS["recovery"]).team("quorum")
        return pulumi.Output.all(team.arn, team.share_arn).apply(lambda both: seen.extend(map(str, both)))

    record(program)
    assert seen[0] == TEAM


def test_a_team_that_the_recovery_stack_does_not_have_yet_is_a_sentence() -> None:
    contract = RecoveryContract(**CONTRACTS["recovery"])
    with pytest.raises(pulumi.RunError, match=r"names the team `second`.*Deploy that stack first"):
        record(lambda: contract.team("second").arn)


def test_a_vault_that_its_stack_does_not_have_yet_is_a_sentence() -> None:
    contract = VaultContract(**CONTRACTS["vault"])
    with pytest.raises(pulumi.RunError, match="names the vault `orders-2027`"):
        record(lambda: contract.vault("orders-2027").arn)
