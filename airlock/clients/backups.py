"""AWS Backup in one account and Region: vaults, their approval team, access to them, recovery points and restores."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airlock.clients.backup_types import AccessVault, RecoveryPoint, Request, RestoreJob, Vault
from airlock.clients.sessions import client
from airlock.clients.translate import needs
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, NotFound, RefusedByAws


class Backups:
    """The `backup` API. Reads of a vault that another account shares must name that account (`owner_account`)."""

    def __init__(self, connection: Connection, patience: Patience | None = None) -> None:
        self.connection = connection
        self._patience = patience or Patience()

    @property
    def _backup(self) -> Any:
        return client(self.connection, "backup")

    def _pages(self, operation: str, key: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        for page in self._backup.get_paginator(operation).paginate(**arguments):
            yield from page.get(key, [])

    # Vaults

    @needs("backup:DescribeBackupVault")
    def describe_vault(self, name: str, owner_account: str | None = None) -> Vault:
        """NotFound if there is none; AWS may also answer AccessDenied for a vault that does not exist."""
        return Vault.read(self._backup.describe_backup_vault(BackupVaultName=name, **_owner(owner_account)))

    @needs("backup:ListBackupVaults")
    def list_vaults(self, vault_type: str | None = None) -> list[Vault]:
        """The vaults of this account; one type of them if named. Summaries: without team and session."""
        chosen = {"ByVaultType": vault_type} if vault_type else {}
        return [Vault.read(item) for item in self._pages("list_backup_vaults", "BackupVaultList", **chosen)]

    @needs("backup:DescribeBackupVault", "backup:ListBackupVaults")
    def find_vault(self, name: str) -> Vault | None:
        """The vault, or None. AccessDenied means "there is none" only if the list does not show it either."""
        try:
            return self.describe_vault(name)
        except NotFound:
            return None
        except AccessDenied:
            if any(vault.name == name for vault in self.list_vaults()):
                raise
            return None

    @needs("backup:DeleteBackupVault")
    def delete_vault(self, name: str) -> None:
        """AWS refuses while recovery points are in it. Deletion goes on after the answer: see `wait_until_gone`."""
        self._backup.delete_backup_vault(BackupVaultName=name)

    @needs("backup:DescribeBackupVault", "backup:ListBackupVaults")
    def wait_until_gone(self, name: str) -> None:
        """Until the name is free again: the delete call returns long before that."""
        self._patience.until(lambda: self.find_vault(name), lambda vault: vault is None, f"vault {name} is gone")

    @needs("backup:DescribeBackupVault")
    def wait_until_available(self, name: str) -> Vault:
        """A vault is usable one to three minutes after it was made."""
        vault = self._patience.until(
            lambda: self.describe_vault(name), lambda vault: vault.state != "CREATING", f"vault {name} is available"
        )
        if vault.state != "AVAILABLE":
            raise RefusedByAws(
                f"Vault {name} is {vault.state}: AWS could not make it. Check its key, then make another."
            )
        return vault

    # The approval team of a vault

    @needs("backup:AssociateBackupVaultMpaApprovalTeam", "mpa:GetApprovalTeam", "mpa:StartSession")
    def associate_team(self, vault_name: str, team_arn: str, comment: str = "") -> None:
        """The first association takes effect at once; any later one is voted on by the current team."""
        self._backup.associate_backup_vault_mpa_approval_team(
            BackupVaultName=vault_name, MpaApprovalTeamArn=team_arn, **_comment(comment)
        )

    @needs("backup:DisassociateBackupVaultMpaApprovalTeam", "mpa:StartSession")
    def disassociate_team(self, vault_name: str, comment: str = "") -> None:
        """Always voted on by the current team."""
        self._backup.disassociate_backup_vault_mpa_approval_team(BackupVaultName=vault_name, **_comment(comment))

    # Access in an emergency

    @needs("backup:CreateRestoreAccessBackupVault", "mpa:StartSession")
    def create_restore_access_vault(self, source_arn: str, name: str, request_id: str, comment: str) -> AccessVault:
        """Asks the team for access, from the recovery account. CREATING until it approves."""
        answer = self._backup.create_restore_access_backup_vault(
            SourceBackupVaultArn=source_arn, BackupVaultName=name, CreatorRequestId=request_id, **_comment(comment)
        )
        return AccessVault.read(answer)

    @needs("backup:ListRestoreAccessBackupVaults")
    def list_restore_access_vaults(self, vault_name: str) -> list[AccessVault]:
        """From the owner's side: who holds access to this vault."""
        pages = self._pages(
            "list_restore_access_backup_vaults", "RestoreAccessBackupVaults", BackupVaultName=vault_name
        )
        return [AccessVault.read(item) for item in pages]

    @needs("backup:RevokeRestoreAccessBackupVault", "mpa:StartSession")
    def revoke_restore_access_vault(self, vault_name: str, access_vault_arn: str, comment: str = "") -> None:
        """From the owner's side; voted on."""
        self._backup.revoke_restore_access_backup_vault(
            BackupVaultName=vault_name, RestoreAccessBackupVaultArn=access_vault_arn, **_comment(comment)
        )

    # Recovery points and restores

    @needs("backup:ListRecoveryPointsByBackupVault")
    def list_recovery_points(self, vault_name: str, owner_account: str | None = None) -> list[RecoveryPoint]:
        """As AWS orders them."""
        pages = self._pages(
            "list_recovery_points_by_backup_vault",
            "RecoveryPoints",
            BackupVaultName=vault_name,
            **_owner(owner_account),
        )
        return [RecoveryPoint.read(item) for item in pages]

    @needs("backup:GetRecoveryPointRestoreMetadata")
    def restore_metadata(self, vault_name: str, point_arn: str, owner_account: str | None = None) -> dict[str, str]:
        """What AWS would restore with, as a start for the caller's own values."""
        answer = self._backup.get_recovery_point_restore_metadata(
            BackupVaultName=vault_name, RecoveryPointArn=point_arn, **_owner(owner_account)
        )
        return dict(answer.get("RestoreMetadata", {}))

    @needs("backup:StartRestoreJob", "iam:PassRole")
    def start_restore(
        self, point_arn: str, metadata: Mapping[str, str], role_arn: str, resource_type: str, token: str
    ) -> str:
        """Returns the id of the restore job. The same token starts no second one."""
        started = self._backup.start_restore_job(
            RecoveryPointArn=point_arn,
            Metadata=dict(metadata),
            IamRoleArn=role_arn,
            ResourceType=resource_type,
            IdempotencyToken=token,
        )
        return str(started["RestoreJobId"])

    @needs("backup:DescribeRestoreJob")
    def describe_restore(self, job_id: str) -> RestoreJob:
        """The job as it stands."""
        return RestoreJob.read(self._backup.describe_restore_job(RestoreJobId=job_id))

    # Organization-wide settings, and tags

    @needs("backup:DescribeGlobalSettings")
    def global_settings(self) -> dict[str, bool]:
        """The switches of the organization, by AWS's name; one that AWS does not mention is off."""
        return {key: str(value).lower() == "true" for key, value in self._global_settings().items()}

    @needs("backup:DescribeGlobalSettings", "backup:UpdateGlobalSettings")
    def switch_on_global_settings(self, settings: Iterable[str]) -> None:
        """Writes all that AWS has, word for word, with these on: one that is left out may be switched off."""
        self._backup.update_global_settings(
            GlobalSettings={**self._global_settings(), **dict.fromkeys(settings, "true")}
        )

    def _global_settings(self) -> dict[str, str]:
        return dict(self._backup.describe_global_settings().get("GlobalSettings", {}))

    @needs("backup:DescribeRegionSettings")
    def region_settings(self) -> tuple[dict[str, bool], dict[str, bool]]:
        """(opted in, managed in full) by resource type; the first has every type that AWS Backup knows here."""
        answer = self._backup.describe_region_settings()
        return (
            dict(answer.get("ResourceTypeOptInPreference", {})),
            dict(answer.get("ResourceTypeManagementPreference", {})),
        )

    @needs("backup:DescribeRegionSettings", "backup:UpdateRegionSettings")
    def switch_on_region_settings(self, services: Iterable[str], fully_managed: Iterable[str]) -> None:
        """Writes all that AWS has, with these on. AWS refuses a resource type that the Region does not know."""
        opted_in, managed = self.region_settings()
        self._backup.update_region_settings(
            ResourceTypeOptInPreference={**opted_in, **dict.fromkeys(services, True)},
            ResourceTypeManagementPreference={**managed, **dict.fromkeys(fully_managed, True)},
        )

    @needs("backup:ListTags")
    def tags(self, arn: str) -> dict[str, str]:
        """The tags of a vault or recovery point."""
        tags: dict[str, str] = {}
        for page in self._backup.get_paginator("list_tags").paginate(ResourceArn=arn):
            tags.update(page.get("Tags", {}))
        return tags


def _owner(account: str | None) -> dict[str, str]:
    return {"BackupVaultAccountId": account} if account else {}


def _comment(text: str) -> dict[str, str]:
    # AWS takes at most 200 characters here.
    return {"RequesterComment": text[:200]} if text else {}


__all__ = ["AccessVault", "Backups", "RecoveryPoint", "Request", "RestoreJob", "Vault"]
