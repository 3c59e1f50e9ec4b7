"""Operations about approval teams and restore access."""

from ..common import tagging, views
from ..vaults import approval_team, restore_access
from .base import ActionResult, EmptyResult, Operations


class AccessOperations(Operations):
    def associate_backup_vault_mpa_approval_team(self) -> EmptyResult:
        approval_team.associate(
            self.backend,
            self.request["BackupVaultName"],
            self.request["MpaApprovalTeamArn"],
            self.optional("RequesterComment") or "",
        )
        return EmptyResult()

    def disassociate_backup_vault_mpa_approval_team(self) -> EmptyResult:
        approval_team.disassociate(
            self.backend, self.request["BackupVaultName"], self.optional("RequesterComment") or ""
        )
        return EmptyResult()

    def create_restore_access_backup_vault(self) -> ActionResult:
        tags = self.optional("BackupVaultTags") or {}
        tagging.check(tags)
        vault = restore_access.create(
            self.backend,
            self.request["SourceBackupVaultArn"],
            self.optional("BackupVaultName"),
            dict(tags),
            self.optional("CreatorRequestId"),
            self.optional("RequesterComment") or "",
        )
        return ActionResult(
            {
                "RestoreAccessBackupVaultArn": vault.arn,
                "RestoreAccessBackupVaultName": vault.name,
                "VaultState": vault.state,
                "CreationDate": vault.created,
            }
        )

    def list_restore_access_backup_vaults(self) -> ActionResult:
        found = restore_access.list_for_owner(self.backend, self.request["BackupVaultName"])
        return self.list_of("RestoreAccessBackupVaults", found, lambda pair: views.access(*pair))

    def revoke_restore_access_backup_vault(self) -> EmptyResult:
        restore_access.revoke(
            self.backend,
            self.request["BackupVaultName"],
            self.request["RestoreAccessBackupVaultArn"],
            self.optional("RequesterComment") or "",
        )
        return EmptyResult()
