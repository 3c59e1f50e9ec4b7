"""What the runbook needs from AWS, as it is used here; `airlock.clients` provides it, tests bring ten lines."""

from collections.abc import Mapping
from typing import Protocol

from airlock.clients.approval_types import Session
from airlock.clients.approvals import Approvals
from airlock.clients.backup_types import AccessVault, RecoveryPoint, RestoreJob, Vault
from airlock.clients.backups import Backups
from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory

ACCESS_VAULT = "RESTORE_ACCESS_BACKUP_VAULT"


class BackupCalls(Protocol):
    """AWS Backup in the landing account, in one Region."""

    def find_vault(self, name: str) -> Vault | None: ...

    def list_vaults(self, vault_type: str | None = None) -> list[Vault]: ...

    def create_restore_access_vault(self, source_arn: str, name: str, request_id: str, comment: str) -> AccessVault: ...

    def delete_vault(self, name: str) -> None: ...

    def wait_until_gone(self, name: str) -> None: ...

    def list_recovery_points(self, vault_name: str, owner_account: str | None = None) -> list[RecoveryPoint]: ...

    def restore_metadata(self, vault_name: str, point_arn: str, owner_account: str | None = None) -> dict[str, str]: ...

    def start_restore(
        self, point_arn: str, metadata: Mapping[str, str], role_arn: str, resource_type: str, token: str
    ) -> str: ...

    def describe_restore(self, job_id: str) -> RestoreJob: ...


class ApprovalCalls(Protocol):
    """Multi-party approval, as the shared team lets the landing account see it."""

    def get_session(self, arn: str) -> Session: ...


class Calls(Protocol):
    """Opens the clients of the landing account."""

    def backups(self, region: str) -> BackupCalls: ...

    def approvals(self) -> ApprovalCalls: ...


class LandingCalls:
    """The real clients, through the requester role. The first call checks that it is the landing account."""

    def __init__(self, inventory: Inventory) -> None:
        _refuse_mixed_accounts(inventory)
        self._landing = inventory.landing

    def backups(self, region: str) -> BackupCalls:
        """AWS Backup in that Region."""
        return Backups(self._landing.connection(self._landing.requester_role_arn, region))

    def approvals(self) -> ApprovalCalls:
        """Multi-party approval."""
        return Approvals(self._landing.connection(self._landing.requester_role_arn))


def _refuse_mixed_accounts(inventory: Inventory) -> None:
    """An inventory that was pieced together by hand must not send a request through a stranger's role."""
    landing = inventory.landing
    for arn in (landing.requester_role_arn, landing.restore_role_arn):
        if f":{landing.account_id}:" not in arn:
            raise UsageError(
                f"The inventory names the landing account {landing.account_id}, but the role {arn} belongs to another "
                "account. Nothing was asked for. Make a new inventory: `airlock kit`."
            )


def regions_of(inventory: Inventory) -> list[str]:
    """Every Region in which there is something to open."""
    return sorted({vault.region for vault in inventory.vaults})
