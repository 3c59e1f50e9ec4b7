"""What the service control policy denies, as data. SCPs never bind the management account itself."""

from collections.abc import Sequence
from typing import Any

from airlock.domain.names import EXEMPT_ROLES, GUARDED_TAG
from airlock.domain.policy_documents import Statement

# Named, not listed by ARN: the roles exist in every account, and are made before the guardrail.
EXEMPT = [f"arn:aws:iam::*:role/{role}" for role in EXEMPT_ROLES]

VAULT_ACTIONS = [
    "backup:CancelLegalHold",
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteBackupVaultNotifications",
    "backup:DeleteRecoveryPoint",
    "backup:DisassociateBackupVaultMpaApprovalTeam",
    "backup:DisassociateRecoveryPoint",
    "backup:DisassociateRecoveryPointFromParent",
    "backup:PutBackupVaultAccessPolicy",
    "backup:PutBackupVaultLockConfiguration",
    "backup:RevokeRestoreAccessBackupVault",
    "backup:StopBackupJob",
    "backup:UpdateGlobalSettings",
    "backup:UpdateRecoveryPointLifecycle",
    "backup:UpdateRegionSettings",
]

ROLE_ACTIONS = [
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
]

# Of these only what carries Airlock's tag is protected: an organization has other keys, shares and plans too.
TAGGED_ACTIONS = [
    "backup:DeleteBackupPlan",
    "backup:DeleteBackupSelection",
    "backup:UpdateBackupPlan",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "ram:DeleteResourceShare",
    "ram:DisassociateResourceShare",
    "ram:UpdateResourceShare",
]
TAGGING_ACTIONS = [
    "backup:TagResource",
    "backup:UntagResource",
    "kms:TagResource",
    "kms:UntagResource",
    "ram:TagResource",
    "ram:UntagResource",
]

ACCOUNT_ACTIONS = ["account:CloseAccount", "organizations:LeaveOrganization"]


def statements(team_patterns: Sequence[str], protected_roles: Sequence[str]) -> list[Statement]:
    """All of them. Association is bound for everyone: even the deployment role may name our own teams only."""
    return [
        _deny("VaultsAndPoints", VAULT_ACTIONS, condition=_unless_exempt()),
        _deny(
            "OnlyOurTeams",
            ["backup:AssociateBackupVaultMpaApprovalTeam"],
            condition={"ArnNotLike": {"backup:MpaApprovalTeamArn": sorted(team_patterns)}},
        ),
        _deny(
            "OnlyWeAssociate",
            ["backup:AssociateBackupVaultMpaApprovalTeam"],
            condition=_unless_exempt(),
        ),
        _deny(
            "WhatIsTagged",
            [*TAGGED_ACTIONS, *TAGGING_ACTIONS],
            condition={**_unless_exempt(), "Null": {f"aws:ResourceTag/{GUARDED_TAG}": "false"}},
        ),
        _deny(
            "RolesOfAirlock",
            ROLE_ACTIONS,
            resource=[*EXEMPT, *(f"arn:aws:iam::*:role/{role}" for role in sorted(protected_roles))],
            condition=_unless_exempt(),
        ),
        _deny("AccountsStay", ACCOUNT_ACTIONS, condition=_unless_exempt()),
    ]


def _deny(sid: str, actions: Sequence[str], *, condition: dict[str, Any], resource: Any = "*") -> Statement:
    return {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": resource, "Condition": condition}


def _unless_exempt() -> dict[str, Any]:
    return {"ArnNotLike": {"aws:PrincipalArn": EXEMPT}}
