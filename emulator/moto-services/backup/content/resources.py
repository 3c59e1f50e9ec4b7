"""What there is to back up: a live look into the services of one account and Region."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from ..common import other_services
from ..records import arns

_CLUSTERS = {"aurora": "Aurora", "neptune": "Neptune", "docdb": "DocumentDB"}


@dataclass(frozen=True)
class Resource:
    """`name` is the one that people gave it; `name_of_id` the last part of its ARN."""

    arn: str
    resource_type: str
    name: str
    tags: tuple[tuple[str, str], ...]

    @property
    def name_of_id(self) -> str:
        return self.arn.rpartition(":")[2].rpartition("/")[2]


class _Service(NamedTuple):
    """One form of ARN, of a service that moto has in `module`: `listing` gives every resource of it, `one` the
    resource of that id, `tag` puts tags on it."""

    module: str
    service: str
    prefix: str
    listing: Callable[[str, str], Iterator[Resource]]
    one: Callable[[str, str, str], Resource | None]
    tag: Callable[[str, str, str, dict[str, str]], None]


def all_resources(account: str, region: str) -> Iterator[Resource]:
    """Every resource whose content this emulator can back up."""
    for service in _SERVICES:
        if other_services.used(service.module, account, region):
            yield from service.listing(account, region)


def matching(pattern: str, account: str, region: str) -> Iterator[Resource]:
    """The resources whose ARN matches; only services whose ARNs can match are looked through."""
    start = pattern.partition("*")[0]
    if start == pattern and "?" not in pattern and "[" not in pattern:
        found = find(pattern, account, region)
        if found is not None:
            yield found
        return
    for service in _SERVICES:
        form = f"arn:aws:{service.service}:"
        if (form.startswith(start) or start.startswith(form)) and other_services.used(service.module, account, region):
            yield from (found for found in service.listing(account, region) if fnmatchcase(found.arn, pattern))


def find(arn: str, account: str, region: str) -> Resource | None:
    parsed, service = arns.parse(arn), _service_of(arn)
    if parsed is None or service is None or parsed.account not in ("", account) or parsed.region not in ("", region):
        return None
    if not other_services.used(service.module, account, region):
        return None
    return service.one(account, region, parsed.resource.removeprefix(service.prefix))


def type_of(arn: str) -> str | None:
    """AWS Backup's name for the type of a resource, or None for what cannot be backed up here.

    Clusters of all engines share one form of ARN; without a look they count as Aurora.
    """
    service = _service_of(arn)
    return None if service is None else _TYPES[service.service, service.prefix]


def tag(arn: str, tags: dict[str, str], account: str, region: str) -> None:
    """Put tags on a resource that a restore made."""
    parsed, service = arns.parse(arn), _service_of(arn)
    if tags and parsed is not None and service is not None:
        service.tag(account, region, parsed.resource.removeprefix(service.prefix), tags)


def _service_of(arn: str) -> _Service | None:
    parsed = arns.parse(arn)
    if parsed is None:
        return None
    for service in _SERVICES:
        rest = parsed.resource.removeprefix(service.prefix)
        if parsed.service == service.service and (rest != parsed.resource or not service.prefix):
            return None if not rest or "/" in rest else service
    return None


# S3


def _buckets(account: str, region: str) -> Iterator[Resource]:
    for name in list(other_services.s3(account).buckets):
        found = _bucket(account, region, name)
        if found is not None:
            yield found


def _bucket(account: str, region: str, name: str) -> Resource | None:
    backend = other_services.s3(account)
    bucket = backend.buckets.get(name)
    if bucket is None or bucket.region_name != region:
        return None
    return Resource(bucket.arn, "S3", name, tuple(backend.tagger.get_tag_dict_for_resource(bucket.arn).items()))


def _tag_bucket(account: str, _region: str, name: str, tags: dict[str, str]) -> None:
    backend = other_services.s3(account)
    arn = backend.buckets[name].arn
    backend.put_bucket_tagging(name, {**backend.tagger.get_tag_dict_for_resource(arn), **tags})


# DynamoDB


def _tables(account: str, region: str) -> Iterator[Resource]:
    for table in list(other_services.dynamodb(account, region).tables.values()):
        yield _table_resource(table)


def _table(account: str, region: str, name: str) -> Resource | None:
    table = other_services.dynamodb(account, region).tables.get(name)
    return None if table is None else _table_resource(table)


def _table_resource(table: Any) -> Resource:
    return Resource(table.table_arn, "DynamoDB", table.name, tuple((tag["Key"], tag["Value"]) for tag in table.tags))


def _tag_table(account: str, region: str, name: str, tags: dict[str, str]) -> None:
    table = other_services.dynamodb(account, region).tables[name]
    kept = [tag for tag in table.tags if tag["Key"] not in tags]
    table.tags = [*kept, *({"Key": key, "Value": value} for key, value in tags.items())]


# EC2 and EBS


def _volumes(account: str, region: str) -> Iterator[Resource]:
    for volume in list(other_services.ec2(account, region).volumes.values()):
        yield volume_resource(volume, account, region)


def _volume(account: str, region: str, volume_id: str) -> Resource | None:
    volume = other_services.ec2(account, region).volumes.get(volume_id)
    return None if volume is None else volume_resource(volume, account, region)


def volume_resource(volume: Any, account: str, region: str) -> Resource:
    tags = other_services.ec2(account, region).tags.get(volume.id, {})
    arn = f"arn:aws:ec2:{region}:{account}:volume/{volume.id}"
    return Resource(arn, "EBS", tags.get("Name", ""), tuple(tags.items()))


def _instances(account: str, region: str) -> Iterator[Resource]:
    for instance in other_services.ec2(account, region).all_instances():
        found = _instance_resource(instance, account, region)
        if found is not None:
            yield found


def _instance(account: str, region: str, instance_id: str) -> Resource | None:
    all_instances = other_services.ec2(account, region).all_instances()
    instance = next((found for found in all_instances if found.id == instance_id), None)
    return None if instance is None else _instance_resource(instance, account, region)


def _instance_resource(instance: Any, account: str, region: str) -> Resource | None:
    if instance.state not in ("running", "stopped"):
        return None
    tags = other_services.ec2(account, region).tags.get(instance.id, {})
    arn = f"arn:aws:ec2:{region}:{account}:instance/{instance.id}"
    return Resource(arn, "EC2", tags.get("Name", ""), tuple(tags.items()))


def _tag_in_ec2(account: str, region: str, resource_id: str, tags: dict[str, str]) -> None:
    other_services.ec2(account, region).create_tags([resource_id], tags)


# EFS


def _file_systems(account: str, region: str) -> Iterator[Resource]:
    for system_id in list(other_services.efs(account, region).file_systems_by_id):
        found = _file_system(account, region, system_id)
        if found is not None:
            yield found


def _file_system(account: str, region: str, system_id: str) -> Resource | None:
    backend = other_services.efs(account, region)
    system = backend.file_systems_by_id.get(system_id)
    if system is None:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in backend.list_tags_for_resource(system_id)}
    return Resource(system.file_system_arn, "EFS", tags.get("Name", ""), tuple(tags.items()))


def _tag_file_system(account: str, region: str, system_id: str, tags: dict[str, str]) -> None:
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    other_services.efs(account, region).tagging_service.tag_resource(system_id, listed)


# RDS. Members of a cluster are part of it, and are not backed up by themselves.


def _databases(account: str, region: str) -> Iterator[Resource]:
    for name in list(other_services.rds(account, region).databases):
        found = _database(account, region, name)
        if found is not None:
            yield found


def _database(account: str, region: str, name: str) -> Resource | None:
    database = other_services.rds(account, region).databases.get(name)
    if database is None or database.db_cluster_identifier:
        return None
    return Resource(database.db_instance_arn, "RDS", name, _rds_tags(database))


def _clusters(account: str, region: str) -> Iterator[Resource]:
    for name in list(other_services.rds(account, region).clusters):
        found = _cluster(account, region, name)
        if found is not None:
            yield found


def _cluster(account: str, region: str, name: str) -> Resource | None:
    """An RDS Multi-AZ cluster is RDS by AWS Backup's count; this emulator does not back it up."""
    cluster = other_services.rds(account, region).clusters.get(name)
    kind = None if cluster is None else _CLUSTERS.get(cluster.engine.split("-")[0])
    return None if cluster is None or kind is None else Resource(cluster.db_cluster_arn, kind, name, _rds_tags(cluster))


def _rds_tags(found: Any) -> tuple[tuple[str, str], ...]:
    return tuple((tag["Key"], tag["Value"]) for tag in found.tags)


def _tag_database(account: str, region: str, name: str, tags: dict[str, str]) -> None:
    _tag_in_rds(other_services.rds(account, region).databases[name], tags)


def _tag_cluster(account: str, region: str, name: str, tags: dict[str, str]) -> None:
    _tag_in_rds(other_services.rds(account, region).clusters[name], tags)


def _tag_in_rds(found: Any, tags: dict[str, str]) -> None:
    kept = [tag for tag in found.tags if tag["Key"] not in tags]
    found.tags = [*kept, *({"Key": key, "Value": value} for key, value in tags.items())]


_SERVICES = (
    _Service("s3", "s3", "", _buckets, _bucket, _tag_bucket),
    _Service("dynamodb", "dynamodb", "table/", _tables, _table, _tag_table),
    _Service("ec2", "ec2", "volume/", _volumes, _volume, _tag_in_ec2),
    _Service("ec2", "ec2", "instance/", _instances, _instance, _tag_in_ec2),
    _Service("efs", "elasticfilesystem", "file-system/", _file_systems, _file_system, _tag_file_system),
    _Service("rds", "rds", "db:", _databases, _database, _tag_database),
    _Service("rds", "rds", "cluster:", _clusters, _cluster, _tag_cluster),
)
_TYPES = {
    ("s3", ""): "S3",
    ("dynamodb", "table/"): "DynamoDB",
    ("ec2", "volume/"): "EBS",
    ("ec2", "instance/"): "EC2",
    ("elasticfilesystem", "file-system/"): "EFS",
    ("rds", "db:"): "RDS",
    ("rds", "cluster:"): "Aurora",
}
