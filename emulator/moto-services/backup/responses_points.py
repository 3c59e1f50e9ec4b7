"""Operations on recovery points and protected resources."""

from typing import Any

from . import points, progress, restores, vaults, views
from .base import ActionResult, EmptyResult, Operations
from .exceptions import ResourceNotFoundException
from .nouns import BackupJob, CopyJob, RecoveryPoint, Vault
from .responses_jobs import between, lifecycle_of

Found = tuple[RecoveryPoint, Vault]


class PointOperations(Operations):
    def describe_recovery_point(self) -> ActionResult:
        vault = self._open_vault()
        return ActionResult(views.described_point(points.point_of(vault, self.request["RecoveryPointArn"]), vault))

    def get_recovery_point_restore_metadata(self) -> ActionResult:
        vault = self._open_vault()
        point, metadata = restores.restore_metadata(vault, self.request["RecoveryPointArn"])
        return ActionResult(
            {
                "BackupVaultArn": vault.arn,
                "RecoveryPointArn": point.arn,
                "RestoreMetadata": metadata,
                "ResourceType": point.resource_type,
            }
        )

    def list_recovery_points_by_backup_vault(self) -> ActionResult:
        vault = self._open_vault()
        found = [point for point in points.seen_through(vault).values() if self._wanted(point)]
        found.sort(key=lambda point: point.created, reverse=True)
        return self.list_of("RecoveryPoints", found, lambda point: views.point(point, vault))

    def list_recovery_points_by_resource(self) -> ActionResult:
        found = [pair for pair in self._own_points() if pair[0].resource_arn == self.request["ResourceArn"]]
        found.sort(key=lambda pair: pair[0].created, reverse=True)
        return self.list_of("RecoveryPoints", found, lambda pair: views.point_of_resource(*pair))

    def delete_recovery_point(self) -> EmptyResult:
        points.delete(self.backend, self.request["BackupVaultName"], self.request["RecoveryPointArn"])
        return EmptyResult()

    def update_recovery_point_lifecycle(self) -> ActionResult:
        vault = self.backend.vault(self.request["BackupVaultName"])
        point = points.update_lifecycle(
            self.backend, vault.name, self.request["RecoveryPointArn"], lifecycle_of(self.optional("Lifecycle"))
        )
        shown = views.point(point, vault)
        members = ("BackupVaultArn", "RecoveryPointArn", "Lifecycle", "CalculatedLifecycle")
        return ActionResult({member: shown[member] for member in members if member in shown})

    # Protected resources

    def describe_protected_resource(self) -> ActionResult:
        arn = self.request["ResourceArn"]
        latest = _latest(pair for pair in self._own_points() if pair[0].resource_arn == arn).get(arn)
        if latest is None:
            raise ResourceNotFoundException(f"Resource {arn} has no recovery points in this account and Region.")
        return ActionResult(views.protected_resource(*latest))

    def list_protected_resources(self) -> ActionResult:
        found = list(_latest(self._own_points()).values())
        return self.list_of("Results", found, lambda pair: views.protected_resource(*pair))

    def list_protected_resources_by_backup_vault(self) -> ActionResult:
        vault = self._open_vault()
        found = list(_latest((point, vault) for point in points.seen_through(vault).values()).values())
        return self.list_of("Results", found, lambda pair: views.protected_resource(*pair))

    # What the caller can see

    def _open_vault(self) -> Vault:
        """The vault that is asked about; nothing is readable through a restore access vault that is not open."""
        vault = vaults.readable_vault(
            self.backend, self.request["BackupVaultName"], self.optional("BackupVaultAccountId")
        )
        points.check_open(vault)
        progress.look(job for job in self.backend.pending.values() if _goes_to(job, vault))
        return vault

    def _own_points(self) -> list[Found]:
        progress.look(self.backend.pending.values())
        return [(point, vault) for vault in self.backend.vaults.values() for point in vault.points.values()]

    def _wanted(self, point: RecoveryPoint) -> bool:
        asked = {
            "ByResourceArn": point.resource_arn,
            "ByResourceType": point.resource_type,
            "ByBackupPlanId": (point.created_by or {}).get("BackupPlanId"),
            "ByParentRecoveryPointArn": None,
        }
        return all(self.optional(name) in (None, value) for name, value in asked.items()) and between(
            point.created, self.optional("ByCreatedAfter"), self.optional("ByCreatedBefore")
        )


def _goes_to(job: Any, vault: Vault) -> bool:
    if isinstance(job, BackupJob):
        return job.vault_name == vault.name
    return isinstance(job, CopyJob) and job.destination_vault_arn == vault.arn


def _latest(found: Any) -> dict[str, Found]:
    """The newest point of each resource."""
    latest: dict[str, Found] = {}
    for point, vault in found:
        if point.resource_arn not in latest or point.created > latest[point.resource_arn][0].created:
            latest[point.resource_arn] = (point, vault)
    return latest
