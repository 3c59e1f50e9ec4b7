"""What nobody but Airlock's own roles may do to a local vault, whichever document says so."""

SHORTENS_A_LIFE = (
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteRecoveryPoint",
    "backup:PutBackupVaultAccessPolicy",
    "backup:UpdateRecoveryPointLifecycle",
)
"""The actions that end a recovery point before its lifecycle does, or take away the policy that denies them."""
