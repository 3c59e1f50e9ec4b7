"""EC2: the description of an instance and the content of its volumes. User data does not come back, as on AWS."""

import dataclasses
import json
from typing import Any

from ..common import other_services
from ..records.entities import Content
from . import ebs as content_ebs
from .errors import RestoreFailed, listed
from .resources import Resource, volume_resource

# What StartRestoreJob takes for an instance.
KEYS = (
    "InstanceType",
    "SubnetId",
    "VpcId",
    "SecurityGroupIds",
    "IamInstanceProfileName",
    "DisableApiTermination",
    "RequireIMDSv2",
    "BlockDeviceMappings",
    "KeyName",
    "EbsOptimized",
    "Monitoring",
    "Placement",
    "CpuOptions",
    "CreditSpecification",
    "HibernationOptions",
    "InstanceInitiatedShutdownBehavior",
    "CapacityReservationSpecification",
    "NetworkInterfaces",
    "aws:backup:request-id",
)
_NO_DEFAULT = "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC."


def capture(resource: Resource, account: str, region: str) -> Content:
    instance: Any = other_services.ec2(account, region).get_instance(resource.name_of_id)
    volumes = {}
    for device, mapping in instance.get_block_device_mapping:
        found = other_services.ec2(account, region).volumes[mapping.volume_id]
        volumes[device] = content_ebs.capture(volume_resource(found, account, region), account, region)
    metadata = {
        "InstanceType": instance.instance_type,
        "SubnetId": instance.subnet_id or "",
        "VpcId": instance.vpc_id or "",
        "SecurityGroupIds": json.dumps([group.id for group in instance.security_groups]),
        "DisableApiTermination": str(instance.disable_api_termination).lower(),
        "EbsOptimized": str(bool(instance.ebs_optimized)).lower(),
        "InstanceInitiatedShutdownBehavior": instance.instance_initiated_shutdown_behavior,
    }
    data = {"account": account, "image": instance.image_id, "key_name": instance.key_name, "volumes": volumes}
    size = sum(volume.size for volume in volumes.values())
    return Content("EC2", size, data, metadata, _key(volumes, account, region))


def _key(volumes: dict[str, Content], account: str, region: str) -> str | None:
    """The key that decides where the backup may go: an AWS managed one, which nobody can share, before all others."""
    keys = [volume.kms_key_arn for volume in volumes.values() if volume.kms_key_arn is not None]
    found = ((arn, other_services.kms_key(arn, account, region)) for arn in keys)
    managed = (arn for arn, key in found if key is not None and other_services.is_aws_managed(key))
    return next(managed, keys[0] if keys else None)


def restore(content: Content, metadata: dict[str, str], account: str, region: str) -> str:
    backend = other_services.ec2(account, region)
    subnet = _subnet(backend, metadata.get("SubnetId", ""))
    groups = _groups(backend, listed(metadata, "SecurityGroupIds"))
    volumes = _volumes(content, metadata, account, region)
    instance = backend.run_instances(
        content.data["image"],
        1,
        None,
        [],
        region_name=region,
        instance_type=metadata.get("InstanceType") or content.restore_metadata["InstanceType"],
        is_instance_type_default=False,
        subnet_id=subnet.id,
        security_group_ids=groups,
        key_name=content.data["key_name"],
        disable_api_termination=metadata.get("DisableApiTermination", "").lower() == "true",
        metadata_options={"HttpTokens": "required"} if metadata.get("RequireIMDSv2", "").lower() == "true" else {},
        block_device_mappings=[],
    ).instances[0]
    for device, (volume, order) in volumes.items():
        arn = content_ebs.restore(volume, {**order, "availabilityZone": subnet.availability_zone}, account, region)
        backend.attach_volume(arn.partition("volume/")[2], instance.id, device, True)
    return f"arn:aws:ec2:{region}:{account}:instance/{instance.id}"


def _subnet(backend: Any, subnet_id: str) -> Any:
    """The subnet that was named, or the first default one of the account."""
    if subnet_id:
        found = next((subnet for subnet in backend.describe_subnets() if subnet.id == subnet_id), None)
        if found is None:
            raise RestoreFailed(
                f"Subnet {subnet_id} does not exist in account {backend.account_id}; name one that does."
            )
        return found
    subnets = backend.describe_subnets()
    default = next((subnet for subnet in subnets if str(subnet.default_for_az).lower() == "true"), None)
    if backend.default_vpc is None:
        raise RestoreFailed(_NO_DEFAULT)
    if default is None:
        raise RestoreFailed(f"No subnets found for the default VPC {backend.default_vpc.id}. Please specify a subnet.")
    return default


def _groups(backend: Any, groups: list[str]) -> list[str]:
    for group in groups:
        if backend.get_security_group_from_id(group) is None:
            raise RestoreFailed(f"Security group {group} does not exist in account {backend.account_id}.")
    return groups


def _volumes(
    content: Content, metadata: dict[str, str], account: str, region: str
) -> dict[str, tuple[Content, dict[str, str]]]:
    """By device: the content of each volume and its restore metadata; all keys are checked before anything is made."""
    asked = {one.get("DeviceName"): one.get("Ebs") for one in listed(metadata, "BlockDeviceMappings", dict)}
    volumes = {}
    for device, volume in content.data["volumes"].items():
        ebs = asked.get(device)
        ebs = ebs if isinstance(ebs, dict) else {}
        order = {}
        if "Encrypted" in ebs:
            order["encrypted"] = str(ebs["Encrypted"]).lower()
        if ebs.get("KmsKeyId"):
            order["kmsKeyId"] = str(ebs["KmsKeyId"])
        content_ebs.key_of_volume(volume, order, account, region)
        volumes[device] = (dataclasses.replace(volume), order)
    return volumes


# Restore testing


def infer(content: Content, _account: str, _region: str) -> dict[str, str]:
    kept = content.restore_metadata["InstanceType"]
    return {"DisableApiTermination": "false", "InstanceType": kept, "RequireIMDSv2": "true"}


def discard(arn: str, account: str, region: str) -> None:
    """End an instance; its volumes go with it."""
    backend = other_services.ec2(account, region)
    instance_id = arn.rpartition("/")[2]
    instance = next((found for found in backend.all_instances() if found.id == instance_id), None)
    if instance is not None:
        instance.disable_api_termination = False
        backend.terminate_instances([instance_id])
