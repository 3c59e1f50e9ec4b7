"""Promises of the air-gapped vault."""

from dataclasses import replace

import pytest

from airlock.domain.errors import UsageError
from components.isolated_vault import IsolatedVault, IsolatedVaultArgs, VaultSpec
from tests.components.recording import Recording, record

GOOD = VaultSpec(data_class="payments", region="eu-west-1", min_retention_days=7, max_retention_days=90)


def isolated(**specs: VaultSpec) -> Recording:
    args = IsolatedVaultArgs(vaults={name.replace("_", "-"): spec for name, spec in specs.items()})
    return record(lambda: IsolatedVault("vaults", args))


def test_an_air_gapped_vault_is_protected_and_carries_its_bounds() -> None:
    vault = isolated(payments_2026=GOOD).one("LogicallyAirGappedVault")
    assert vault.protect, "a slip in the program would otherwise delete the vault"
    assert (vault.inputs["minRetentionDays"], vault.inputs["maxRetentionDays"]) == (7, 90)
    assert vault.inputs["name"] == "payments-2026"


def test_a_vault_without_a_key_of_its_own_is_under_the_key_of_aws() -> None:
    vault = isolated(payments_2026=GOOD).one("LogicallyAirGappedVault")
    assert "encryptionKeyArn" not in vault.inputs, "a customer key is one more way to lose the vault"


def test_a_minimum_above_the_maximum_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"payments-2026.*minimum retention of 91 days above its maximum of 90"):
        isolated(payments_2026=replace(GOOD, min_retention_days=91))


def test_a_minimum_that_aws_refuses_is_refused_at_preview() -> None:
    with pytest.raises(UsageError, match="AWS asks for 7 or more"):
        isolated(payments_2026=replace(GOOD, min_retention_days=6))


def test_a_name_that_aws_refuses_is_refused_at_preview() -> None:
    with pytest.raises(UsageError, match="name that AWS Backup refuses"):
        IsolatedVaultArgs(vaults={"payments 2026": GOOD})


def test_one_component_stands_for_all_vaults() -> None:
    recording = isolated(payments_2026=GOOD, payments_2027=replace(GOOD, max_retention_days=400))
    assert len(recording.of("IsolatedVault")) == 1, "each further registration costs time in every run"
    # Registrations land in any order.
    assert {vault.name for vault in recording.of("LogicallyAirGappedVault")} == {
        "payments-2026-vault",
        "payments-2027-vault",
    }


def test_a_component_without_a_vault_is_refused() -> None:
    with pytest.raises(UsageError, match="has no vault"):
        IsolatedVaultArgs(vaults={})
