"""What the delegated administrator of AWS Backup may do in AWS Organizations, as data."""

from typing import Any

from airlock.domain.arns import root_arn

READ = [
    "organizations:DescribeAccount",
    "organizations:DescribeOrganization",
    "organizations:DescribeOrganizationalUnit",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListChildren",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListParents",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
]
READ_POLICIES = [
    "organizations:DescribeEffectivePolicy",
    "organizations:DescribePolicy",
    "organizations:ListPolicies",
    "organizations:ListPoliciesForTarget",
    "organizations:ListTargetsForPolicy",
]
WRITE_POLICIES = [
    "organizations:AttachPolicy",
    "organizations:CreatePolicy",
    "organizations:DeletePolicy",
    "organizations:DetachPolicy",
    "organizations:TagResource",
    "organizations:UntagResource",
    "organizations:UpdatePolicy",
]


def statements(account_id: str) -> list[dict[str, Any]]:
    """Reads everywhere, backup policies and no other type. Each Sid is ours; the rest of the policy is kept."""
    common = {"Effect": "Allow", "Principal": {"AWS": root_arn(account_id)}}
    only_backup = {"StringLikeIfExists": {"organizations:PolicyType": ["BACKUP_POLICY"]}}
    return [
        {"Sid": "AirlockRead", **common, "Action": READ, "Resource": "*"},
        {
            "Sid": "AirlockReadPolicies",
            **common,
            "Action": READ_POLICIES,
            "Resource": "*",
            "Condition": only_backup,
        },
        {
            "Sid": "AirlockBackupPolicies",
            **common,
            "Action": WRITE_POLICIES,
            "Resource": [
                "arn:aws:organizations::*:root/o-*/r-*",
                "arn:aws:organizations::*:ou/o-*/ou-*",
                "arn:aws:organizations::*:account/o-*/*",
                "arn:aws:organizations::*:policy/o-*/backup_policy/*",
            ],
            "Condition": only_backup,
        },
    ]
