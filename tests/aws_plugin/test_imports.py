"""Reading without old state is an import: by the id alone, and in the provider's Region unless the id names another.

Sources: [br read] [br sdk] [tf guide].
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws_plugin.conftest import Configured
from tests.aws_plugin.talking import Plugin
from tests.aws_plugin.test_vaults import AIR_GAPPED, BOUNDS, POLICY, VAULT, policy
from tests.emulator.conftest import AUDIT, PAYMENTS, Emulator

KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
SHARE = "aws:ram/resourceShare:ResourceShare"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"
ELSEWHERE = "us-east-1"


@pytest.mark.parametrize("state", [None, {}])
def test_a_vault_in_another_region_is_not_found_by_its_plain_name(
    payments: Plugin, state: dict[str, Any] | None
) -> None:
    """Even where the inputs name the Region, as an adopted entry of a state does. [br read]"""
    made = payments.create(AIR_GAPPED, **BOUNDS, region=ELSEWHERE)
    assert payments.read(AIR_GAPPED, made.id, state, made.inputs) is None
    assert made.refresh(), "with its state it is found where it is"


@pytest.mark.parametrize(
    ("token", "inputs"),
    [(AIR_GAPPED, BOUNDS), (VAULT, {"name": "local"}), (KEY, {"description": "k"}), (SHARE, {"name": "s"})],
)
def test_an_id_names_the_region_and_the_plain_one_is_kept(payments: Plugin, token: str, inputs: dict[str, Any]) -> None:
    """[tf guide]"""
    made = payments.create(token, **inputs, region=ELSEWHERE)
    found = payments.read(token, f"{made.id}@{ELSEWHERE}")
    assert found is not None
    id_, state, brought = found
    assert id_ == made.id
    assert state["region"] == brought["region"] == ELSEWHERE


def test_an_id_of_several_parts_takes_the_region_at_its_end(payments: Plugin) -> None:
    """[tf guide]"""
    owner = payments.create(SHARE, name="s", allowExternalPrincipals=True, region=ELSEWHERE)
    made = payments.create(PRINCIPAL, principal=AUDIT, resourceShareArn=owner.id, region=ELSEWHERE)
    assert payments.read(PRINCIPAL, made.id) is None
    found = payments.read(PRINCIPAL, f"{made.id}@{ELSEWHERE}")
    assert found is not None
    assert found[1]["principal"] == AUDIT


def test_the_providers_own_region_may_be_named_too(payments: Plugin) -> None:
    """[tf guide]"""
    payments.create(VAULT, name="local")
    assert payments.read(VAULT, "local@eu-west-1") is not None
    assert payments.read(VAULT, "local@us-east-1") is None


def test_a_service_without_regions_knows_no_region_in_an_id(payments: Plugin) -> None:
    """[tf guide]"""
    made = payments.create(ROLE, name="backup", assumeRolePolicy=policy("sts:AssumeRole"))
    assert payments.read(ROLE, made.id) is not None
    assert payments.read(ROLE, f"{made.id}@{ELSEWHERE}") is None


def test_an_import_brings_what_aws_has_and_not_what_the_inputs_say(aws: Emulator, payments: Plugin) -> None:
    """[br read]"""
    aws.client("backup", PAYMENTS, "eu-west-1").create_backup_vault(BackupVaultName="local", BackupVaultTags={"a": "b"})
    found = payments.read(VAULT, "local", {}, {"name": "local", "forceDestroy": True, "tags": {"a": "c"}})
    assert found is not None
    assert found[2]["tags"] == {"a": "b"}
    assert "forceDestroy" not in found[1]


def test_a_policy_of_a_vault_is_imported_in_its_region(plugin_of: Configured) -> None:
    """[tf guide]"""
    there, here = plugin_of("payments", region=ELSEWHERE), plugin_of("payments")
    there.create(VAULT, name="local")
    there.create(POLICY, backupVaultName="local", policy=policy("backup:CopyIntoBackupVault"))
    assert here.read(POLICY, "local") is None
    assert here.read(POLICY, f"local@{ELSEWHERE}") is not None
