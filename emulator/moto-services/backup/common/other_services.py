"""The other emulated services that AWS Backup speaks to, each behind a plain function.

They are imported when they are called: they import one another, and moto loads a service at its first request.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

from emulator import authorization
from emulator.authorization.needs import Need

Executor = Callable[[Any, str], str]


@cache
def _models(service: str) -> Any:
    """A service's models: asked for several times in every job, and `import_module` is not free."""
    return import_module(f"moto.{service}.models")


# Multi-party approval


def team(team_arn: str) -> Any | None:
    """The approval team (with .status, .owner_account and .name), or None."""
    return _models("mpa").team(team_arn)


def start_session(**request: Any) -> str:
    """Open an approval session; the ARN of the session."""
    return str(_models("mpa").start_session(**request))


def register_executor(name: str, function: Executor) -> None:
    _models("mpa").register_executor(name, function)


def configuration_changed(protected_resource_arn: str) -> None:
    """End the pending sessions about a resource: its association changed."""
    _models("mpa").configuration_changed(protected_resource_arn)


# Resource Access Manager


def shared_with(resource_arn: str, account: str) -> bool:
    """Whether the resource is shared with the account by a share that counts (accepted where it has to be)."""
    return bool(_models("ram").shared_with(resource_arn, account))


# Organizations


def effective_backup_plans(account: str) -> list[dict[str, Any]]:
    """The plans that backup policies give to an account; see `moto.organizations_more.plans`."""
    found: list[dict[str, Any]] = import_module("moto.organizations_more.plans").effective_backup_plans(account)
    return found


# Services whose resources are backed up


def used(service: str, account: str, region: str) -> bool:
    """Whether an account has used a service there at all. Looking loads nothing and makes nothing."""
    module = sys.modules.get(f"moto.{service}.models")
    if module is None:
        return False
    regions = dict.get(getattr(module, f"{service}_backends"), account)
    # What moto answers for `in` is whether AWS has that Region.
    return regions is not None and dict.get(regions, "aws" if service == "s3" else region) is not None


def s3(account: str) -> Any:
    return _models("s3").s3_backends[account]["aws"]


def dynamodb(account: str, region: str) -> Any:
    return _models("dynamodb").dynamodb_backends[account][region]


def ec2(account: str, region: str) -> Any:
    return _models("ec2").ec2_backends[account][region]


def efs(account: str, region: str) -> Any:
    return _models("efs").efs_backends[account][region]


def rds(account: str, region: str) -> Any:
    return _models("rds").rds_backends[account][region]


def role_exists(role_arn: str) -> bool:
    """Whether IAM has that role (by its whole ARN, path included)."""
    return role_created(role_arn) is not None


def role_created(role_arn: str) -> datetime | None:
    """When a role was made; None if IAM has none of that ARN."""
    account = role_arn.split(":")[4]
    backend = _models("iam").iam_backends[account]["aws"]
    created = next((role.create_date for role in backend.roles.values() if role.arn == role_arn), None)
    return None if created is None else created.replace(tzinfo=UTC)


def role_refusal(role_arn: str, region: str, needs: Sequence[Need] = ()) -> str:
    """Why AWS Backup cannot do this with a role; empty when it can. Trust and permissions count with enforcement on."""
    if not role_exists(role_arn):
        return f"AWS Backup cannot assume {role_arn}: there is no such role."
    return authorization.refusal_to_service("backup", role_arn, region, needs)


def kms_key(key: str, account: str, region: str) -> Any | None:
    """The key of this account and Region by ARN, id, alias or alias ARN; None where it has no such key."""
    parts = key.split(":")
    if len(parts) > 5:
        if (parts[3], parts[4]) != (region, account):
            return None
        key = parts[5].removeprefix("key/")
    backend = _models("kms").kms_backends[account][region]
    key_id = backend.get_key_id_from_alias(key) if key.startswith("alias/") else key
    return backend.keys.get(key_id)


def aws_managed_key(alias: str, account: str, region: str) -> str:
    """The ARN of an AWS managed key, which comes into being when a service first uses it."""
    backend = _models("kms").kms_backends[account][region]
    key_id = backend.get_key_id_from_alias(alias)
    if key_id is None:
        key = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "Default key", None)
        key.key_manager = "AWS"
        backend.create_alias(key.id, alias)
        key_id = key.id
    return str(backend.keys[key_id].arn)


def is_aws_managed(key: Any) -> bool:
    """Whether a key is one of AWS's own (aws/ebs and the like), which nobody can share."""
    return key.key_manager == "AWS" or any(alias.startswith("alias/aws/") for alias in key.aliases)


def s3_bucket_owners() -> dict[str, Any]:
    """Every bucket name in use, in any account."""
    owners: dict[str, Any] = _models("s3").s3_backends.bucket_accounts
    return owners


def create_bucket(account: str, name: str, region: str) -> Any:
    return s3(account).create_bucket(name, region)


def read_blocks(volume: Any) -> dict[int, bytes]:
    """The blocks of a volume, by index."""
    blocks: dict[int, bytes] = import_module("emulator.moto.ebs_content").blocks_of(volume)
    return dict(blocks)


def takes_images_of_vaults(account: str, region: str) -> bool:
    """Whether the allowed images of an account hold those that AWS Backup makes from an air-gapped vault."""
    images = import_module("emulator.moto.allowed_images")
    return bool(images.allows(ec2(account, region), images.VAULT_PROVIDER))


def write_blocks(volume: Any, blocks: dict[int, bytes]) -> None:
    import_module("emulator.moto.ebs_content").set_blocks(volume, dict(blocks))
