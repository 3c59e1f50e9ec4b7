"""Key policies, complete for every copy and restore: a grant that is missing shows first during the incident.

Principals are account roots with a condition, never role ARNs: a role that is made anew would silently fall out of
the policy.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from airlock.domain.arns import backup_service_role_arn, role_arn, root_arn
from airlock.domain.policy_documents import Principal, Statement

USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
"""What a principal does with a key under which it reads and writes."""
READ_COPIES = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
"""What AWS Backup does in the account that the copies go to."""
MANAGE_GRANTS = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]


def administration(root: Principal, sid: str = "Administration") -> Statement:
    """The account governs its own key; without this nobody could ever change the policy again."""
    return {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}


def use_by(sid: str, account_id: str, principals: Sequence[str]) -> list[Statement]:
    """Use and grants for roles of an account, named by pattern: the roles need not exist yet, and may be made anew."""
    root = root_arn(account_id)
    return [
        _allow(f"{sid}Use", root, USE, principals),
        _allow(f"{sid}Grants", root, MANAGE_GRANTS, principals, for_aws=True),
    ]


def through_volumes(account_id: str, region: str) -> Statement:
    """Lets everyone of the account use the key, but only for volumes: it is the default of the whole account."""
    return {
        "Sid": "VolumesOfThisAccount",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [*USE, "kms:CreateGrant"],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"kms:CallerAccount": account_id, "kms:ViaService": f"ec2.{region}.amazonaws.com"},
        },
    }


def local_vault_key(account_id: str, backup_role: str, copying_account_ids: Iterable[str]) -> list[Statement]:
    """The key of a local vault: this account's backup role, and AWS Backup itself here and where the copies go."""
    statements = [administration(root_arn(account_id))]
    statements += use_by("Backup", account_id, [role_arn(account_id, backup_role), backup_service_role_arn(account_id)])
    for number, other in enumerate(sorted(set(copying_account_ids) - {account_id}), start=1):
        statements += use_by(f"Copy{number}", other, [backup_service_role_arn(other)])
    return statements


def rollout_vault_key(root: Principal, copying_account_ids: Iterable[str]) -> list[Statement]:
    """The same key in an account whose id the template does not know.

    The account's own roles use it by their IAM policies, which `administration` admits; only AWS Backup where the
    copies go is named here.
    """
    accounts = sorted(copying_account_ids)
    roots = [root_arn(account) for account in accounts]
    service_roles = [backup_service_role_arn(account) for account in accounts]
    return [
        administration(root, "AccountDecidesByIam"),
        _allow("VaultAccountReadsCopies", roots, READ_COPIES, service_roles),
        _allow("VaultAccountGrantsToAws", roots, ["kms:CreateGrant"], service_roles, for_aws=True),
    ]


def _allow(
    sid: str, roots: str | list[str], actions: list[str], principals: Sequence[str], *, for_aws: bool = False
) -> Statement:
    condition: dict[str, Any] = {"ArnLike": {"aws:PrincipalArn": list(principals)}}
    if for_aws:
        condition["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": roots},
        "Resource": "*",
        "Action": actions,
        "Condition": condition,
    }
