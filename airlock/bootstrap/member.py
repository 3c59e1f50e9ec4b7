"""What a roll-out account must hold before a backup policy of the organization can work in it."""

import re
from typing import Any

from airlock.bootstrap.roles import statement_document
from airlock.domain.arns import role_arn
from airlock.domain.names import BACKUP_ROLE, BREAK_GLASS_ROLE, DEPLOY_ROLE, GUARDED_TAG
from airlock.domain.vault_protection import SHORTENS_A_LIFE
from airlock.estate import Estate

_MOST_IN_AN_OR = 10
_BACKUP_POLICIES = ("AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")


def rollout_accounts(estate: Estate) -> set[str]:
    """The ids of all roll-out accounts."""
    return {estate.account(key).id for key in estate.roles.rollout}


def _local_vaults(estate: Estate) -> dict[str, tuple[str, list[str], set[str]]]:
    """By logical name: the local vault, the accounts that hold it and those that its copies go to."""
    found: dict[str, tuple[str, list[str], set[str]]] = {}
    for name, data_class in estate.data_classes.items():
        sources = [estate.account(key).id for key in data_class.sources if key in estate.roles.rollout]
        if sources:
            holder = estate.account(data_class.vault_account).id
            logical = _logical(name)
            found[logical] = (data_class.local_vault, sorted(sources), {holder})
    return found


def _logical(name: str) -> str:
    """CloudFormation takes letters and digits only."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", name))


def conditions(estate: Estate) -> dict[str, Any]:
    """Which account holds what, for the one template that reaches them all."""
    found = {f"Holds{name}": _is_one_of(accounts) for name, (_, accounts, _) in _local_vaults(estate).items()}
    everyone = sorted({account for _, accounts, _ in _local_vaults(estate).values() for account in accounts})
    return {"IsRollout": _is_one_of(everyone), **found}


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
            "AssumeRolePolicyDocument": statement_document(
                {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            "ManagedPolicyArns": [
                {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{_folder(name)}{name}"}
                for name in _BACKUP_POLICIES
            ],
        },
    }


def _folder(policy: str) -> str:
    """AWS keeps the two beside each other in name only."""
    return "" if "S3" in policy else "service-role/"


def _key(vault: str, holders: set[str]) -> dict[str, Any]:
    """Account roots with a condition, never role ARNs: a role made anew would silently fall out of the policy."""
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
            "KeyPolicy": statement_document(
                {
                    "Sid": "AccountDecidesByIam",
                    "Effect": "Allow",
                    "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                _copy_statement(
                    "VaultAccountReadsCopies",
                    holders,
                    ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                ),
                _copy_statement("VaultAccountGrantsToAws", holders, ["kms:CreateGrant"], for_aws=True),
            ),
        },
    }


def _copy_statement(sid: str, holders: set[str], actions: list[str], *, for_aws: bool = False) -> dict[str, Any]:
    accounts = sorted(holders)
    condition: dict[str, Any] = {
        "ArnLike": {
            "aws:PrincipalArn": [
                role_arn(account, "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup")
                for account in accounts
            ]
        }
    }
    if for_aws:
        condition["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in accounts]},
        "Action": actions,
        "Resource": "*",
        "Condition": condition,
    }


def _alias(vault: str, key: str) -> dict[str, Any]:
    return {
        "Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": f"alias/{vault}", "TargetKeyId": {"Ref": key}},
    }


def _vault(vault: str, key: str) -> dict[str, Any]:
    exempt = [
        {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{role}"}
        for role in (DEPLOY_ROLE, BREAK_GLASS_ROLE)
    ]
    return {
        "Type": "AWS::Backup::BackupVault",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BackupVaultName": vault,
            "EncryptionKeyArn": {"Fn::GetAtt": [key, "Arn"]},
            "AccessPolicy": statement_document(
                {
                    "Sid": "NobodyShortensALife",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": list(SHORTENS_A_LIFE),
                    "Resource": "*",
                    "Condition": {"ArnNotLike": {"aws:PrincipalArn": exempt}},
                }
            ),
        },
    }
