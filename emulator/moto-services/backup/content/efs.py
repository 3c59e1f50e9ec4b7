"""EFS: a file system as a resource, with its settings and tags. moto carries no files, so there are none to restore."""

from typing import Any

from emulator.world import ids

from ..common import other_services
from ..exceptions import NotModelled
from ..records.entities import Content
from .errors import RestoreFailed, required
from .resources import Resource

# What StartRestoreJob takes for a file system.
KEYS = (
    "file-system-id",
    "newFileSystem",
    "Encrypted",
    "KmsKeyId",
    "PerformanceMode",
    "CreationToken",
    "ItemsToRestore",
)
_DEFAULT_KEY = "alias/aws/elasticfilesystem"


def capture(resource: Resource, account: str, region: str) -> Content:
    system = other_services.efs(account, region).file_systems_by_id[resource.name_of_id]
    metadata = {
        "file-system-id": system.file_system_id,
        "Encrypted": str(bool(system.encrypted)).lower(),
        "PerformanceMode": system.performance_mode,
        "newFileSystem": "false",
    }
    data = {"account": account, "throughput_mode": system.throughput_mode}
    return Content("EFS", int(system.size_in_bytes["Value"]), data, metadata, _key_of(system, account, region))


def _key_of(system: Any, account: str, region: str) -> str | None:
    if not system.encrypted:
        return None
    key = other_services.kms_key(system.kms_key_id or _DEFAULT_KEY, account, region)
    return other_services.aws_managed_key(_DEFAULT_KEY, account, region) if key is None else str(key.arn)


def check(metadata: dict[str, str]) -> None:
    """NotModelled for what needs files: a restore into an existing file system, or of single items."""
    if metadata.get("newFileSystem", "").lower() == "false" or metadata.get("ItemsToRestore"):
        raise NotModelled("Restoring files of EFS (into an existing file system, or single items)")


def restore(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    required(metadata, "newFileSystem")
    encrypted = metadata.get("Encrypted", "").lower() == "true"
    token = metadata.get("CreationToken") or ids.uuid("restored-file-system")
    backend = other_services.efs(account, region)
    if token in backend.creation_tokens:
        raise RestoreFailed(f"A file system with the creation token {token} exists already.")
    system = backend.create_file_system(
        token,
        metadata.get("PerformanceMode") or content.restore_metadata["PerformanceMode"],
        encrypted,
        _key(metadata, account, region) if encrypted else None,
        content.data["throughput_mode"],
        None,
        None,
        False,
        [],
    )
    return str(system.file_system_arn)


def _key(metadata: dict[str, str], account: str, region: str) -> str:
    name = metadata.get("KmsKeyId") or _DEFAULT_KEY
    if name == _DEFAULT_KEY:
        return other_services.aws_managed_key(_DEFAULT_KEY, account, region)
    key = other_services.kms_key(name, account, region)
    if key is None:
        raise RestoreFailed(f"Key {name} does not exist in account {account} and Region {region}.")
    return str(key.arn)


# Restore testing


def infer(content: Content, _account: str, _region: str) -> dict[str, str]:
    return {
        "Encrypted": "true",
        "file-system-id": content.restore_metadata["file-system-id"],
        "KmsKeyId": _DEFAULT_KEY,
        "newFileSystem": "true",
        "PerformanceMode": "generalPurpose",
    }


def discard(arn: str, account: str, region: str) -> None:
    backend = other_services.efs(account, region)
    system_id = arn.rpartition("/")[2]
    if system_id in backend.file_systems_by_id:
        backend.delete_file_system(system_id)
