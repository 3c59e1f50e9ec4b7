"""The content of a backup: taken from a live resource, and made into a new resource again."""

from collections.abc import Callable
from typing import NamedTuple

from ..records.entities import Content
from . import dynamodb, ebs, ec2, efs, rds, s3
from .errors import BackupFailed, RestoreFailed
from .resources import Resource

Metadata = dict[str, str]


class _Kind(NamedTuple):
    """What is done with one type: `keys` are the names that its restore metadata can have, `infer` makes the metadata
    of a restore test, and `discard` takes a restored resource away again."""

    keys: tuple[str, ...]
    capture: Callable[[Resource, str, str], Content]
    restore: Callable[[Content, Metadata, str, str], str]
    infer: Callable[[Content, str, str], Metadata]
    discard: Callable[[str, str, str], None]


_CLUSTER = _Kind(
    rds.CLUSTER_KEYS,
    rds.capture_cluster,
    rds.restore_cluster,
    rds.infer_cluster,
    rds.discard_cluster,
)
_KINDS = {
    "Aurora": _CLUSTER,
    "DocumentDB": _CLUSTER,
    "DynamoDB": _Kind(
        dynamodb.KEYS,
        dynamodb.capture,
        dynamodb.restore,
        dynamodb.infer,
        dynamodb.discard,
    ),
    "EBS": _Kind(ebs.KEYS, ebs.capture, ebs.restore, ebs.infer, ebs.discard),
    "EC2": _Kind(ec2.KEYS, ec2.capture, ec2.restore, ec2.infer, ec2.discard),
    "EFS": _Kind(efs.KEYS, efs.capture, efs.restore, efs.infer, efs.discard),
    "Neptune": _CLUSTER,
    "RDS": _Kind(
        rds.INSTANCE_KEYS,
        rds.capture_instance,
        rds.restore_instance,
        rds.infer_instance,
        rds.discard_instance,
    ),
    "S3": _Kind(s3.KEYS, s3.capture, s3.restore, s3.infer, s3.discard),
}

SUPPORTED = tuple(_KINDS)


def capture(resource: Resource, account: str, region: str) -> Content:
    """The resource as it is now; BackupFailed with a sentence where it cannot be backed up."""
    return _KINDS[resource.resource_type].capture(resource, account, region)


def restore(content: Content, metadata: Metadata, account: str, region: str) -> str:
    """Make a new resource of the content; its ARN. RestoreFailed with a sentence where that is impossible."""
    return _KINDS[content.resource_type].restore(content, metadata, account, region)


def infer(content: Content, account: str, region: str) -> Metadata:
    """The least metadata that a restore test of this content needs."""
    return _KINDS[content.resource_type].infer(content, account, region)


def discard(resource_type: str, arn: str, account: str, region: str) -> None:
    """Take a resource away that a restore test made; nothing to do when it is gone already."""
    _KINDS[resource_type].discard(arn, account, region)


def named(resource_type: str, metadata: Metadata) -> tuple[Metadata, list[str]]:
    """The metadata by the documented names (their case does not matter), and the names that the type does not know."""
    if resource_type not in _KINDS:
        return metadata, []
    known = {key.lower(): key for key in _KINDS[resource_type].keys}
    unknown = [key for key in metadata if key.lower() not in known]
    return {known.get(key.lower(), key): value for key, value in metadata.items()}, unknown


__all__ = ["SUPPORTED", "BackupFailed", "RestoreFailed", "capture", "discard", "infer", "named", "restore"]
