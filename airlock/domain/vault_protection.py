"""What nobody but Airlock's own roles may do to a local vault, whoever deploys the vault."""

from collections.abc import Sequence

from airlock.domain.policy_documents import Principal, Statement

DENIED_ACTIONS = (
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteRecoveryPoint",
    "backup:PutBackupVaultAccessPolicy",
    "backup:UpdateRecoveryPointLifecycle",
)
"""The actions that end a recovery point before its lifecycle does, or take away the policy that denies them."""


def local_vault_statements(exempt: Sequence[Principal]) -> list[Statement]:
    """The access policy of a local vault: points end by their lifecycle.

    The exempt roles must be able to change this very policy, and to tear a drill down. An administrator of the
    account can still assume one of them; the copies in logically air-gapped vaults need no policy.
    """
    return [
        {
            "Sid": "NobodyShortensALife",
            "Effect": "Deny",
            "Principal": "*",
            "Action": list(DENIED_ACTIONS),
            "Resource": "*",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": list(exempt)}},
        }
    ]
