"""Restore jobs. They name a recovery point and no vault: what counts is that the caller can reach it at that moment."""

from dataclasses import dataclass
from datetime import UTC, datetime

from moto.core.exceptions import JsonRESTError, ServiceException

from emulator.world import choices, clock, ids

from ..common import encryption, other_services, state_events
from ..common.roles import check_role
from ..content import by_type, efs, resources
from ..content.by_type import RestoreFailed
from ..exceptions import (
    AccessDeniedException,
    InvalidParameterValueException,
    InvalidRequestException,
    MissingParameterValueException,
    NotModelled,
    ResourceNotFoundException,
)
from ..models import BackupBackend, backend_of, find_point
from ..protection import air_gap
from ..records.entities import AIR_GAPPED, Content, RecoveryPoint, RestoreAccessVault, RestoreJob, RestoreTest, Vault
from ..recovery_points import continuous, points
from . import progress, restore_validation, retention

choices.offer(
    "backup.unknown-restore-metadata",
    ("refused", "ignored"),
    "AWS documents the metadata of each type, and not what it does with other names.",
)


@dataclass
class Order:
    """What a restore job has to do, whoever asked for it."""

    point_arn: str
    metadata: dict[str, str]
    role_arn: str | None = None
    resource_type: str | None = None
    with_tags: bool = False
    test: RestoreTest | None = None


def reach(backend: BackupBackend, point_arn: str) -> tuple[Vault, RecoveryPoint]:
    """The point, and the vault through which this account reaches it: own, shared with it, or opened for it by vote."""
    found = find_point(point_arn, backend.account, backend.region)
    if found is None:
        raise ResourceNotFoundException(f"Recovery point {point_arn} does not exist.")
    vault, point = found
    if vault.account == backend.account:
        return vault, point
    for own in backend.vaults.values():
        if isinstance(own, RestoreAccessVault) and own.source_arn == vault.arn and own.state == "AVAILABLE":
            return own, point
    if vault.kind == AIR_GAPPED and other_services.shared_with(vault.arn, backend.account):
        return vault, point
    raise AccessDeniedException


def start_on_demand(backend: BackupBackend, order: Order, token: str | None) -> RestoreJob:
    """StartRestoreJob: what can be seen to be wrong at once is refused at once."""
    if token and f"restore:{token}" in backend.tokens:
        return backend.restore_jobs[backend.tokens[f"restore:{token}"]]
    vault, point = reach(backend, order.point_arn)
    if not order.role_arn:
        raise MissingParameterValueException("The parameter IamRoleArn is required for this resource type.")
    check_role(backend, order.role_arn)
    if order.resource_type is not None and order.resource_type != point.resource_type:
        message = f"ResourceType: {order.point_arn} is a recovery point of {point.resource_type}."
        raise InvalidParameterValueException(message)
    if point.deleting is not None:
        raise InvalidRequestException(f"Recovery point {order.point_arn} is being deleted.")
    order.metadata, unknown = by_type.named(point.resource_type, order.metadata)
    if unknown and choices.taken("backup.unknown-restore-metadata") == "refused":
        raise InvalidParameterValueException(f"Invalid restore metadata. Unrecognized key: {', '.join(unknown)}.")
    _check_modelled(point, order.metadata)
    job = start(backend, order, vault, point)
    if token:
        backend.tokens[f"restore:{token}"] = job.job_id
    return job


def _check_modelled(point: RecoveryPoint, metadata: dict[str, str]) -> None:
    if point.resource_type == "EFS":
        efs.check(metadata)
    if point.continuous and point.resource_type != "S3":
        raise NotModelled(f"Restoring a continuous backup of {point.resource_type} to a moment")


def start(backend: BackupBackend, order: Order, vault: Vault, point: RecoveryPoint) -> RestoreJob:
    job = RestoreJob(
        ids.uuid("restore-job").upper(),
        backend.account,
        backend.region,
        clock.now(),
        "PENDING",
        progress.first_step(),
        iam_role_arn=order.role_arn or "",
        point=point,
        vault_arn=vault.arn,
        metadata=order.metadata,
        resource_type=point.resource_type,
        with_tags=order.with_tags,
        test=order.test,
    )
    retention.forget_old(backend.restore_jobs)
    backend.restore_jobs[job.job_id] = job
    state_events.restore_created(job)
    progress.enter(job)
    return job


@progress.finishes("restore")
def _finish(job: RestoreJob) -> None:
    backend = backend_of(job.account, job.region)
    try:
        vault, _ = reach(backend, job.point.arn)
    except (AccessDeniedException, ResourceNotFoundException):
        progress.end(job, "FAILED", f"Recovery point {job.point.arn} cannot be reached any more.")
        return
    try:
        _check_role(job)
        _check_key(vault, job.point)
        _check_image(vault, job)
        job.created_resource_arn = by_type.restore(_content(job), job.metadata, job.account, job.region)
    except (RestoreFailed, ServiceException, JsonRESTError) as reason:
        # What the service of the resource refuses, such as a name that it does not take, ends the job and nothing else.
        progress.end(job, "FAILED", str(reason))
        return
    tags = dict(job.point.content.tags) if job.with_tags else {}
    if job.test is not None:
        tags |= restore_validation.tags(job)
    resources.tag(job.created_resource_arn, tags, job.account, job.region)
    job.point.last_restored = clock.now()
    progress.end(job, "COMPLETED")
    if job.test is not None:
        restore_validation.begin(job)


def _check_role(job: RestoreJob) -> None:
    if not other_services.role_exists(job.iam_role_arn):
        raise RestoreFailed(f"IAM Role cannot be assumed by AWS Backup: there is no role {job.iam_role_arn} any more.")
    refusal = other_services.role_refusal(job.iam_role_arn, job.region)
    if refusal:
        raise RestoreFailed(refusal)


def _check_key(vault: Vault, point: RecoveryPoint) -> None:
    unusable = encryption.unusable_key(vault, point.content)
    if unusable:
        raise RestoreFailed(f"{unusable} The recovery point cannot be decrypted.")


def _check_image(vault: Vault, job: RestoreJob) -> None:
    unusable = air_gap.unusable_image(vault, job.point, job.account, job.region)
    if unusable:
        raise RestoreFailed(unusable)


def _content(job: RestoreJob) -> Content:
    """What the point holds; of a continuous one what it held at the moment that the metadata names."""
    text = job.metadata.get("RestoreTime")
    if not job.point.continuous:
        if text:
            raise RestoreFailed("RestoreTime is given, and the recovery point is no continuous backup.")
        return job.point.content
    latest = max(continuous.range_of(job.point, job.created))
    return continuous.content_at(job.point, _moment(text) if text else latest, job.created)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RestoreFailed(f"RestoreTime is {text!r}; write it like 2026-11-27T03:30:27Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def restore_metadata(vault: Vault, point_arn: str) -> tuple[RecoveryPoint, dict[str, str]]:
    point = points.point_of(vault, point_arn)
    return point, dict(point.content.restore_metadata)
