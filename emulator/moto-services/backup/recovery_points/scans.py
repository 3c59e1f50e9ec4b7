"""Malware scan jobs: accepted, checked and kept. Nothing is scanned yet, and a job says so by failing."""

import copy
from typing import Any

from emulator.world import clock, ids

from ..common.roles import check_role
from ..exceptions import InvalidParameterValueException, InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend
from ..records.entities import AIR_GAPPED, RecoveryPoint, Vault
from ..records.governance import ScanJob, passing
from . import points

_TYPES = ("EBS", "EC2", "S3")
NOT_SCANNED = "EMULATOR, not AWS: nothing was scanned, see emulator/FIDELITY.md."


def start(backend: BackupBackend, request: dict[str, Any]) -> ScanJob:
    """A job about one point of this account: CREATED, RUNNING and then FAILED, because nobody scans."""
    token = request.get("IdempotencyToken")
    for earlier in backend.governance.scans.values():
        if token is not None and token == earlier.token:
            return earlier
    vault = backend.vault(request["BackupVaultName"])
    point = points.point_of(vault, request["RecoveryPointArn"])
    for role in (request["IamRoleArn"], request["ScannerRoleArn"]):
        check_role(backend, role)
    _check_point(vault, point, request)
    job_id = ids.uuid("backup-scan-job").upper()
    job = ScanJob(
        arn="",
        created=clock.now(),
        token=token,
        passing=passing("CREATED"),
        job_id=job_id,
        account=backend.account,
        vault_name=vault.name,
        vault_arn=vault.arn,
        point_arn=point.arn,
        resource=(point.resource_arn, point.resource_type, point.resource_name),
        request=copy.deepcopy(request),
    )
    backend.governance.scans[job_id] = job
    return job


def _check_point(vault: Vault, point: RecoveryPoint, request: dict[str, Any]) -> None:
    if point.resource_type not in _TYPES:
        message = f"Recovery point {point.arn} is of type {point.resource_type}; scanned are {', '.join(_TYPES)}."
        raise InvalidParameterValueException(message)
    if request["ScanMode"] == "FULL_SCAN":
        return
    base = request.get("ScanBaseRecoveryPointArn")
    if base is None:
        raise InvalidParameterValueException("ScanBaseRecoveryPointArn: an incremental scan needs a base.")
    if base not in vault.points:
        raise ResourceNotFoundException(f"Recovery point {base} does not exist in backup vault {vault.name}.")
    copied = point.source_vault_arn is not None
    if point.resource_type == "EC2" and (vault.kind == AIR_GAPPED or copied):
        raise InvalidRequestException("EC2 points in air-gapped vaults, and copies, are scanned in full only.")


def find(backend: BackupBackend, job_id: str) -> ScanJob:
    job = backend.governance.scans.get(job_id)
    if job is None:
        raise ResourceNotFoundException(f"Scan job {job_id} does not exist in this account and Region.")
    return job


def state(job: ScanJob) -> str:
    stage = job.stage()
    return "FAILED" if stage == "OVER" else stage


def no_result(backend: BackupBackend, vault_name: str, point_arn: str) -> None:
    """What a look for results finds: no scan ever came to an end here."""
    points.point_of(backend.vault(vault_name), point_arn)
    raise ResourceNotFoundException(f"Recovery point {point_arn} has no malware scan results.")
