"""Operations on backup, copy and restore jobs."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from ..common import organization_jobs, views
from ..common.roles import check_role
from ..exceptions import ResourceNotFoundException
from ..jobs import backup_jobs, copy_jobs, progress, restore_jobs, restore_validation, retention
from ..records.entities import Job, RestoreJob
from ..records.ordered import Chronicle
from ..recovery_points import points
from .base import ActionResult, EmptyResult, Operations, between, lifecycle_of

# What stands for every value of a filter.
_ANY = "*"

# How the filters of the lists read a job. Nothing here has a parent: composite backups are not modelled.
_COMMON_FILTERS: dict[str, Callable[[Any], Any]] = {
    "ByAccountId": attrgetter("account"),
    "ByParentJobId": lambda _: None,
}
_BACKUP_FILTERS: dict[str, Callable[[Any], Any]] = {
    "ByBackupVaultName": attrgetter("vault_name"),
    "ByResourceArn": attrgetter("resource_arn"),
    "ByResourceType": attrgetter("resource_type"),
    "ByState": attrgetter("state"),
    "ByMessageCategory": views.category,
}
_COPY_FILTERS: dict[str, Callable[[Any], Any]] = {
    "ByResourceArn": attrgetter("point.resource_arn"),
    "ByResourceType": attrgetter("point.resource_type"),
    "ByState": attrgetter("state"),
    "ByDestinationVaultArn": attrgetter("destination_vault_arn"),
    "BySourceRecoveryPointArn": attrgetter("point.arn"),
    "ByMessageCategory": views.category,
}
_RESTORE_FILTERS: dict[str, Callable[[Any], Any]] = {
    "ByResourceType": attrgetter("resource_type"),
    "ByStatus": attrgetter("state"),
    "ByRestoreTestingPlanArn": lambda job: job.test.plan_arn if job.test else None,
}


class JobOperations(Operations):
    # Backup jobs

    def start_backup_job(self) -> ActionResult:
        order = backup_jobs.Order(
            self.request["BackupVaultName"],
            self.request["ResourceArn"],
            self.request["IamRoleArn"],
            lifecycle_of(self.optional("Lifecycle")),
            air_gapped_arn=self.optional("LogicallyAirGappedBackupVaultArn"),
            tags=dict(self.optional("RecoveryPointTags") or {}),
            start_window=self.optional("StartWindowMinutes"),
            complete_window=self.optional("CompleteWindowMinutes"),
            options=dict(self.optional("BackupOptions") or {}),
        )
        job = backup_jobs.start_on_demand(self.backend, order, self.optional("IdempotencyToken"))
        return ActionResult({"BackupJobId": job.job_id, "CreationDate": job.created, "IsParent": False})

    def describe_backup_job(self) -> ActionResult:
        job = _found(self.backend.backup_jobs, self.request["BackupJobId"], "Backup job")
        return ActionResult(views.backup_job(job))

    def list_backup_jobs(self) -> ActionResult:
        progress.look(progress.pending(self.backend, "backup"))
        wanted = self._wanted({**_BACKUP_FILTERS, **_COMMON_FILTERS}, "ByCreated", "ByComplete")
        return self._page("BackupJobs", "backup_jobs", wanted, views.backup_job)

    def stop_backup_job(self) -> EmptyResult:
        backup_jobs.stop(self.backend, self.request["BackupJobId"])
        return EmptyResult()

    # Copy jobs

    def start_copy_job(self) -> ActionResult:
        source = self.backend.vault(self.request["SourceBackupVaultName"])
        order = copy_jobs.Order(
            source,
            points.point_of(source, self.request["RecoveryPointArn"]),
            self.request["DestinationBackupVaultArn"],
            self.request["IamRoleArn"],
            lifecycle_of(self.optional("Lifecycle")),
        )
        check_role(self.backend, order.iam_role_arn)
        job = copy_jobs.start_on_demand(self.backend, order, self.optional("IdempotencyToken"))
        return ActionResult({"CopyJobId": job.job_id, "CreationDate": job.created, "IsParent": False})

    def describe_copy_job(self) -> ActionResult:
        job = _found(self.backend.copy_jobs, self.request["CopyJobId"], "Copy job")
        return ActionResult({"CopyJob": views.copy_job(job)})

    def list_copy_jobs(self) -> ActionResult:
        own = [job for job in progress.pending(self.backend, "copy") if job.job_id in self.backend.copy_jobs]
        progress.look(own)
        wanted = self._wanted({**_COPY_FILTERS, **_COMMON_FILTERS}, "ByCreated", "ByComplete")
        return self._page("CopyJobs", "copy_jobs", wanted, views.copy_job)

    # Restore jobs

    def start_restore_job(self) -> ActionResult:
        order = restore_jobs.Order(
            self.request["RecoveryPointArn"],
            dict(self.request["Metadata"]),
            self.optional("IamRoleArn"),
            self.optional("ResourceType"),
            bool(self.optional("CopySourceTagsToRestoredResource")),
        )
        job = restore_jobs.start_on_demand(self.backend, order, self.optional("IdempotencyToken"))
        return ActionResult({"RestoreJobId": job.job_id})

    def describe_restore_job(self) -> ActionResult:
        job = _found(self.backend.restore_jobs, self.request["RestoreJobId"], "Restore job")
        return ActionResult(views.restore_job(job))

    def get_restore_job_metadata(self) -> ActionResult:
        job = _found(self.backend.restore_jobs, self.request["RestoreJobId"], "Restore job")
        return ActionResult({"RestoreJobId": job.job_id, "Metadata": job.metadata})

    def list_restore_jobs(self) -> ActionResult:
        progress.look(progress.pending(self.backend, "restore"))
        for job in list(self.backend.discarding.values()):
            restore_validation.look(job)
        wanted = self._wanted({**_RESTORE_FILTERS, **_COMMON_FILTERS}, "ByCreated", "ByComplete")
        return self._page("RestoreJobs", "restore_jobs", wanted, views.restore_job)

    def list_restore_jobs_by_protected_resource(self) -> ActionResult:
        progress.look(progress.pending(self.backend, "restore"))
        prefix = "ByRecoveryPointCreationDate"
        after, before = self.optional(f"{prefix}After"), self.optional(f"{prefix}Before")
        filters = self._wanted({"ByStatus": _RESTORE_FILTERS["ByStatus"]})

        def wanted(job: RestoreJob) -> bool:
            same = job.point.resource_arn == self.request["ResourceArn"]
            return same and filters(job) and between(job.point.created, after, before)

        return self._page("RestoreJobs", "restore_jobs", wanted, views.restore_job)

    def put_restore_validation_result(self) -> EmptyResult:
        restore_validation.put_result(
            self.backend,
            self.request["RestoreJobId"],
            self.request["ValidationStatus"],
            self.optional("ValidationStatusMessage") or "",
        )
        return EmptyResult()

    def _page(
        self, member: str, kept: str, wanted: Callable[[Any], bool], look: Callable[[Any], dict[str, Any]]
    ) -> ActionResult:
        own = getattr(self.backend, kept)
        retention.forget_old(own)
        elsewhere = self.optional("ByAccountId") not in (None, self.backend.account)
        return self.page_of(member, organization_jobs.jobs(self.backend, kept) if elsewhere else own, wanted, look)

    def _wanted(
        self, filters: dict[str, Callable[[Any], Any]], created: str = "", completed: str = ""
    ) -> Callable[[Any], bool]:
        """Whether a job holds the values that the request asks for, inside the times that it asks for."""
        asked = [(self.optional(name), read) for name, read in filters.items() if self.optional(name) is not None]
        bounds = [
            (read, self.optional(f"{prefix}After"), self.optional(f"{prefix}Before"))
            for read, prefix in ((attrgetter("created"), created), (attrgetter("completed"), completed))
            if prefix
        ]

        def wanted(job: Any) -> bool:
            return all(value in (_ANY, read(job)) for value, read in asked) and all(
                between(read(job), after, before) for read, after, before in bounds
            )

        return wanted


def _found(kept: Chronicle[Any], job_id: str, noun: str) -> Any:
    """The job, looked at once."""
    retention.forget_old(kept)
    job: Job | None = kept.get(job_id)
    if job is None:
        raise ResourceNotFoundException(f"{noun} {job_id} does not exist in this account and Region.")
    progress.look([job])
    if isinstance(job, RestoreJob):
        restore_validation.look(job)
    return job
