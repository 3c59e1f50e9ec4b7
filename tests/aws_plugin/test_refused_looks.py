"""To the real plugin a vault that it may not look at is gone, and one that it may not delete is deleted.

Sources: [tf lag] [tf vault] [tf vpol], and an open rewrite that keeps it, [gh tf#50086].
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws_plugin.talking import Made, Plugin, Refusal
from tests.aws_plugin.test_vaults import AIR_GAPPED, BOUNDS, POLICY, VAULT, policy
from tests.emulator.conftest import Emulator

TYPES = [AIR_GAPPED, VAULT, POLICY]


def made_of(payments: Plugin, token: str) -> Made:
    inputs: dict[str, dict[str, Any]] = {
        AIR_GAPPED: BOUNDS,
        VAULT: {"name": "local"},
        POLICY: {"backupVaultName": "local", "policy": policy("backup:CopyIntoBackupVault")},
    }
    if token == POLICY:
        payments.create(VAULT, "vault", name="local")
    return payments.create(token, **inputs[token])


def deny(aws: Emulator, *operations: str) -> None:
    for operation in operations:
        aws.control("POST", "faults", {"service": "backup", "operation": operation, "effect": "deny", "times": 100})


@pytest.mark.parametrize("token", TYPES)
def test_a_refused_look_takes_it_out_of_the_state(aws: Emulator, payments: Plugin, token: str) -> None:
    made = made_of(payments, token)
    deny(aws, "DescribeBackupVault", "GetBackupVaultAccessPolicy")
    assert not made.refresh(), "a refresh by a role that may not look loses even a protected vault"


@pytest.mark.parametrize("token", TYPES)
def test_a_refused_delete_ends_well_and_nobody_looks_after_it(aws: Emulator, payments: Plugin, token: str) -> None:
    made = made_of(payments, token)
    before = aws.calls()[-1]["seq"]
    deny(aws, "DeleteBackupVault", "DeleteBackupVaultAccessPolicy")
    made.delete()
    assert len(aws.calls(before)) == 1
    assert made.refresh(), "it lives on, unmanaged"


def test_any_other_refusal_of_a_delete_is_told_although_nobody_may_look(aws: Emulator, payments: Plugin) -> None:
    """A look that is refused must not turn another error into a success. [tf vault]"""
    made = made_of(payments, VAULT)
    aws.control(
        "POST", "faults", {"service": "backup", "operation": "DeleteBackupVault", "effect": "error", "times": 9}
    )
    deny(aws, "DescribeBackupVault")
    with pytest.raises(Refusal, match="Could not delete aws:backup/vault:Vault"):
        made.delete()


def test_a_vault_that_is_there_and_cannot_be_seen_is_created_again_and_exists_already(
    aws: Emulator, payments: Plugin
) -> None:
    """What follows from a refused look at the next run. [tf lag]"""
    made_of(payments, VAULT)
    deny(aws, "DescribeBackupVault")
    with pytest.raises(Refusal, match="AlreadyExistsException"):
        payments.create(VAULT, name="local")
