"""DynamoDB: the table's schema and its items."""

import copy
from typing import Any

from ..common import other_services
from ..records.entities import Content
from .errors import RestoreFailed, required, restore_test_name
from .resources import Resource

# What StartRestoreJob takes for a table.
KEYS = ("originalTableName", "targetTableName", "encryptionType", "kmsMasterKeyArn", "deletionProtection")


def capture(resource: Resource, account: str, region: str) -> Content:
    table = other_services.dynamodb(account, region).tables[resource.name]
    items = [copy.deepcopy(item.to_json()["Attributes"]) for item in table.all_items()]
    schema = {
        "schema": copy.deepcopy(table.schema),
        "attr": copy.deepcopy(table.attr),
        "throughput": None if table.billing_mode == "PAY_PER_REQUEST" else _throughput(table),
        "billing_mode": table.billing_mode,
        "global_indexes": [_index(index) for index in table.global_indexes],
        "indexes": [_index(index) for index in table.indexes],
    }
    size = sum(item.size() for item in table.all_items())
    metadata = {"originalTableName": resource.name, "targetTableName": resource.name, "encryptionType": "Default"}
    return Content("DynamoDB", size, {"schema": schema, "items": items}, metadata, _key(table))


def _throughput(table: Any) -> dict[str, int]:
    return {name: table.throughput[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def _index(index: Any) -> dict[str, Any]:
    described = index.describe()
    kept = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")
    return {name: copy.deepcopy(described[name]) for name in kept if described.get(name)}


def _key(table: Any) -> str | None:
    return table.sse_specification.get("KMSMasterKeyId") if table.sse_specification else None


def restore(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    name = required(metadata, "targetTableName")
    backend = other_services.dynamodb(account, region)
    if name in backend.tables:
        raise RestoreFailed(f"Table {name} exists already; a restore always makes a new table.")
    table = backend.create_table(
        name,
        **copy.deepcopy(content.data["schema"]),
        streams=None,
        sse_specification=_encryption(metadata, account, region),
        tags=[],
        deletion_protection_enabled=metadata.get("deletionProtection", "").lower() == "true",
        warm_throughput=None,
    )
    for item in content.data["items"]:
        backend.put_item(name, copy.deepcopy(item), overwrite=True)
    return str(table.table_arn)


def _encryption(metadata: dict[str, str], account: str, region: str) -> dict[str, Any] | None:
    if metadata.get("encryptionType", "Default") != "KMS":
        return None
    name = required(metadata, "kmsMasterKeyArn")
    key = other_services.kms_key(name, account, region)
    if key is None:
        raise RestoreFailed(f"Key {name} does not exist in account {account} and Region {region}.")
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": str(key.arn)}


# Restore testing


def infer(_content: Content, _account: str, _region: str) -> dict[str, str]:
    return {"deletionProtection": "false", "encryptionType": "Default", "targetTableName": restore_test_name()}


def discard(arn: str, account: str, region: str) -> None:
    backend = other_services.dynamodb(account, region)
    name = arn.rpartition("/")[2]
    if name in backend.tables:
        backend.tables[name].deletion_protection_enabled = False
        backend.delete_table(name)
