"""EBS: the blocks of a volume."""

from typing import Any

from emulator.world import ids

from ..common import other_services
from ..records.entities import Content
from .errors import RestoreFailed, required
from .resources import Resource

# What StartRestoreJob takes for a volume.
KEYS = (
    "volumeId",
    "availabilityZone",
    "encrypted",
    "kmsKeyId",
    "volumeType",
    "volumeSize",
    "iops",
    "throughput",
    "restoreType",
    "initializationRate",
    "aws:backup:request-id",
)
_INTO_A_VOLUME = "createEbsVolume"


def capture(resource: Resource, account: str, region: str) -> Content:
    volume = other_services.ec2(account, region).volumes[resource.arn.partition("volume/")[2]]
    blocks = other_services.read_blocks(volume)
    metadata = {
        "volumeId": volume.id,
        "availabilityZone": volume.zone.name,
        "encrypted": str(bool(volume.encrypted)).lower(),
        "volumeType": volume.volume_type,
        "volumeSize": str(volume.size),
    }
    key = None
    if volume.encrypted:
        found = other_services.kms_key(str(volume.kms_key_id), account, region)
        key = str(volume.kms_key_id) if found is None else str(found.arn)
        metadata["kmsKeyId"] = key
    size = int(volume.size) * 1024**3
    return Content("EBS", size, {"account": account, "blocks": blocks, "encrypted": bool(key)}, metadata, key)


def restore(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    backend = other_services.ec2(account, region)
    if metadata.get("restoreType", _INTO_A_VOLUME) != _INTO_A_VOLUME:
        raise RestoreFailed(f"The restore metadata restoreType has to be {_INTO_A_VOLUME}.")
    zone = required(metadata, "availabilityZone")
    if zone not in {found.name for found in backend.describe_availability_zones()}:
        raise RestoreFailed(f"Availability zone {zone} is not in Region {region}; name one that is.")
    key = key_of_volume(content, metadata, account, region)
    volume = backend.create_volume(
        _size(content, metadata),
        zone,
        encrypted=key is not None,
        kms_key_id=key or None,
        volume_type=metadata.get("volumeType") or content.restore_metadata["volumeType"],
        iops=_number(metadata, "iops"),
        throughput=_number(metadata, "throughput"),
    )
    other_services.write_blocks(volume, content.data["blocks"])
    return f"arn:aws:ec2:{region}:{account}:volume/{volume.id}"


def _size(content: Content, metadata: dict[str, str]) -> int:
    """A volume cannot be smaller than the one that was backed up."""
    smallest = int(content.restore_metadata["volumeSize"])
    asked = _number(metadata, "volumeSize")
    if asked is not None and asked < smallest:
        raise RestoreFailed(f"volumeSize is {asked}; the backup needs at least {smallest} GiB.")
    return asked or smallest


def key_of_volume(content: Content, metadata: dict[str, str], account: str, region: str) -> str | None:
    """The key of a new volume: "" is the account's own default key, None is no encryption."""
    by_default = other_services.ec2(account, region).ebs_encryption_by_default
    given = metadata.get("kmsKeyId", "")
    asked = metadata.get("encrypted", "").lower()
    if given and asked == "false":
        raise RestoreFailed("kmsKeyId is given although encrypted is false; set encrypted to true.")
    if given:
        return _own_key(given, account, region)
    if content.data["encrypted"] and asked != "true" and content.data["account"] != account:
        message = (
            f"The source key {content.kms_key_arn} belongs to another account, which account {account} cannot use. "
            "Set encrypted to true and kmsKeyId to a key of your own."
        )
        raise RestoreFailed(message)
    if content.kms_key_arn is not None and content.data["account"] == account:
        return _own_key(content.kms_key_arn, account, region)
    return "" if asked == "true" or by_default else None


def _own_key(name: str, account: str, region: str) -> str:
    key: Any = other_services.kms_key(name, account, region)
    if key is None:
        message = f"Key {name} is not a key of account {account} in Region {region}, so the volume cannot be encrypted."
        raise RestoreFailed(message)
    if key.key_state != "Enabled":
        raise RestoreFailed(f"Key {key.arn} is {key.key_state}, so the volume cannot be encrypted with it.")
    return str(key.arn)


def _number(metadata: dict[str, str], key: str) -> int | None:
    text = metadata.get(key, "")
    if text and not text.isdecimal():
        raise RestoreFailed(f"The restore metadata {key} is {text!r}, which is not a number.")
    return int(text) if text else None


# Restore testing


def infer(_content: Content, account: str, region: str) -> dict[str, str]:
    zones = [zone.name for zone in other_services.ec2(account, region).describe_availability_zones()]
    return {"availabilityZone": ids.stream("restore-test-zone").choice(zones), "encrypted": "true"}


def discard(arn: str, account: str, region: str) -> None:
    backend = other_services.ec2(account, region)
    volume = backend.volumes.get(arn.partition("volume/")[2])
    if volume is not None:
        if volume.attachment is not None:
            backend.detach_volume(volume.id, volume.attachment.instance.id, volume.attachment.device)
        backend.delete_volume(volume.id)
