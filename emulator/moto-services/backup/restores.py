"""Restore jobs. They name a recovery point and no vault: what counts is that the caller can reach it at that moment."""

from emulator import clock, ids

from . import content, encryption, neighbours, points, progress, resources
from .content import RestoreFailed
from .exceptions import (
    AccessDeniedException,
    InvalidParameterValueException,
    MissingParameterValueException,
    ResourceNotFoundException,
)
from .jobs import check_role
from .models import BackupBackend, backend_of, find_point
from .nouns import AIR_GAPPED, RecoveryPoint, RestoreAccessVault, RestoreJob, Vault


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
    if vault.kind == AIR_GAPPED and neighbours.shared_with(vault.arn, backend.account):
        return vault, point
    raise AccessDeniedException


def start(
    backend: BackupBackend,
    point_arn: str,
    metadata: dict[str, str],
    role_arn: str | None,
    resource_type: str | None,
    with_tags: bool,
    token: str | None,
) -> RestoreJob:
    if token and f"restore:{token}" in backend.tokens:
        return backend.restore_jobs[backend.tokens[f"restore:{token}"]]
    vault, point = reach(backend, point_arn)
    if not role_arn:
        raise MissingParameterValueException("The parameter IamRoleArn is required for this resource type.")
    check_role(backend, role_arn)
    if resource_type is not None and resource_type != point.resource_type:
        raise InvalidParameterValueException(f"ResourceType: {point_arn} is a recovery point of {point.resource_type}.")
    job = RestoreJob(
        ids.uuid("restore-job").upper(),
        backend.account,
        backend.region,
        clock.now(),
        "PENDING",
        progress.first_step(),
        iam_role_arn=role_arn,
        point=point,
        vault_arn=vault.arn,
        metadata=metadata,
        resource_type=point.resource_type,
        with_tags=with_tags,
    )
    backend.restore_jobs[job.job_id] = job
    if token:
        backend.tokens[f"restore:{token}"] = job.job_id
    progress.enter("restore", job)
    return job


@progress.finishes("restore")
def _finish(job: RestoreJob) -> None:
    backend = backend_of(job.account, job.region)
    backend.pending.pop(job.job_id, None)
    try:
        vault, _ = reach(backend, job.point.arn)
    except (AccessDeniedException, ResourceNotFoundException):
        progress.end(job, "FAILED", f"Recovery point {job.point.arn} cannot be reached any more.")
        return
    try:
        _check_key(vault, job.point)
        job.created_resource_arn = content.restore(job.point.content, job.metadata, job.account, job.region)
    except RestoreFailed as reason:
        progress.end(job, "FAILED", str(reason))
        return
    if job.with_tags:
        resources.tag(job.created_resource_arn, job.point.content.tags, job.account, job.region)
    progress.end(job, "COMPLETED")
    job.point.last_restored = job.completed


def _check_key(vault: Vault, point: RecoveryPoint) -> None:
    unusable = encryption.unusable_key(vault, point.content)
    if unusable:
        raise RestoreFailed(f"{unusable} The recovery point cannot be decrypted.")


def restore_metadata(vault: Vault, point_arn: str) -> tuple[RecoveryPoint, dict[str, str]]:
    point = points.point_of(vault, point_arn)
    return point, dict(point.content.restore_metadata)
