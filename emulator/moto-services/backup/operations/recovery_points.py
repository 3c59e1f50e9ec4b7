"""Operations on recovery points and protected resources."""

from typing import Any

from ..common import views
from ..exceptions import InvalidRequestException, ResourceNotFoundException
from ..jobs import progress, restore_jobs
from ..models import BackupBackend, backend_of, holder
from ..records.entities import BackupJob, CopyJob, RecoveryPoint, RestoreJob, Vault
from ..records.ordered import Chronicle
from ..recovery_points import continuous, points
from ..vaults import vaults
from .base import ActionResult, EmptyResult, Operations, between, lifecycle_of

Found = tuple[RecoveryPoint, Vault]


class PointOperations(Operations):
    def describe_recovery_point(self) -> ActionResult:
        vault = self._open_vault()
        return ActionResult(views.described_point(points.point_of(vault, self.request["RecoveryPointArn"]), vault))

    def get_recovery_point_restore_metadata(self) -> ActionResult:
        vault = self._open_vault()
        point, metadata = restore_jobs.restore_metadata(vault, self.request["RecoveryPointArn"])
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
        source = holder(vault)
        kept: Chronicle[RecoveryPoint] = Chronicle() if source is None else source.points
        return self.page_of("RecoveryPoints", kept, self._asked_for, lambda point: views.point(point, vault))

    def list_recovery_points_by_resource(self) -> ActionResult:
        found = self._points_of(self.request["ResourceArn"])
        return self.list_of("RecoveryPoints", found, lambda pair: views.point_of_resource(*pair))

    def delete_recovery_point(self) -> EmptyResult:
        points.delete(self.backend, self.request["BackupVaultName"], self.request["RecoveryPointArn"])
        return EmptyResult()

    def disassociate_recovery_point(self) -> EmptyResult:
        vault = self.backend.vault(self.request["BackupVaultName"])
        point = points.point_of(vault, self.request["RecoveryPointArn"])
        continuous.disassociate(self.backend, vault, point)
        points.remove(vault, point.arn)
        return EmptyResult()

    def disassociate_recovery_point_from_parent(self) -> EmptyResult:
        """Composite recovery points are not modelled, so that no point has a parent."""
        point = points.point_of(self.backend.vault(self.request["BackupVaultName"]), self.request["RecoveryPointArn"])
        raise InvalidRequestException(f"Recovery point {point.arn} has no parent recovery point.")

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
        found = self._points_of(arn)
        if not found:
            raise ResourceNotFoundException(f"Resource {arn} has no recovery points in this account and Region.")
        return ActionResult(views.protected_resource(*found[0]))

    def list_protected_resources(self) -> ActionResult:
        progress.look(self.backend.pending.values())
        arns = list(self.backend.points_of)
        return self.list_of("Results", arns, lambda arn: views.protected_resource(*newest_first(self.backend, arn)[0]))

    def list_protected_resources_by_backup_vault(self) -> ActionResult:
        vault = self._open_vault()
        source = holder(vault)
        if source is None:
            return self.list_of("Results", [], dict)
        owner = backend_of(source.account, source.region)
        held = [arn for arn, held in owner.points_of.items() if any(owner.points[point] is source for point in held)]

        def latest(arn: str) -> dict[str, Any]:
            point = next(point for point, kept_in in newest_first(owner, arn) if kept_in is source)
            return views.protected_resource(point, vault)

        return self.list_of("Results", held, latest)

    # What the caller can see

    def _open_vault(self) -> Vault:
        """The vault that is asked about; nothing is readable through a restore access vault that is not open."""
        vault = vaults.readable_vault(
            self.backend, self.request["BackupVaultName"], self.optional("BackupVaultAccountId")
        )
        points.check_open(vault)
        progress.look(job for job in self.backend.pending.values() if _goes_to(job, vault))
        points.look(vault)
        return vault

    def _points_of(self, resource_arn: str) -> list[Found]:
        """The points of a resource in all vaults of this account and Region, the newest first."""
        progress.look(job for job in self.backend.pending.values() if not isinstance(job, RestoreJob))
        for vault in {id(vault): vault for _, vault in newest_first(self.backend, resource_arn)}.values():
            points.look(vault)
        return newest_first(self.backend, resource_arn)

    def _asked_for(self, point: RecoveryPoint) -> bool:
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


def newest_first(backend: BackupBackend, resource_arn: str) -> list[Found]:
    """The points of a resource with the vaults that hold them."""
    held = [(backend.points[arn].points[arn], backend.points[arn]) for arn in backend.points_of.get(resource_arn, {})]
    return sorted(held, key=lambda pair: pair[0].created, reverse=True)
