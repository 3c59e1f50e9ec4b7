"""Promises of the local vault and its key."""

from dataclasses import replace

import pytest

from airlock.domain.errors import UsageError
from airlock.domain.vault_protection import DENIED_ACTIONS
from components.local_vault import LocalVault, LocalVaultArgs
from tests.components.recording import record

GOOD = LocalVaultArgs(
    vault_name="orders-local",
    account_id="555555555555",
    backup_role_name="airlock-backup",
    copying_account_ids=("333333333333",),
)


def test_the_local_vault_is_under_a_customer_key_that_rotates() -> None:
    recording = record(lambda: LocalVault("orders-local", GOOD))
    assert recording.one("backup/vault:Vault").inputs["kmsKeyArn"].endswith(":orders-local-key")
    assert recording.one("kms/key:Key").inputs["enableKeyRotation"] is True
    assert recording.one("kms/alias:Alias").inputs["name"] == "alias/airlock-orders-local"


def test_vault_and_key_are_protected() -> None:
    recording = record(lambda: LocalVault("orders-local", GOOD))
    assert recording.one("backup/vault:Vault").protect
    assert recording.one("kms/key:Key").protect, "points under a deleted key cannot be read"


def test_a_key_that_somebody_deletes_waits_as_long_as_aws_allows() -> None:
    assert record(lambda: LocalVault("orders-local", GOOD)).one("kms/key:Key").inputs["deletionWindowInDays"] == 30


def test_the_key_is_granted_to_every_party_of_a_backup_and_its_copy() -> None:
    policy = record(lambda: LocalVault("orders-local", GOOD)).one("kms/key:Key").document("policy")
    granted = [
        arn
        for statement in policy["Statement"]
        for arn in statement.get("Condition", {}).get("ArnLike", {}).get("aws:PrincipalArn", [])
    ]
    slr = "role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    assert set(granted) == {
        "arn:aws:iam::555555555555:role/airlock-backup",
        f"arn:aws:iam::555555555555:{slr}",
        f"arn:aws:iam::333333333333:{slr}",
    }, "a grant that is missing shows first during the incident"


def test_a_key_policy_names_accounts_and_never_roles_as_principals() -> None:
    policy = record(lambda: LocalVault("orders-local", GOOD)).one("kms/key:Key").document("policy")
    principals = {statement["Principal"]["AWS"] for statement in policy["Statement"]}
    assert principals == {"arn:aws:iam::555555555555:root", "arn:aws:iam::333333333333:root"}


def test_grants_are_only_for_services_of_aws() -> None:
    policy = record(lambda: LocalVault("orders-local", GOOD)).one("kms/key:Key").document("policy")
    granting = [one for one in policy["Statement"] if "kms:CreateGrant" in one["Action"]]
    assert granting
    assert all(one["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"} for one in granting)


def test_the_account_of_the_vault_gets_no_second_grant_as_a_copying_account() -> None:
    same = replace(GOOD, copying_account_ids=("555555555555",))
    policy = record(lambda: LocalVault("orders-local", same)).one("kms/key:Key").document("policy")
    assert [one["Sid"] for one in policy["Statement"]] == ["Administration", "BackupUse", "BackupGrants"]


def test_only_the_two_roles_may_shorten_the_life_of_a_local_point() -> None:
    policy = record(lambda: LocalVault("orders-local", GOOD)).one("VaultPolicy").document("policy")
    (deny,) = policy["Statement"]
    assert deny["Effect"] == "Deny"
    assert deny["Action"] == list(DENIED_ACTIONS)
    assert deny["Condition"]["ArnNotLike"]["aws:PrincipalArn"] == [
        "arn:aws:iam::555555555555:role/airlock-deploy",
        "arn:aws:iam::555555555555:role/airlock-break-glass",
    ]


def test_a_copying_account_that_is_no_account_id_is_refused() -> None:
    with pytest.raises(UsageError, match=r"orders-local.*`bunker`"):
        replace(GOOD, copying_account_ids=("bunker",))
