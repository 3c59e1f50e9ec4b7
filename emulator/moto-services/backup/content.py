"""The content of a backup: taken from a live resource, and made into a new resource again."""

from collections.abc import Callable
from typing import NamedTuple

from . import content_dynamodb, content_ebs, content_s3
from .content_errors import BackupFailed, RestoreFailed
from .nouns import Content
from .resources import Resource


class _Kind(NamedTuple):
    capture: Callable[[Resource, str, str], Content]
    restore: Callable[[Content, dict[str, str], str, str], str]


_KINDS = {
    "S3": _Kind(content_s3.capture, content_s3.restore),
    "DynamoDB": _Kind(content_dynamodb.capture, content_dynamodb.restore),
    "EBS": _Kind(content_ebs.capture, content_ebs.restore),
}

SUPPORTED = tuple(_KINDS)


def capture(resource: Resource, account: str, region: str) -> Content:
    """The resource as it is now; BackupFailed with a sentence where it cannot be backed up."""
    return _KINDS[resource.resource_type].capture(resource, account, region)


def restore(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    """Make a new resource of the content; its ARN. RestoreFailed with a sentence where that is impossible."""
    return _KINDS[content.resource_type].restore(content, metadata, account, region)


__all__ = ["SUPPORTED", "BackupFailed", "RestoreFailed", "capture", "restore"]
