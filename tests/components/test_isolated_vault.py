"""Promises of the air-gapped vault."""

from dataclasses import replace

import pytest

from airlock.domain.errors import UsageError
from components.isolated_vault import IsolatedVault, IsolatedVaultArgs
from tests.components.recording import record

GOOD = IsolatedVaultArgs(
    vault_name="payments-2026", data_class="payments", region="eu-west-1", min_retention_days=7, max_retention_days=90
)


def test_an_air_gapped_vault_is_protected_and_carries_its_bounds() -> None:
    vault = record(lambda: IsolatedVault("payments-2026", GOOD)).one("LogicallyAirGappedVault")
    assert vault.protect, "a slip in the program would otherwise delete the vault"
    assert (vault.inputs["minRetentionDays"], vault.inputs["maxRetentionDays"]) == (7, 90)
    assert vault.inputs["name"] == "payments-2026"


def test_a_vault_without_a_key_of_its_own_is_under_the_key_of_aws() -> None:
    vault = record(lambda: IsolatedVault("payments-2026", GOOD)).one("LogicallyAirGappedVault")
    assert "encryptionKeyArn" not in vault.inputs, "a customer key is one more way to lose the vault"


def test_a_minimum_above_the_maximum_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"payments-2026.*minimum retention of 91 days above its maximum of 90"):
        replace(GOOD, min_retention_days=91)


def test_a_minimum_that_aws_refuses_is_refused_at_preview() -> None:
    with pytest.raises(UsageError, match="AWS asks for 7 or more"):
        replace(GOOD, min_retention_days=6)


def test_a_name_that_aws_refuses_is_refused_at_preview() -> None:
    with pytest.raises(UsageError, match="name that AWS Backup refuses"):
        replace(GOOD, vault_name="payments 2026")
