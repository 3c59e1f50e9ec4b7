"""Operations about approval teams and restore access."""

from . import access, association, tagging, views
from .base import ActionResult, EmptyResult, Operations


class AccessOperations(Operations):
    def associate_backup_vault_mpa_approval_team(self) -> EmptyResult:
        association.associate(
            self.backend,
            self.request["BackupVaultName"],
            self.request["MpaApprovalTeamArn"],
            self.optional("RequesterComment") or "",
        )
        return EmptyResult()

    def disassociate_backup_vault_mpa_approval_team(self) -> EmptyResult:
        association.disassociate(self.backend, self.request["BackupVaultName"], self.optional("RequesterComment") or "")
        return EmptyResult()

    def create_restore_access_backup_vault(self) -> ActionResult:
        tags = self.optional("BackupVaultTags") or {}
        tagging.check(tags)
        vault = access.create(
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
        found = access.list_for_owner(self.backend, self.request["BackupVaultName"])
        return self.list_of("RestoreAccessBackupVaults", found, lambda pair: views.access(*pair))

    def revoke_restore_access_backup_vault(self) -> EmptyResult:
        access.revoke(
            self.backend,
            self.request["BackupVaultName"],
            self.request["RestoreAccessBackupVaultArn"],
            self.optional("RequesterComment") or "",
        )
        return EmptyResult()
