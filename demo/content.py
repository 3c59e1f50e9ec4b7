"""Real content in an account, and its fingerprint by what AWS's own calls return.

A fingerprint never looks at the emulator's insides: object bytes by GetObject, items by Scan, blocks of a volume
through the EBS direct APIs of a fresh snapshot.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

BLOCK = 512 * 1024
"""Size of an EBS direct API block, bytes."""


@dataclass(frozen=True)
class Content:
    """What one account holds: the resources and the tag that selects them for backup."""

    bucket: str
    table: str
    volume: str
    bucket_arn: str
    table_arn: str
    volume_arn: str


def write(client: Callable[[str], Any], *, account: str, region: str, name: str, tag: Mapping[str, str]) -> Content:
    """Put objects, items and volume blocks into an account, tagged so that its plan selects them."""
    bytes_of = random.Random(name)  # noqa: S311 - the same content in every run, not a secret
    bucket = f"nordbank-{name}-ledger-{account}"
    table = f"{name}-balances"
    _write_bucket(client("s3"), bucket, region, tag, bytes_of)
    table_arn = _write_table(client("dynamodb"), table, tag, bytes_of)
    volume = _write_volume(client("ebs"), client("ec2"), region, tag, bytes_of)
    return Content(
        bucket=bucket,
        table=table,
        volume=volume,
        bucket_arn=f"arn:aws:s3:::{bucket}",
        table_arn=table_arn,
        volume_arn=f"arn:aws:ec2:{region}:{account}:volume/{volume}",
    )


def _write_bucket(s3: Any, bucket: str, region: str, tag: Mapping[str, str], bytes_of: random.Random) -> None:
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": tag["key"], "Value": tag["value"]}]})
    for day in range(1, 6):
        s3.put_object(Bucket=bucket, Key=f"2026/day-{day:02d}.ledger", Body=bytes_of.randbytes(4096))


def _write_table(dynamodb: Any, table: str, tag: Mapping[str, str], bytes_of: random.Random) -> str:
    made = dynamodb.create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": "account", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "account", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": tag["key"], "Value": tag["value"]}],
    )
    for number in range(20):
        item = {"account": {"S": f"ac-{number:04d}"}, "balance": {"N": str(bytes_of.randrange(10**6))}}
        dynamodb.put_item(TableName=table, Item=item)
    return str(made["TableDescription"]["TableArn"])


def _write_volume(ebs: Any, ec2: Any, region: str, tag: Mapping[str, str], bytes_of: random.Random) -> str:
    """Blocks reach a volume as on AWS: into a snapshot by the direct APIs, then a volume from it."""
    snapshot = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
    for index in range(3):
        data = bytes_of.randbytes(BLOCK)
        checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
        ebs.put_snapshot_block(
            SnapshotId=snapshot,
            BlockIndex=index,
            BlockData=data,
            DataLength=BLOCK,
            Checksum=checksum,
            ChecksumAlgorithm="SHA256",
        )
    ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=3)
    tags = [{"ResourceType": "volume", "Tags": [{"Key": tag["key"], "Value": tag["value"]}]}]
    volume = ec2.create_volume(AvailabilityZone=f"{region}a", SnapshotId=snapshot, TagSpecifications=tags)["VolumeId"]
    ec2.delete_snapshot(SnapshotId=snapshot)
    return str(volume)


def fingerprint(client: Callable[[str], Any], arn: str) -> str:
    """SHA-256 over everything that AWS's own calls return of one resource."""
    digest = hashlib.sha256()
    for part in _parts(client, arn):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _parts(client: Callable[[str], Any], arn: str) -> Iterator[bytes]:
    service = arn.split(":")[2]
    if service == "s3":
        yield from _bucket_parts(client("s3"), arn.removeprefix("arn:aws:s3:::"))
    elif service == "dynamodb":
        yield from _table_parts(client("dynamodb"), arn.split("/", 1)[1])
    elif service == "ec2":
        yield from _volume_parts(client("ec2"), client("ebs"), arn.split("/", 1)[1])
    else:
        raise ValueError(f"{arn} is neither a bucket, nor a table, nor a volume: the demo cannot read its content.")


def _bucket_parts(s3: Any, bucket: str) -> Iterator[bytes]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            yield item["Key"].encode()
            yield s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()


def _table_parts(dynamodb: Any, table: str) -> Iterator[bytes]:
    items = [item for page in dynamodb.get_paginator("scan").paginate(TableName=table) for item in page["Items"]]
    for line in sorted(json.dumps(item, sort_keys=True) for item in items):
        yield line.encode()


def _volume_parts(ec2: Any, ebs: Any, volume: str) -> Iterator[bytes]:
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    try:
        for block in ebs.list_snapshot_blocks(SnapshotId=snapshot)["Blocks"]:
            yield str(block["BlockIndex"]).encode()
            answer = ebs.get_snapshot_block(
                SnapshotId=snapshot, BlockIndex=block["BlockIndex"], BlockToken=block["BlockToken"]
            )
            yield answer["BlockData"].read()
    finally:
        ec2.delete_snapshot(SnapshotId=snapshot)
