"""Operations on vaults, their locks, policies, notifications, and tags."""

from ..common import tagging, views
from ..protection import locks
from ..vaults import vaults
from .base import ActionResult, EmptyResult, Operations


class VaultOperations(Operations):
    def create_backup_vault(self) -> ActionResult:
        tags = self.optional("BackupVaultTags") or {}
        tagging.check(tags)
        vault = vaults.create_vault(
            self.backend,
            self.request["BackupVaultName"],
            dict(tags),
            self.optional("EncryptionKeyArn"),
            self.optional("CreatorRequestId"),
        )
        return ActionResult({"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "CreationDate": vault.created})

    def create_logically_air_gapped_backup_vault(self) -> ActionResult:
        tags = self.optional("BackupVaultTags") or {}
        tagging.check(tags)
        vault = vaults.create_air_gapped_vault(
            self.backend,
            self.request["BackupVaultName"],
            dict(tags),
            self.optional("EncryptionKeyArn"),
            self.optional("CreatorRequestId"),
            (self.request["MinRetentionDays"], self.request["MaxRetentionDays"]),
        )
        return ActionResult(
            {
                "BackupVaultName": vault.name,
                "BackupVaultArn": vault.arn,
                "CreationDate": vault.created,
                "VaultState": "CREATING",
            }
        )

    def describe_backup_vault(self) -> ActionResult:
        vault = vaults.readable_vault(
            self.backend, self.request["BackupVaultName"], self.optional("BackupVaultAccountId")
        )
        return ActionResult(views.described_vault(vault))

    def list_backup_vaults(self) -> ActionResult:
        found = vaults.list_vaults(self.backend, self.optional("ByVaultType"), self.optional("ByShared"))
        return self.list_of("BackupVaultList", found, views.vault)

    def delete_backup_vault(self) -> EmptyResult:
        vaults.delete_vault(self.backend, self.request["BackupVaultName"])
        return EmptyResult()

    # Lock

    def put_backup_vault_lock_configuration(self) -> EmptyResult:
        locks.put_lock(
            self.backend,
            self.request["BackupVaultName"],
            self.optional("MinRetentionDays"),
            self.optional("MaxRetentionDays"),
            self.optional("ChangeableForDays"),
        )
        return EmptyResult()

    def delete_backup_vault_lock_configuration(self) -> EmptyResult:
        locks.delete_lock(self.backend, self.request["BackupVaultName"])
        return EmptyResult()

    # Access policy

    def put_backup_vault_access_policy(self) -> EmptyResult:
        vaults.put_policy(self.backend, self.request["BackupVaultName"], self.optional("Policy"))
        return EmptyResult()

    def get_backup_vault_access_policy(self) -> ActionResult:
        vault, policy = vaults.policy_of(self.backend, self.request["BackupVaultName"])
        return ActionResult({"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "Policy": policy})

    def delete_backup_vault_access_policy(self) -> EmptyResult:
        vaults.delete_policy(self.backend, self.request["BackupVaultName"])
        return EmptyResult()

    # Notifications

    def put_backup_vault_notifications(self) -> EmptyResult:
        vaults.put_notifications(
            self.backend,
            self.request["BackupVaultName"],
            self.request["SNSTopicArn"],
            self.request["BackupVaultEvents"],
        )
        return EmptyResult()

    def get_backup_vault_notifications(self) -> ActionResult:
        vault, notifications = vaults.notifications_of(self.backend, self.request["BackupVaultName"])
        return ActionResult({"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, **notifications})

    def delete_backup_vault_notifications(self) -> EmptyResult:
        vaults.delete_notifications(self.backend, self.request["BackupVaultName"])
        return EmptyResult()

    # Tags

    def list_tags(self) -> ActionResult:
        tags = list(tagging.tags_of(self.backend, self.request["ResourceArn"]).items())
        answer = self.list_of("Tags", tags, lambda pair: pair)
        shown: dict[str, object] = answer.result  # type: ignore[assignment]  # made by list_of, above
        shown["Tags"] = dict(shown["Tags"])  # type: ignore[call-overload]
        return answer

    def tag_resource(self) -> EmptyResult:
        tagging.tag(self.backend, self.request["ResourceArn"], self.request["Tags"])
        return EmptyResult()

    def untag_resource(self) -> EmptyResult:
        tagging.untag(self.backend, self.request["ResourceArn"], self.request["TagKeyList"])
        return EmptyResult()
