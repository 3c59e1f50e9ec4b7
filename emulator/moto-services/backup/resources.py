"""What there is to back up: a live look into the services of one account and Region."""

from collections.abc import Iterator
from dataclasses import dataclass

from . import arns, neighbours


@dataclass(frozen=True)
class Resource:
    arn: str
    resource_type: str
    name: str
    tags: tuple[tuple[str, str], ...]


def all_resources(account: str, region: str) -> Iterator[Resource]:
    """Every resource whose content this emulator can back up."""
    yield from _buckets(account, region)
    yield from _tables(account, region)
    yield from _volumes(account, region)


def find(arn: str, account: str, region: str) -> Resource | None:
    return next((resource for resource in all_resources(account, region) if resource.arn == arn), None)


def type_of(arn: str) -> str | None:
    """AWS Backup's name for the type of a resource, or None for what cannot be backed up here."""
    parsed = arns.parse(arn)
    if parsed is None:
        return None
    kind = parsed.resource.split("/")[0]
    if parsed.service == "s3" and "/" not in parsed.resource:
        return "S3"
    return {("dynamodb", "table"): "DynamoDB", ("ec2", "volume"): "EBS"}.get((parsed.service, kind))


def _buckets(account: str, region: str) -> Iterator[Resource]:
    backend = neighbours.s3(account)
    for bucket in backend.buckets.values():
        if bucket.region_name == region:
            tags = backend.tagger.get_tag_dict_for_resource(bucket.arn)
            yield Resource(bucket.arn, "S3", bucket.name, tuple(tags.items()))


def _tables(account: str, region: str) -> Iterator[Resource]:
    for table in neighbours.dynamodb(account, region).tables.values():
        tags = tuple((tag["Key"], tag["Value"]) for tag in table.tags)
        yield Resource(table.table_arn, "DynamoDB", table.name, tags)


def _volumes(account: str, region: str) -> Iterator[Resource]:
    backend = neighbours.ec2(account, region)
    for volume in backend.volumes.values():
        tags = tuple(backend.tags.get(volume.id, {}).items())
        arn = f"arn:aws:ec2:{region}:{account}:volume/{volume.id}"
        yield Resource(arn, "EBS", dict(tags).get("Name", ""), tags)


def tag(arn: str, tags: dict[str, str], account: str, region: str) -> None:
    """Put tags on a resource that a restore made."""
    kind = type_of(arn)
    if not tags:
        return
    if kind == "S3":
        neighbours.s3(account).put_bucket_tagging(arn.rpartition(":")[2], tags)
    elif kind == "DynamoDB":
        table = neighbours.dynamodb(account, region).get_table(arn)
        table.tags = [{"Key": key, "Value": value} for key, value in tags.items()]
    else:
        neighbours.ec2(account, region).create_tags([arn.partition("volume/")[2]], tags)
