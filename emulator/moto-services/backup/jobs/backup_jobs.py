"""Backup jobs, on demand and by plan."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from emulator.world import agenda, choices, clock, ids, pace

from ..common import encryption, other_services, settings
from ..common.roles import check_role
from ..content import by_type, resources
from ..content.by_type import BackupFailed
from ..content.resources import Resource
from ..exceptions import InvalidParameterValueException, InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend, air_gapped_vault, backend_of
from ..protection import air_gap, locks
from ..records.entities import STANDARD, BackupJob, Content, Lifecycle, RecoveryPoint, Vault
from ..recovery_points import continuous, points
from . import copy_jobs, progress, retention

OUTSIDE = "Backup job failed because the lifecycle is outside the valid range for backup vault."
NOT_STARTED = "Backup job expired: it did not start within its start window."
NOT_COMPLETED = "Backup job expired: it was not completed within its completion window."
STOPPED = "Backup job was stopped by user."

DEFAULT_START_WINDOW = 480
_SHORTEST_WINDOW = 60
_LONGEST_WINDOW = 52_560_000
_ABORTING = timedelta(minutes=1)
_NEVER_STOPPED = ("Aurora", "DocumentDB", "FSx", "Neptune", "RDS", "SAP HANA on Amazon EC2")

choices.offer(
    "backup.job-start",
    ("at once", "not within the start window"),
    "AWS starts a job at some moment of its start window, and expires it when it could not; why it could not depends "
    "on load and limits that are not published.",
)


@dataclass
class Order:
    """What a backup job has to do, whoever asked for it."""

    vault_name: str
    resource_arn: str
    iam_role_arn: str
    lifecycle: Lifecycle
    air_gapped_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    copies: list[dict[str, Any]] = field(default_factory=list)
    created_by: dict[str, str] | None = None
    start_window: int | None = None
    complete_window: int | None = None
    options: dict[str, str] = field(default_factory=dict)
    continuous: bool = False


def start_on_demand(backend: BackupBackend, order: Order, token: str | None) -> BackupJob:
    """StartBackupJob: what can be seen to be wrong at once is refused at once."""
    if token and f"backup:{token}" in backend.tokens:
        return backend.backup_jobs[backend.tokens[f"backup:{token}"]]
    vault = backend.vault(order.vault_name)
    if vault.kind != STANDARD:
        raise InvalidRequestException(f"Backup vault {vault.name} cannot take a backup job: its type is {vault.kind}.")
    check_role(backend, order.iam_role_arn)
    locks.check_lifecycle(order.lifecycle)
    _check_windows(order)
    check_air_gapped_target(backend, order.air_gapped_arn)
    if resources.type_of(order.resource_arn) is None:
        raise InvalidParameterValueException(f"ResourceArn: {order.resource_arn} cannot be backed up here.")
    if resources.find(order.resource_arn, backend.account, backend.region) is None:
        raise ResourceNotFoundException(f"Resource {order.resource_arn} does not exist in this account and Region.")
    job = start(backend, order)
    if token:
        backend.tokens[f"backup:{token}"] = job.job_id
    return job


def _check_windows(order: Order) -> None:
    if order.start_window is not None and not _SHORTEST_WINDOW <= order.start_window <= _LONGEST_WINDOW:
        bounds = f"between {_SHORTEST_WINDOW} and {_LONGEST_WINDOW}"
        raise InvalidParameterValueException(f"StartWindowMinutes is {order.start_window}; it has to lie {bounds}.")
    if order.complete_window is not None and not 1 <= order.complete_window <= _LONGEST_WINDOW:
        bounds = f"between 1 and {_LONGEST_WINDOW}"
        raise InvalidParameterValueException(
            f"CompleteWindowMinutes is {order.complete_window}; it has to lie {bounds}."
        )


def check_air_gapped_target(backend: BackupBackend, vault_arn: str | None) -> None:
    """A primary target is an air-gapped vault of the same account and Region."""
    if vault_arn is None:
        return
    vault = air_gapped_vault(vault_arn)
    if vault is None or (vault.account, vault.region) != (backend.account, backend.region):
        message = f"{vault_arn} is not a logically air-gapped vault of this account and Region."
        raise InvalidParameterValueException(message)


def start(backend: BackupBackend, order: Order) -> BackupJob:
    """Start a job; the content is that of this moment, and whatever is wrong ends the job as FAILED."""
    resource = resources.find(order.resource_arn, backend.account, backend.region)
    kind = resource.resource_type if resource else resources.type_of(order.resource_arn)
    job = BackupJob(
        ids.uuid("backup-job").upper(),
        backend.account,
        backend.region,
        clock.now(),
        "CREATED",
        progress.first_step(),
        iam_role_arn=order.iam_role_arn,
        vault_name=order.vault_name,
        air_gapped_arn=order.air_gapped_arn,
        resource_arn=order.resource_arn,
        resource_type=kind or "",
        resource_name="" if resource is None else resource.name,
        lifecycle=order.lifecycle,
        tags=order.tags,
        copies=order.copies,
        created_by=order.created_by,
        start_window=order.start_window or DEFAULT_START_WINDOW,
        complete_window=order.complete_window,
        options=order.options,
        continuous=order.continuous and kind in continuous.TYPES,
    )
    try:
        job.content = _capture(backend, job, resource)
    except BackupFailed as reason:
        job.failure = str(reason)
    retention.forget_old(backend.backup_jobs)
    backend.backup_jobs[job.job_id] = job
    progress.enter(job)
    if job.complete_by - job.created < progress.UNTIL_OVER:
        progress.at(job, job.complete_by, "backup.job_expires")
    return job


@progress.starts("backup")
def _starts(job: BackupJob) -> bool:
    """A job that starts is over before its windows end, unless they are very short; only another one gets an event."""
    if choices.taken("backup.job-start") == "at once":
        job.started = clock.now()
        return True
    if not job.expires:
        job.expires = True
        progress.at(job, min(job.start_by, job.complete_by), "backup.job_expires")
    return False


@agenda.handler("backup.job_expires")
def _job_expires(account: str, region: str, job_id: str) -> None:
    job = progress.waiting(account, region, job_id)
    if isinstance(job, BackupJob):
        progress.end(job, "EXPIRED", NOT_STARTED if job.started is None else NOT_COMPLETED)


def _capture(backend: BackupBackend, job: BackupJob, resource: Resource | None) -> Content:
    if resource is None:
        raise BackupFailed(f"Resource {job.resource_arn} does not exist in this account and Region.")
    refusal = other_services.role_refusal(job.iam_role_arn, job.region)
    if refusal:
        raise BackupFailed(refusal)
    vault = backend.vaults.get(job.vault_name)
    if vault is None:
        raise BackupFailed(f"Backup vault {job.vault_name} does not exist in this account and Region.")
    captured = by_type.capture(resource, backend.account, backend.region)
    if job.continuous:
        continuous.check(backend, job.resource_arn, vault, job.air_gapped_arn, job.lifecycle)
    captured.tags = dict(resource.tags)
    captured.fully_managed = settings.fully_managed(backend, captured.resource_type)
    if captured.kms_key_arn is not None:
        key = other_services.kms_key(captured.kms_key_arn, backend.account, backend.region)
        captured.aws_managed_key = key is not None and other_services.is_aws_managed(key)
    unusable = encryption.unusable_key(vault, captured)
    if unusable:
        raise BackupFailed(f"Backup job failed. {unusable}")
    return captured


@progress.finishes("backup")
def _finish(job: BackupJob) -> None:
    backend = backend_of(job.account, job.region)
    vault = backend.vaults.get(job.vault_name)
    if job.state == "ABORTING":
        progress.end(job, "ABORTED", STOPPED)
    elif job.failure or vault is None or job.content is None:
        progress.end(job, "FAILED", job.failure or f"Backup vault {job.vault_name} does not exist any more.")
    elif job.air_gapped_arn is not None:
        _finish_with_air_gapped_target(backend, job, vault, job.content)
    else:
        _finish_in(backend, job, vault, job.content)


def _finish_in(backend: BackupBackend, job: BackupJob, vault: Vault, captured: Content, message: str = "") -> None:
    """The plain case: the point goes into the vault, and the plan's copies start from there."""
    if not locks.fits(vault, job.lifecycle):
        progress.end(job, "FAILED", OUTSIDE)
        return
    if job.continuous:
        point = continuous.go_on(backend, vault, job.resource_arn, job.lifecycle) or _point(
            job, vault, captured, job.lifecycle
        )
        job.point_arn = point.arn
    else:
        point = _point(job, vault, captured, job.lifecycle)
    progress.end(job, "COMPLETED", message)
    for action in job.copies:
        order = copy_jobs.Order(
            vault, point, action["DestinationBackupVaultArn"], job.iam_role_arn, action.get("Lifecycle") or {}
        )
        copy_jobs.start(backend, order, job.created_by, job.job_id)


def _finish_with_air_gapped_target(backend: BackupBackend, job: BackupJob, vault: Vault, captured: Content) -> None:
    """Straight into the air-gapped vault, or by way of a temporary point in the standard vault.

    What cannot enter stays in the standard vault, and the job is COMPLETED all the same: only its message tells.
    """
    target = air_gapped_vault(job.air_gapped_arn or "")
    refusal = air_gap.refusal(captured)
    if target is None:
        progress.end(job, "FAILED", f"Backup vault {job.air_gapped_arn} does not exist any more.")
    elif refusal:
        _finish_in(backend, job, vault, captured, refusal)
    elif not locks.fits(target, job.lifecycle):
        progress.end(job, "FAILED", OUTSIDE)
    elif captured.fully_managed:
        job.vault_name = target.name
        _finish_in(backend, job, target, captured)
    else:
        point = _point(job, vault, captured, {"DeleteAfterEvent": "DELETE_AFTER_COPY"})
        progress.end(job, "COMPLETED")
        order = copy_jobs.Order(vault, point, target.arn, job.iam_role_arn, job.lifecycle, removes_source=True)
        copy_jobs.start(backend, order, job.created_by, job.job_id)


def _point(job: BackupJob, vault: Vault, captured: Content, lifecycle: Lifecycle) -> RecoveryPoint:
    point = RecoveryPoint(
        arn=points.new_arn(vault, captured, job.resource_name, job.created),
        resource_arn=job.resource_arn,
        resource_type=job.resource_type,
        resource_name=job.resource_name,
        created=job.created,
        content=captured,
        iam_role_arn=job.iam_role_arn,
        lifecycle=dict(lifecycle),
        created_by=job.created_by,
        tags=dict(job.tags),
        completed=clock.now(),
    )
    job.point_arn = point.arn
    if job.continuous:
        continuous.begin(backend_of(vault.account, vault.region), point)
    points.add(vault, point)
    return point


def stop(backend: BackupBackend, job_id: str) -> None:
    """ABORTING first, and ABORTED later. What the types' own services make cannot be stopped."""
    job = backend.backup_jobs.get(job_id)
    if job is None:
        raise ResourceNotFoundException(f"Backup job {job_id} does not exist.")
    if job.over or job.state == "ABORTING":
        raise InvalidRequestException(
            f"Backup job {job_id} is {job.state}; only a job that is not over can be stopped."
        )
    if job.resource_type in _NEVER_STOPPED:
        raise InvalidRequestException(f"Backup job {job_id} cannot be stopped: it backs up {job.resource_type}.")
    progress.move(job, "ABORTING")
    job.step = pace.step(_ABORTING)
    progress.at(job, job.step.due, "backup.job_ends")
