"""Copy jobs: between vaults of one account, of one organization, and out of an open restore access vault."""

from dataclasses import dataclass

from emulator.authorization.context import organization_path
from emulator.authorization.needs import Need
from emulator.authorization.services.backup import copy
from emulator.world import clock, ids, organizations

from ..common import encryption, other_services, settings
from ..exceptions import InvalidParameterValueException, InvalidRequestException, no_such_vault
from ..models import BackupBackend, find_vault, known_backend, seen_through
from ..protection import access_policies, air_gap, locks
from ..records import arns
from ..records.entities import AIR_GAPPED, RESTORE_ACCESS, Content, CopyJob, Lifecycle, RecoveryPoint, Vault
from ..recovery_points import continuous, points
from . import progress, retention

OUTSIDE = (
    "Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault."
)


class CopyFailed(Exception):
    """Why a copy job failed, as its StatusMessage shows it."""


@dataclass
class Order:
    """What a copy job has to do."""

    source: Vault
    point: RecoveryPoint
    destination_arn: str
    iam_role_arn: str
    lifecycle: Lifecycle
    removes_source: bool = False


def start_on_demand(backend: BackupBackend, order: Order, token: str | None) -> CopyJob:
    """StartCopyJob. Whether the destination takes the copy shows in the job; only its ARN is judged at once."""
    if token and f"copy:{token}" in backend.tokens:
        return backend.copy_jobs[backend.tokens[f"copy:{token}"]]
    locks.check_lifecycle(order.lifecycle)
    if order.point.deleting is not None:
        raise InvalidRequestException(f"Recovery point {order.point.arn} is being deleted, so it cannot be copied.")
    arn = arns.parse(order.destination_arn)
    if arn is None or arn.service != "backup" or not arn.resource.startswith("backup-vault:"):
        message = f"DestinationBackupVaultArn: {order.destination_arn} is not the ARN of a backup vault."
        raise InvalidParameterValueException(message)
    if order.destination_arn == order.source.arn:
        raise InvalidRequestException("The source and the destination of a copy cannot be the same backup vault.")
    if arn.account == backend.account and find_vault(order.destination_arn) is None:
        raise no_such_vault(arn.resource.removeprefix("backup-vault:"))
    job = start(backend, order, None, None)
    if token:
        backend.tokens[f"copy:{token}"] = job.job_id
    return job


def start(
    backend: BackupBackend, order: Order, created_by: dict[str, str] | None, backup_job_id: str | None
) -> CopyJob:
    job = CopyJob(
        ids.uuid("copy-job").upper(),
        backend.account,
        backend.region,
        clock.now(),
        "CREATED",
        progress.first_step(),
        iam_role_arn=order.iam_role_arn,
        source_vault_arn=order.source.arn,
        destination_vault_arn=order.destination_arn,
        point=continuous.frozen(order.point),
        lifecycle=_kept(order),
        created_by=created_by,
        backup_job_id=backup_job_id,
        removes_source=order.removes_source,
    )
    retention.forget_old(backend.copy_jobs)
    backend.copy_jobs[job.job_id] = job
    progress.enter(job, *_receivers(job))
    return job


def _kept(order: Order) -> Lifecycle:
    """The lifecycle of the copy: what the order leaves open is as in the source, which also ends a copy without end."""
    inherited = order.point.lifecycle
    if not order.lifecycle:
        return {name: value for name, value in inherited.items() if name != "DeleteAfterEvent"}
    if "DeleteAfterDays" in order.lifecycle or "DeleteAfterDays" not in inherited:
        return order.lifecycle
    return {**order.lifecycle, "DeleteAfterDays": inherited["DeleteAfterDays"]}


def _receivers(job: CopyJob) -> list[BackupBackend]:
    """The account that the copy goes to sees it arrive, so its looks move the job too."""
    arn = arns.parse(job.destination_vault_arn)
    backend = None if arn is None else known_backend(arn.account, arn.region)
    return [] if backend is None else [backend]


@progress.finishes("copy")
def _finish(job: CopyJob) -> None:
    for backend in _receivers(job):
        backend.pending.pop(job.job_id, None)
    try:
        source, destination = _ends(job)
    except CopyFailed as reason:
        progress.end(job, "FAILED", str(reason))
        return
    copy = _copy_of(job, job.point, source, destination)
    points.add(destination, copy)
    job.destination_point_arn = copy.arn
    progress.end(job, "COMPLETED")
    if job.removes_source:
        points.remove(source, job.point.arn)


def _copy_of(job: CopyJob, point: RecoveryPoint, source: Vault, destination: Vault) -> RecoveryPoint:
    """A copy is as old as its source: it keeps the date of creation, from which its retention counts."""
    now = clock.now()
    return RecoveryPoint(
        arn=points.new_arn(destination, point.content, point.resource_name, now),
        resource_arn=point.resource_arn,
        resource_type=point.resource_type,
        resource_name=point.resource_name,
        created=point.created,
        content=point.content,
        iam_role_arn=job.iam_role_arn,
        lifecycle=dict(job.lifecycle),
        created_by=job.created_by,
        source_vault_arn=source.arn,
        tags=dict(point.tags),
        completed=now,
    )


def _ends(job: CopyJob) -> tuple[Vault, Vault]:
    """The vaults that the copy leads from and to; CopyFailed with the reason why it cannot be made."""
    source, destination = find_vault(job.source_vault_arn), find_vault(job.destination_vault_arn)
    if source is None or job.point.arn not in seen_through(source):
        raise CopyFailed(f"Copy job failed. Recovery point {job.point.arn} does not exist any more.")
    if destination is None:
        raise CopyFailed(f"Copy job failed. Backup vault {job.destination_vault_arn} does not exist.")
    if destination.kind == RESTORE_ACCESS:
        raise CopyFailed(f"Copy job failed. {destination.name} is a restore access backup vault: it takes no copies.")
    content = job.point.content
    refusal = (
        other_services.role_refusal(job.iam_role_arn, job.region, _permissions(source, destination))
        or _account_refusal(job, destination)
        or _content_refusal(content, source, destination)
        or air_gap.unusable_image(source, job.point, destination.account, destination.region)
        or encryption.unusable_key(source, content)
        or encryption.unusable_key(destination, content)
    )
    if refusal:
        raise CopyFailed(f"Copy job failed. {refusal}")
    if not locks.fits(destination, job.lifecycle):
        raise CopyFailed(OUTSIDE)
    return source, destination


def _permissions(source: Vault, destination: Vault) -> list[Need]:
    return copy(source.arn, destination.arn, organization_path(destination.account))


def _account_refusal(job: CopyJob, destination: Vault) -> str:
    if destination.account != job.account:
        if job.point.storage_class == "COLD":
            return "A recovery point in cold storage cannot be copied to another account."
        if not organizations.same_organization(job.account, destination.account):
            return f"Account {destination.account} is not in the same organization as account {job.account}."
        if not settings.organization_allows(job.account, settings.CROSS_ACCOUNT):
            return "Cross-account backup is not enabled in the management account of the organization."
    if not access_policies.allows_copy_into(destination, job.account, job.iam_role_arn):
        denied = f"{destination.arn} does not allow {access_policies.COPY_INTO}."
        return f"Access Denied trying to call AWS Backup service: {denied}"
    return ""


def _content_refusal(content: Content, source: Vault, destination: Vault) -> str:
    if destination.kind == AIR_GAPPED:
        return air_gap.refusal(content)
    if content.aws_managed_key and not content.fully_managed and destination.account != source.account:
        return "A backup that is encrypted with an AWS managed key cannot be copied to another account."
    from_air_gap = source.kind in (AIR_GAPPED, RESTORE_ACCESS)
    if from_air_gap and not _has_own_key(destination):
        return f"Backup vault {destination.name} has to be encrypted with a customer managed key to take this copy."
    return ""


def _has_own_key(vault: Vault) -> bool:
    if vault.key_arn is None:
        return False
    key = other_services.kms_key(vault.key_arn, vault.account, vault.region)
    return key is None or not other_services.is_aws_managed(key)
