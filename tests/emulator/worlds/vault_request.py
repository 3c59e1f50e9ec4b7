"""A real request for the approvers: the landing account asks for access to an air-gapped vault of payments."""

from typing import Any

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import Recovery

HOME = "eu-west-1"
COMMENT = "INC-2041: the payments account is lost. Restore for the board, 14:00."


def share_team(recovery: Recovery, team: str) -> None:
    """Share a team with the owner of the vault and with the account that asks; accept the invitations."""
    client = recovery.emulator.client
    client("ram", RECOVERY).create_resource_share(
        name="quorum", resourceArns=[team], principals=[PAYMENTS, LANDING], allowExternalPrincipals=True
    )
    for account in (PAYMENTS, LANDING):
        ram = client("ram", account)
        for invitation in ram.get_resource_share_invitations()["resourceShareInvitations"]:
            ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])


def protected_vault(recovery: Recovery, team: str, name: str = "payments-2026") -> str:
    """An air-gapped vault with the team in charge; returns its ARN."""
    client = recovery.emulator.client
    client("backup", MANAGEMENT, HOME).update_global_settings(GlobalSettings={"isMpaEnabled": "true"})
    backup = client("backup", PAYMENTS, HOME)
    vault = backup.create_logically_air_gapped_backup_vault(
        BackupVaultName=name, MinRetentionDays=7, MaxRetentionDays=90
    )
    for _ in range(2):
        backup.describe_backup_vault(BackupVaultName=name)
    backup.associate_backup_vault_mpa_approval_team(BackupVaultName=name, MpaApprovalTeamArn=team)
    return str(vault["BackupVaultArn"])


def ask_for_access(emulator: Emulator, vault_arn: str, name: str = "access-inc-2041") -> tuple[Any, str]:
    """Ask for access; returns the client of the landing account and the session's ARN."""
    backup = emulator.client("backup", LANDING, HOME)
    backup.create_restore_access_backup_vault(
        SourceBackupVaultArn=vault_arn, BackupVaultName=name, RequesterComment=COMMENT
    )
    return backup, str(backup.describe_backup_vault(BackupVaultName=name)["MpaSessionArn"])


def access_state(backup: Any, name: str = "access-inc-2041") -> str:
    """The state of the access vault after the first look."""
    backup.describe_backup_vault(BackupVaultName=name)
    return str(backup.describe_backup_vault(BackupVaultName=name)["VaultState"])
