"""Tiering configurations of S3 backups: kept and checked. A tier has no effect but on cost, so nothing moves here."""

import copy
from typing import Any

from emulator.world import clock, ids

from ..exceptions import (
    AlreadyExistsException,
    ConflictException,
    InvalidParameterValueException,
    LimitExceededException,
    ResourceNotFoundException,
)
from ..models import BackupBackend
from ..records.governance import Tiering

_EVERY_VAULT = "*"
_MOST_SELECTIONS = 5


def create(backend: BackupBackend, wanted: dict[str, Any], token: str | None, tags: dict[str, str]) -> Tiering:
    name = wanted["TieringConfigurationName"]
    earlier = backend.governance.tierings.get(name)
    if earlier is not None:
        if token is not None and token == earlier.token:
            return earlier
        raise AlreadyExistsException(f"A tiering configuration with the name {name} already exists.", arn=earlier.arn)
    _check(backend, wanted, None)
    arn = f"arn:aws:backup:{backend.region}:{backend.account}:tiering-configuration:{name}-{ids.uuid('backup-tiering')}"
    tiering = Tiering(
        arn=arn,
        created=clock.now(),
        token=token,
        tags=tags,
        name=name,
        vault_name=wanted["BackupVaultName"],
        selections=copy.deepcopy(wanted["ResourceSelection"]),
    )
    backend.governance.tierings[name] = tiering
    return tiering


def update(backend: BackupBackend, name: str, wanted: dict[str, Any]) -> Tiering:
    tiering = find(backend, name)
    _check(backend, wanted, tiering)
    tiering.vault_name = wanted["BackupVaultName"]
    tiering.selections = copy.deepcopy(wanted["ResourceSelection"])
    tiering.updated = clock.now()
    return tiering


def delete(backend: BackupBackend, name: str) -> None:
    del backend.governance.tierings[find(backend, name).name]


def find(backend: BackupBackend, name: str) -> Tiering:
    tiering = backend.governance.tierings.get(name)
    if tiering is None:
        raise ResourceNotFoundException(f"Tiering configuration {name} does not exist in this account and Region.")
    return tiering


def _check(backend: BackupBackend, wanted: dict[str, Any], changed: Tiering | None) -> None:
    vault_name = wanted["BackupVaultName"]
    if vault_name != _EVERY_VAULT and vault_name not in backend.vaults:
        raise InvalidParameterValueException(f"BackupVaultName: there is no backup vault {vault_name} here.")
    selections = wanted["ResourceSelection"]
    if not selections:
        raise InvalidParameterValueException("ResourceSelection has to name at least one selection.")
    if len(selections) > _MOST_SELECTIONS:
        raise LimitExceededException(f"A tiering configuration has at most {_MOST_SELECTIONS} selections.")
    for selection in selections:
        if selection["ResourceType"] != "S3":
            raise InvalidParameterValueException(f"ResourceType is {selection['ResourceType']!r}; only S3 has tiers.")
        if not selection["Resources"]:
            raise InvalidParameterValueException("Resources: a selection names resources, or '*' for all.")
    others = [one for one in backend.governance.tierings.values() if one is not changed]
    if any(one.vault_name == vault_name for one in others):
        raise ConflictException(f"Backup vault {vault_name} has a tiering configuration already.")
