"""Key policies, complete for every copy and restore: a grant that is missing shows first during the incident."""

from airlock.domain.arns import role_arn
from components.documents import Statement, root_of

USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]


def service_linked_role(account_id: str) -> str:
    """The role that AWS Backup makes for itself in an account on first use."""
    return f"arn:aws:iam::{account_id}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"


def administration(account_id: str) -> Statement:
    """The account governs its own key; without this nobody could ever change the policy again."""
    return {
        "Sid": "Administration",
        "Effect": "Allow",
        "Principal": {"AWS": root_of(account_id)},
        "Action": "kms:*",
        "Resource": "*",
    }


def use_by(sid: str, account_id: str, principals: list[str]) -> list[Statement]:
    """Use and grants for roles of an account, named by pattern: the roles need not exist yet, and may be made anew."""
    common = {"Effect": "Allow", "Principal": {"AWS": root_of(account_id)}, "Resource": "*"}
    only_these = {"aws:PrincipalArn": principals}
    return [
        {"Sid": f"{sid}Use", **common, "Action": USE, "Condition": {"ArnLike": only_these}},
        {
            "Sid": f"{sid}Grants",
            **common,
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Condition": {"ArnLike": only_these, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def backup_statements(account_id: str, backup_role: str, copying_account_ids: tuple[str, ...]) -> list[Statement]:
    """The key of a local vault: this account's backup role, and AWS Backup itself here and where the copies go."""
    statements = [administration(account_id)]
    statements += use_by("Backup", account_id, [role_arn(account_id, backup_role), service_linked_role(account_id)])
    for number, other in enumerate(sorted(set(copying_account_ids) - {account_id}), start=1):
        statements += use_by(f"Copy{number}", other, [service_linked_role(other)])
    return statements


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
