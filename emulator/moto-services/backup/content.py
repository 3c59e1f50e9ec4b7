"""The content of a backup: taken from a live resource, and made into a new resource again."""

from collections.abc import Callable
from typing import NamedTuple

from . import content_dynamodb, content_ebs, content_ec2, content_efs, content_rds, content_s3
from .content_errors import BackupFailed, RestoreFailed
from .nouns import Content
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
    content_rds.CLUSTER_KEYS,
    content_rds.capture_cluster,
    content_rds.restore_cluster,
    content_rds.infer_cluster,
    content_rds.discard_cluster,
)
_KINDS = {
    "Aurora": _CLUSTER,
    "DocumentDB": _CLUSTER,
    "DynamoDB": _Kind(
        content_dynamodb.KEYS,
        content_dynamodb.capture,
        content_dynamodb.restore,
        content_dynamodb.infer,
        content_dynamodb.discard,
    ),
    "EBS": _Kind(content_ebs.KEYS, content_ebs.capture, content_ebs.restore, content_ebs.infer, content_ebs.discard),
    "EC2": _Kind(content_ec2.KEYS, content_ec2.capture, content_ec2.restore, content_ec2.infer, content_ec2.discard),
    "EFS": _Kind(content_efs.KEYS, content_efs.capture, content_efs.restore, content_efs.infer, content_efs.discard),
    "Neptune": _CLUSTER,
    "RDS": _Kind(
        content_rds.INSTANCE_KEYS,
        content_rds.capture_instance,
        content_rds.restore_instance,
        content_rds.infer_instance,
        content_rds.discard_instance,
    ),
    "S3": _Kind(content_s3.KEYS, content_s3.capture, content_s3.restore, content_s3.infer, content_s3.discard),
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
