"""What each kind of resource is restored with. Always something new, always under the landing account's own key.

AWS's own defaults are wrong here: an EBS volume comes back unencrypted unless asked, and every default key is that of
the source account, which the landing account may not use.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from airlock.clients.backup_types import RecoveryPoint
from airlock.domain.arns import parse


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a point is restored to. `token` makes its names new, and the same for the same attempt."""

    account_id: str
    kms_key_arn: str
    availability_zone: str
    token: str


Rule = Callable[[RecoveryPoint, Mapping[str, str], Target], dict[str, str]]

_LONGEST_BUCKET = 63
_LONGEST_TABLE = 255


def attempt_token(access_vault_arn: str, point_arn: str, attempt: int) -> str:
    """The same for the same attempt, so that a repeated command starts no second job; AWS takes it as a token."""
    return hashlib.sha256(f"{access_vault_arn} {point_arn} {attempt}".encode()).hexdigest()[:32]


def _s3(point: RecoveryPoint, _: Mapping[str, str], target: Target) -> dict[str, str]:
    """Into a new bucket. Bucket names are global, so the account id is part of it."""
    source = re.sub(r"[^a-z0-9-]+", "-", parse(point.resource_arn).name.lower()).strip("-")
    tail = f"-{target.account_id}-{target.token[:8]}"
    return {
        "DestinationBucketName": f"{source[: _LONGEST_BUCKET - len(tail)].rstrip('-')}{tail}",
        "NewBucket": "true",
        "CreationToken": target.token,
        "Encrypted": "true",
        "EncryptionType": "SSE-KMS",
        "KMSKey": target.kms_key_arn,
    }


def _dynamodb(point: RecoveryPoint, _: Mapping[str, str], target: Target) -> dict[str, str]:
    """Into a new table; a restore never writes into one that is there."""
    source = parse(point.resource_arn).name.split("/")[-1]
    tail = f"-restored-{target.token[:8]}"
    return {
        "targetTableName": f"{source[: _LONGEST_TABLE - len(tail)]}{tail}",
        "encryptionType": "KMS",
        "kmsMasterKeyArn": target.kms_key_arn,
    }


def _ebs(_: RecoveryPoint, base: Mapping[str, str], target: Target) -> dict[str, str]:
    """As the volume was, but encrypted here and in a zone of the landing account."""
    kept = {key: base[key] for key in ("volumeType", "volumeSize", "iops", "throughput") if base.get(key)}
    return {
        **kept,
        "availabilityZone": target.availability_zone,
        "encrypted": "true",
        "kmsKeyId": target.kms_key_arn,
    }


RULES: dict[str, Rule] = {"S3": _s3, "DynamoDB": _dynamodb, "EBS": _ebs}
