"""RDS instances and Aurora (and Neptune) clusters: their description. moto runs no databases, so there is no data.

A restored cluster has no instances, as on AWS.
"""

import copy
import json
from typing import Any

from ..common import other_services
from ..records.entities import Content
from .errors import RestoreFailed, listed, required, restore_test_name
from .resources import Resource

# What StartRestoreJob takes for an instance, and how moto names it.
_INSTANCE = {
    "DBInstanceIdentifier": "db_instance_identifier",
    "DBInstanceClass": "db_instance_class",
    "DBName": "db_name",
    "DBSubnetGroupName": "db_subnet_group_name",
    "DBParameterGroupName": "db_parameter_group_name",
    "AllocatedStorage": "allocated_storage",
    "AvailabilityZone": "availability_zone",
    "CopyTagsToSnapshot": "copy_tags_to_snapshot",
    "DeletionProtection": "deletion_protection",
    "EnableIAMDatabaseAuthentication": "enable_iam_database_authentication",
    "Engine": "engine",
    "Iops": "iops",
    "LicenseModel": "license_model",
    "MultiAZ": "multi_az",
    "OptionGroupName": "option_group_name",
    "Port": "port",
    "PubliclyAccessible": "publicly_accessible",
    "StorageType": "storage_type",
    "VpcSecurityGroupIds": "vpc_security_group_ids",
}
_CLUSTER = {
    "DBClusterIdentifier": "db_cluster_identifier",
    "AvailabilityZones": "availability_zones",
    "CopyTagsToSnapshot": "copy_tags_to_snapshot",
    "DatabaseName": "database_name",
    "DBClusterParameterGroupName": "db_cluster_parameter_group_name",
    "DBSubnetGroupName": "db_subnet_group_name",
    "DeletionProtection": "deletion_protection",
    "EnableIAMDatabaseAuthentication": "enable_iam_database_authentication",
    "Engine": "engine",
    "EngineMode": "engine_mode",
    "EngineVersion": "engine_version",
    "KmsKeyId": "kms_key_id",
    "Port": "port",
    "VpcSecurityGroupIds": "vpc_security_group_ids",
}
_MOMENT = ("RestoreTime", "UseLatestRestorableTime")
INSTANCE_KEYS = (*_INSTANCE, *_MOMENT, "aws:backup:request-id")
CLUSTER_KEYS = (*_CLUSTER, *_MOMENT, "aws:backup:request-id")

_FLAGS = (
    "CopyTagsToSnapshot",
    "DeletionProtection",
    "EnableIAMDatabaseAuthentication",
    "MultiAZ",
    "PubliclyAccessible",
)
_NUMBERS = ("AllocatedStorage", "Port")
_LISTS = ("AvailabilityZones", "VpcSecurityGroupIds")
# Belongs to the account of the source: its network. A restore takes what is named, else the account's default.
_OF_THE_NETWORK = ("DBSubnetGroupName", "VpcSecurityGroupIds", "AvailabilityZone", "AvailabilityZones")
_MORE = ("engine_version", "master_username", "master_user_password", "backup_retention_period")


def capture_instance(resource: Resource, account: str, region: str) -> Content:
    database = other_services.rds(account, region).databases[resource.name]
    return _captured(database, _INSTANCE, "RDS", account, region)


def capture_cluster(resource: Resource, account: str, region: str) -> Content:
    cluster = other_services.rds(account, region).clusters[resource.name]
    return _captured(cluster, _CLUSTER, resource.resource_type, account, region)


def _captured(found: Any, names: dict[str, str], kind: str, account: str, region: str) -> Content:
    described = {name: copy.copy(_read(found, name)) for name in (*names.values(), *_MORE)}
    key = None
    if found.storage_encrypted:
        own = other_services.kms_key(str(found.kms_key_id), account, region)
        key = other_services.aws_managed_key("alias/aws/rds", account, region) if own is None else str(own.arn)
    metadata = {key: _text(described[name]) for key, name in names.items() if described[name] not in (None, [], "")}
    metadata.pop("KmsKeyId", None)
    size = int(found.allocated_storage or 0) * 1024**3
    return Content(kind, size, {"account": account, "described": described}, metadata, key)


def _read(found: Any, name: str) -> Any:
    """moto keeps what it computes something of behind an underscore; some of that can be read there only."""
    return found.__dict__[f"_{name}"] if f"_{name}" in found.__dict__ else getattr(found, name, None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, list) else str(value)


def restore_instance(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    name = required(metadata, "DBInstanceIdentifier")
    backend = other_services.rds(account, region)
    if name in backend.databases:
        raise RestoreFailed(f"DB instance {name} exists already; a restore always makes a new one.")
    order = _order(content, metadata, _INSTANCE, account)
    order |= {"storage_encrypted": content.kms_key_arn is not None, "kms_key_id": _own_key(content, "", account)}
    _check_networks(backend, order)
    return str(backend.create_db_instance(order).db_instance_arn)


def restore_cluster(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    name = required(metadata, "DBClusterIdentifier")
    backend = other_services.rds(account, region)
    if name in backend.clusters:
        raise RestoreFailed(f"DB cluster {name} exists already; a restore always makes a new one.")
    order = _order(content, metadata, _CLUSTER, account)
    if order["engine"] != content.data["described"]["engine"]:
        raise RestoreFailed(f"Engine {order['engine']} cannot take a backup of {content.data['described']['engine']}.")
    asked = metadata.get("KmsKeyId", "")
    if asked and other_services.kms_key(asked, account, region) is None:
        raise RestoreFailed(f"Key {asked} is not a key of account {account} in Region {region}.")
    order |= {"kms_key_id": _own_key(content, asked, account)}
    order["storage_encrypted"] = order["kms_key_id"] is not None
    _check_networks(backend, order)
    return str(backend.create_db_cluster(order).db_cluster_arn)


def _order(content: Content, metadata: dict[str, str], names: dict[str, str], account: str) -> dict[str, Any]:
    """What moto makes the database of: as it was backed up, with what the metadata says on top."""
    at_home = content.data["account"] == account
    order = {
        name: copy.copy(content.data["described"][name])
        for key, name in names.items()
        if at_home or key not in _OF_THE_NETWORK
    }
    order |= {name: content.data["described"][name] for name in _MORE}
    order |= {names[key]: _value(key, text) for key, text in metadata.items() if key in names}
    # moto fills in what is missing, and takes its own defaults for names of groups that it made up itself.
    for key in ("option_group_name", "db_parameter_group_name", "db_cluster_parameter_group_name"):
        order.pop(key, None)
    return {name: value for name, value in order.items() if value is not None}


def _value(key: str, text: str) -> Any:
    if key in _FLAGS:
        return text.lower() == "true"
    if key in _NUMBERS:
        if not text.isdecimal():
            raise RestoreFailed(f"The restore metadata {key} is {text!r}, which is not a number.")
        return int(text)
    return listed({key: text}, key) if key in _LISTS else text


def _own_key(content: Content, asked: str, account: str) -> str | None:
    """The key of the new database; a foreign key cannot be used."""
    if asked or content.kms_key_arn is None:
        return asked or None
    if content.data["account"] != account:
        raise RestoreFailed(
            f"The source key {content.kms_key_arn} belongs to another account, which account {account} cannot use. "
            "Set KmsKeyId to a key of your own."
        )
    return content.kms_key_arn


def _check_networks(backend: Any, order: dict[str, Any]) -> None:
    group = order.get("db_subnet_group_name")
    if group and group != "default" and group not in backend.subnet_groups:
        raise RestoreFailed(f"DB subnet group {group} does not exist in account {backend.account_id}.")


# Restore testing


def infer_instance(_content: Content, _account: str, _region: str) -> dict[str, str]:
    return {
        "DBInstanceIdentifier": restore_test_name(),
        "DeletionProtection": "false",
        "MultiAZ": "false",
        "PubliclyAccessible": "false",
    }


def infer_cluster(content: Content, account: str, region: str) -> dict[str, str]:
    zones = [zone.name for zone in other_services.ec2(account, region).describe_availability_zones()]
    return {
        "AvailabilityZones": json.dumps(zones[:3]),
        "DBClusterIdentifier": restore_test_name(),
        "Engine": content.data["described"]["engine"],
    }


def discard_instance(arn: str, account: str, region: str) -> None:
    backend = other_services.rds(account, region)
    database = backend.databases.get(arn.rpartition(":")[2])
    if database is not None:
        database.deletion_protection = False
        backend.delete_db_instance(database.db_instance_identifier, skip_final_snapshot=True)


def discard_cluster(arn: str, account: str, region: str) -> None:
    backend = other_services.rds(account, region)
    cluster = backend.clusters.get(arn.rpartition(":")[2])
    if cluster is not None:
        cluster.deletion_protection = False
        backend.delete_db_cluster(cluster.db_cluster_identifier, None)
