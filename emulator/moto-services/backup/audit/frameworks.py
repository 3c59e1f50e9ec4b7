"""Frameworks of Backup Audit Manager: kept and checked; no control is evaluated yet."""

import copy
import sys
from typing import Any

from emulator.world import clock, ids

from ..exceptions import AlreadyExistsException, LimitExceededException
from ..models import BackupBackend
from ..records.governance import Framework, passing
from . import controls, deployments

_KIND = "Framework"
_MOST_FRAMEWORKS = 15
_MOST_CONTROLS = 50

# What AWS Config has to record for a framework to be active.
_RECORDED = (
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::BackupVault",
    "AWS::Backup::RecoveryPoint",
)


def create(
    backend: BackupBackend,
    name: str,
    wanted: list[dict[str, Any]],
    description: str | None,
    token: str | None,
    tags: dict[str, str],
) -> Framework:
    """Deployed after a while; the same request with the same token is the same framework."""
    earlier = deployments.present(backend.governance.frameworks).get(name)
    if earlier is not None:
        if token is not None and token == earlier.token and wanted == earlier.controls:
            return earlier
        raise AlreadyExistsException(f"A framework with the name {name} already exists.", arn=earlier.arn)
    controls.check(wanted)
    if len(backend.governance.frameworks) >= _MOST_FRAMEWORKS:
        raise LimitExceededException(
            f"This account has {_MOST_FRAMEWORKS} frameworks in {backend.region}, the most allowed."
        )
    _check_number(backend, wanted)
    arn = f"arn:aws:backup:{backend.region}:{backend.account}:framework:{name}-{ids.uuid('backup-framework')}"
    framework = Framework(
        arn=arn,
        created=clock.now(),
        token=token,
        tags=tags,
        passing=passing("CREATE_IN_PROGRESS"),
        name=name,
        controls=copy.deepcopy(wanted),
        description=description,
    )
    backend.governance.frameworks[name] = framework
    return framework


def update(
    backend: BackupBackend, name: str, wanted: list[dict[str, Any]] | None, description: str | None, token: str | None
) -> Framework:
    framework = deployments.settled(backend.governance.frameworks, _KIND, name)
    if wanted is not None:
        controls.check(wanted)
        _check_number(backend, wanted, besides=framework)
        framework.controls = copy.deepcopy(wanted)
    if description is not None:
        framework.description = description
    framework.token = token
    framework.passing = passing("UPDATE_IN_PROGRESS")
    return framework


def delete(backend: BackupBackend, name: str) -> None:
    deployments.delete(backend.governance.frameworks, _KIND, name)


def find(backend: BackupBackend, name: str) -> Framework:
    return deployments.find(backend.governance.frameworks, _KIND, name)


def all_of(backend: BackupBackend) -> list[Framework]:
    return list(deployments.present(backend.governance.frameworks).values())


def recording(backend: BackupBackend) -> str:
    """FrameworkStatus: whether AWS Config records what the controls need."""
    module: Any = sys.modules.get("moto.config.models")
    if module is None or backend.account not in module.config_backends:
        return "INACTIVE"
    recorders = module.config_backends[backend.account][backend.region].recorders.values()
    recorded = [_RECORDED if _everything(one) else _types(one) for one in recorders if one.status.recording]
    found = {kind for kinds in recorded for kind in kinds if kind in _RECORDED}
    if not found:
        return "INACTIVE"
    return "ACTIVE" if len(found) == len(_RECORDED) else "PARTIALLY_ACTIVE"


def _everything(recorder: Any) -> bool:
    return bool(recorder.recording_group.all_supported)


def _types(recorder: Any) -> tuple[str, ...]:
    return tuple(recorder.recording_group.resource_types or ())


def _check_number(backend: BackupBackend, wanted: list[dict[str, Any]], besides: Framework | None = None) -> None:
    others = [one for one in backend.governance.frameworks.values() if one is not besides]
    if sum(len(one.controls) for one in others) + len(wanted) > _MOST_CONTROLS:
        message = f"All frameworks of this account together have at most {_MOST_CONTROLS} controls in {backend.region}."
        raise LimitExceededException(message)
