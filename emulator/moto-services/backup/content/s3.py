"""S3: the current version of every object, with metadata and tags."""

import json
from typing import Any

from ..common import other_services
from ..records.entities import Content
from .errors import BackupFailed, RestoreFailed, required, restore_test_name
from .resources import Resource

_MOST_ITEMS = 5
_NAME = "DestinationBucketName"

# What StartRestoreJob takes for a bucket.
KEYS = (
    _NAME,
    "NewBucket",
    "Encrypted",
    "EncryptionType",
    "KMSKey",
    "ItemsToRestore",
    "RestoreTime",
    "RestoreACLs",
    "CreationToken",
)


def capture(resource: Resource, account: str, region: str) -> Content:
    backend = other_services.s3(account)
    bucket = backend.buckets[resource.name]
    if not bucket.is_versioned:
        message = f"Bucket {resource.name} cannot be backed up: versioning is not enabled on it. Enable it first."
        raise BackupFailed(message)
    latest = (versions[-1] for versions in _versions(bucket))
    objects = [object_of(backend, version) for version in latest if is_object(version) and not _archived(version)]
    return content_of(resource.name, region, objects)


def content_of(name: str, region: str, objects: list[dict[str, Any]]) -> Content:
    size = sum(len(found["body"]) for found in objects)
    metadata = {_NAME: name, "NewBucket": "false", "Encrypted": "true", "EncryptionType": "original"}
    return Content("S3", size, {"bucket": name, "region": region, "objects": objects}, metadata)


def is_object(version: Any) -> bool:
    """Whether a version is an object; the others are delete markers."""
    return hasattr(version, "value")


def _archived(version: Any) -> bool:
    """Objects that nobody can read at once are skipped without a word."""
    return version.storage_class in ("GLACIER", "DEEP_ARCHIVE")


def _versions(bucket: Any) -> list[list[Any]]:
    return [versions for name in list(bucket.keys) if (versions := bucket.keys.getlist(name))]


def object_of(backend: Any, key: Any) -> dict[str, Any]:
    return {
        "key": key.name,
        "body": _body(key),
        "etag": key.etag,
        "metadata": dict(key.metadata),
        "storage_class": key.storage_class,
        "tags": dict(backend.tagger.get_tag_dict_for_resource(key.arn)),
    }


def _body(key: Any) -> bytes:
    """The bytes of an object. All backups of one version share them: a daily plan must not store the same again."""
    kept: tuple[str, bytes] | None = key.__dict__.get("_backed_up")
    if kept is None or kept[0] != key.etag:
        kept = key.__dict__["_backed_up"] = (key.etag, key.value)
    return kept[1]


def restore(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    name = required(metadata, _NAME)
    backend = other_services.s3(account)
    wanted = _wanted(metadata)
    encryption = _encryption(metadata, account, region)
    bucket = _new_bucket(name, account, region) if _true(metadata, "NewBucket") else _bucket(name, account, region)
    for found in content.data["objects"]:
        asked = wanted is None or any(found["key"] == item or found["key"].startswith(item) for item in wanted)
        if asked and not _is_there(bucket, found["key"]):
            _put(backend, name, found, encryption)
    return str(bucket.arn)


def _is_there(bucket: Any, key: str) -> bool:
    """A restore replaces nothing: an object of that name is left as it is. Behind a delete marker there is none."""
    versions = bucket.keys.getlist(key)
    return bool(versions) and is_object(versions[-1])


def _put(backend: Any, bucket: str, found: dict[str, Any], encryption: dict[str, str]) -> None:
    key = backend.put_object(bucket, found["key"], found["body"], storage=found["storage_class"], **encryption)
    key.set_metadata(found["metadata"], replace=True)
    if found["tags"]:
        backend.put_object_tagging(key, found["tags"])


def _new_bucket(name: str, account: str, region: str) -> Any:
    """A new bucket is versioned and closed to the public, as the one that it stands in for had to be."""
    if name in other_services.s3_bucket_owners():
        raise RestoreFailed(f"Bucket {name} cannot be created: a bucket of that name exists already.")
    backend = other_services.s3(account)
    bucket = other_services.create_bucket(account, name, region)
    backend.put_bucket_versioning(name, "Enabled")
    return bucket


def _bucket(name: str, account: str, region: str) -> Any:
    bucket = other_services.s3(account).buckets.get(name)
    if bucket is None or bucket.region_name != region:
        raise RestoreFailed(f"Bucket {name} does not exist in account {account} and Region {region}.")
    if not bucket.is_versioned:
        raise RestoreFailed(f"Bucket {name} cannot take a restore: versioning is not enabled on it.")
    return bucket


def _wanted(metadata: dict[str, str]) -> list[str] | None:
    """The object keys and prefixes to restore; None is the whole bucket."""
    text = metadata.get("ItemsToRestore")
    if not text:
        return None
    try:
        items = json.loads(text)
    except ValueError:
        items = None
    if not isinstance(items, list) or not 1 <= len(items) <= _MOST_ITEMS:
        raise RestoreFailed(f"ItemsToRestore has to be a JSON list of one to {_MOST_ITEMS} keys or prefixes.")
    return [str(item) for item in items]


def _encryption(metadata: dict[str, str], account: str, region: str) -> dict[str, str]:
    if not _true(metadata, "Encrypted") or metadata.get("EncryptionType", "original") == "original":
        return {}
    if metadata["EncryptionType"] == "SSE-S3":
        return {"encryption": "AES256"}
    if metadata["EncryptionType"] != "SSE-KMS":
        raise RestoreFailed("EncryptionType has to be one of original, SSE-S3 and SSE-KMS.")
    name = required(metadata, "KMSKey")
    key = other_services.kms_key(name, account, region)
    if key is None:
        raise RestoreFailed(f"Key {name} does not exist in account {account} and Region {region}.")
    return {"encryption": "aws:kms", "kms_key_id": str(key.arn)}


def _true(metadata: dict[str, str], key: str) -> bool:
    return metadata.get(key, "").lower() == "true"


# Restore testing


def infer(_content: Content, _account: str, _region: str) -> dict[str, str]:
    return {
        _NAME: restore_test_name(),
        "Encrypted": "true",
        "EncryptionType": "SSE-S3",
        "NewBucket": "true",
        "RestoreACLs": "true",
    }


def discard(arn: str, account: str, _region: str) -> None:
    """Take a bucket away with all that is in it."""
    name = arn.rpartition(":")[2]
    backend = other_services.s3(account)
    bucket = backend.buckets.get(name)
    if bucket is not None:
        bucket.keys.clear()
        backend.delete_bucket(name)
