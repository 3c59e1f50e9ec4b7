"""Operations on backup, copy and restore jobs."""

from datetime import UTC, datetime
from typing import Any

from . import copies, jobs, points, progress, restores, views
from .base import ActionResult, EmptyResult, Operations
from .exceptions import ResourceNotFoundException
from .nouns import Job


class JobOperations(Operations):
    # Backup jobs

    def start_backup_job(self) -> ActionResult:
        order = jobs.Order(
            self.request["BackupVaultName"],
            self.request["ResourceArn"],
            self.request["IamRoleArn"],
            lifecycle_of(self.optional("Lifecycle")),
            air_gapped_arn=self.optional("LogicallyAirGappedBackupVaultArn"),
            tags=dict(self.optional("RecoveryPointTags") or {}),
            start_window=self.optional("StartWindowMinutes"),
            options=dict(self.optional("BackupOptions") or {}),
        )
        job = jobs.start_on_demand(self.backend, order, self.optional("IdempotencyToken"))
        return ActionResult({"BackupJobId": job.job_id, "CreationDate": job.created, "IsParent": False})

    def describe_backup_job(self) -> ActionResult:
        job = _found(self.backend.backup_jobs, self.request["BackupJobId"], "Backup job")
        return ActionResult(views.backup_job(job))

    def list_backup_jobs(self) -> ActionResult:
        progress.look(progress.pending(self.backend, "backup"))
        wanted = {
            "AccountId": self.optional("ByAccountId"),
            "BackupVaultName": self.optional("ByBackupVaultName"),
            "ResourceArn": self.optional("ByResourceArn"),
            "ResourceType": self.optional("ByResourceType"),
            "State": self.optional("ByState"),
            "MessageCategory": self.optional("ByMessageCategory"),
        }
        shown = [views.backup_job(job) for job in reversed(self.backend.backup_jobs.values())]
        return self.list_of("BackupJobs", self._chosen(shown, wanted, "ByCreated", "ByComplete"), dict)

    def stop_backup_job(self) -> EmptyResult:
        jobs.stop(self.backend, self.request["BackupJobId"])
        return EmptyResult()

    # Copy jobs

    def start_copy_job(self) -> ActionResult:
        source = self.backend.vault(self.request["SourceBackupVaultName"])
        order = copies.Order(
            source,
            points.point_of(source, self.request["RecoveryPointArn"]),
            self.request["DestinationBackupVaultArn"],
            self.request["IamRoleArn"],
            lifecycle_of(self.optional("Lifecycle")),
        )
        jobs.check_role(self.backend, order.iam_role_arn)
        job = copies.start_on_demand(self.backend, order, self.optional("IdempotencyToken"))
        return ActionResult({"CopyJobId": job.job_id, "CreationDate": job.created, "IsParent": False})

    def describe_copy_job(self) -> ActionResult:
        job = _found(self.backend.copy_jobs, self.request["CopyJobId"], "Copy job")
        return ActionResult({"CopyJob": views.copy_job(job)})

    def list_copy_jobs(self) -> ActionResult:
        own = [job for job in progress.pending(self.backend, "copy") if job.job_id in self.backend.copy_jobs]
        progress.look(own)
        wanted = {
            "AccountId": self.optional("ByAccountId"),
            "ResourceArn": self.optional("ByResourceArn"),
            "ResourceType": self.optional("ByResourceType"),
            "State": self.optional("ByState"),
            "DestinationBackupVaultArn": self.optional("ByDestinationVaultArn"),
            "SourceRecoveryPointArn": self.optional("BySourceRecoveryPointArn"),
            "MessageCategory": self.optional("ByMessageCategory"),
        }
        shown = [views.copy_job(job) for job in reversed(self.backend.copy_jobs.values())]
        return self.list_of("CopyJobs", self._chosen(shown, wanted, "ByCreated", "ByComplete"), dict)

    # Restore jobs

    def start_restore_job(self) -> ActionResult:
        job = restores.start(
            self.backend,
            self.request["RecoveryPointArn"],
            dict(self.request["Metadata"]),
            self.optional("IamRoleArn"),
            self.optional("ResourceType"),
            bool(self.optional("CopySourceTagsToRestoredResource")),
            self.optional("IdempotencyToken"),
        )
        return ActionResult({"RestoreJobId": job.job_id})

    def describe_restore_job(self) -> ActionResult:
        job = _found(self.backend.restore_jobs, self.request["RestoreJobId"], "Restore job")
        return ActionResult(views.restore_job(job))

    def get_restore_job_metadata(self) -> ActionResult:
        job = _found(self.backend.restore_jobs, self.request["RestoreJobId"], "Restore job")
        return ActionResult({"RestoreJobId": job.job_id, "Metadata": job.metadata})

    def list_restore_jobs(self) -> ActionResult:
        progress.look(progress.pending(self.backend, "restore"))
        wanted = {
            "AccountId": self.optional("ByAccountId"),
            "ResourceType": self.optional("ByResourceType"),
            "Status": self.optional("ByStatus"),
        }
        shown = [views.restore_job(job) for job in reversed(self.backend.restore_jobs.values())]
        return self.list_of("RestoreJobs", self._chosen(shown, wanted, "ByCreated", "ByComplete"), dict)

    def list_restore_jobs_by_protected_resource(self) -> ActionResult:
        progress.look(progress.pending(self.backend, "restore"))
        wanted = {"SourceResourceArn": self.request["ResourceArn"], "Status": self.optional("ByStatus")}
        shown = [views.restore_job(job) for job in reversed(self.backend.restore_jobs.values())]
        return self.list_of("RestoreJobs", self._chosen(shown, wanted), dict)

    def _chosen(
        self, shown: list[dict[str, Any]], wanted: dict[str, Any], created: str = "", completed: str = ""
    ) -> list[dict[str, Any]]:
        """The answers that hold the wanted values, inside the wanted times."""
        bounds = [
            (member, self.optional(f"{prefix}After"), self.optional(f"{prefix}Before"))
            for member, prefix in (("CreationDate", created), ("CompletionDate", completed))
            if prefix
        ]
        return [
            answer
            for answer in shown
            if all(value in (None, answer.get(member)) for member, value in wanted.items())
            and all(between(answer.get(member), after, before) for member, after, before in bounds)
        ]


def between(moment: datetime | None, after: datetime | None, before: datetime | None) -> bool:
    if after is None and before is None:
        return True
    if moment is None:
        return False
    return (after is None or moment >= _utc(after)) and (before is None or moment <= _utc(before))


def _utc(moment: datetime) -> datetime:
    """A time from a request; moto reads it without its zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _found(kept: dict[str, Any], job_id: str, noun: str) -> Any:
    """The job, looked at once."""
    job: Job | None = kept.get(job_id)
    if job is None:
        raise ResourceNotFoundException(f"{noun} {job_id} does not exist in this account and Region.")
    progress.look([job])
    return job


def lifecycle_of(given: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (given or {}).items() if value is not None}
