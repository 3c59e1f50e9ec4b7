"""What a roll-out account must hold before a backup policy of the organization can work in it."""

import re
from typing import Any

from airlock.bootstrap.roles import own_arn, own_root
from airlock.domain.key_policies import rollout_vault_key
from airlock.domain.names import BACKUP_POLICIES, BACKUP_ROLE, EXEMPT_ROLES, GUARDED_TAG
from airlock.domain.policy_documents import policy_document, trust_of_service
from airlock.domain.vault_protection import local_vault_statements
from airlock.estate import Estate

_MOST_IN_AN_OR = 10


def rollout_accounts(estate: Estate) -> set[str]:
    """The ids of all roll-out accounts."""
    return {estate.account(key).id for key in estate.roles.rollout}


def _local_vaults(estate: Estate) -> dict[str, tuple[str, list[str], set[str]]]:
    """By logical name: the local vault, the accounts that hold it and those that its copies go to."""
    vaults: dict[str, tuple[str, list[str], set[str]]] = {}
    for name, data_class in estate.data_classes.items():
        sources = [estate.account(key).id for key in data_class.sources if key in estate.roles.rollout]
        if sources:
            holder = estate.account(data_class.vault_account).id
            logical = _logical(name)
            vaults[logical] = (data_class.local_vault, sorted(sources), {holder})
    return vaults


def _logical(name: str) -> str:
    """CloudFormation takes letters and digits only."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", name))


def conditions(estate: Estate) -> dict[str, Any]:
    """Which account holds what, for the one template that reaches them all."""
    holders = {f"Holds{name}": _is_one_of(accounts) for name, (_, accounts, _) in _local_vaults(estate).items()}
    everyone = sorted({account for _, accounts, _ in _local_vaults(estate).values() for account in accounts})
    return {"IsRollout": _is_one_of(everyone), **holders}


def _is_one_of(accounts: list[str]) -> dict[str, Any]:
    """CloudFormation's `Or` takes two to ten members, so longer lists nest."""
    terms: list[dict[str, Any]] = [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, account]} for account in accounts]
    while len(terms) > 1:
        groups = [terms[start : start + _MOST_IN_AN_OR] for start in range(0, len(terms), _MOST_IN_AN_OR)]
        terms = [group[0] if len(group) == 1 else {"Fn::Or": group} for group in groups]
    return terms[0]


def member_resources(estate: Estate, *, conditional: bool) -> dict[str, Any]:
    """The backup role, and per data class a local vault with its own key and policy."""
    vaults = _local_vaults(estate)
    if not vaults:
        return {}
    resources: dict[str, Any] = {"BackupRole": _under("IsRollout", conditional, _backup_role())}
    for name, (vault, _, holders) in vaults.items():
        condition = f"Holds{name}"
        resources[f"{name}Key"] = _under(condition, conditional, _key(vault, holders))
        resources[f"{name}KeyAlias"] = _under(condition, conditional, _alias(vault, f"{name}Key"))
        resources[f"{name}Vault"] = _under(condition, conditional, _vault(vault, f"{name}Key"))
    return resources


def _under(condition: str, conditional: bool, resource: dict[str, Any]) -> dict[str, Any]:
    return {"Type": resource["Type"], "Condition": condition, **resource} if conditional else resource


def _backup_role() -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": BACKUP_ROLE,
            "Description": "AWS Backup makes and copies recovery points with it.",
            "AssumeRolePolicyDocument": trust_of_service("backup.amazonaws.com"),
            "ManagedPolicyArns": [
                {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}"} for policy in BACKUP_POLICIES
            ],
        },
    }


def _key(vault: str, holders: set[str]) -> dict[str, Any]:
    return {
        "Type": "AWS::KMS::Key",
        # Points stay readable only as long as their key does.
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Description": f"Encrypts the recovery points in the local vault {vault}.",
            "EnableKeyRotation": True,
            "PendingWindowInDays": 30,
            "Tags": [{"Key": GUARDED_TAG, "Value": vault}],
            "KeyPolicy": policy_document(rollout_vault_key(own_root(), holders)),
        },
    }


def _alias(vault: str, key: str) -> dict[str, Any]:
    return {
        "Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": f"alias/{vault}", "TargetKeyId": {"Ref": key}},
    }


def _vault(vault: str, key: str) -> dict[str, Any]:
    exempt = [own_arn(f"role/{role}") for role in EXEMPT_ROLES]
    return {
        "Type": "AWS::Backup::BackupVault",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BackupVaultName": vault,
            "EncryptionKeyArn": {"Fn::GetAtt": [key, "Arn"]},
            "AccessPolicy": policy_document(local_vault_statements(exempt)),
        },
    }
