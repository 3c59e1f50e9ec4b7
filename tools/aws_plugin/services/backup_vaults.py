"""AWS Backup: vaults and their access policies."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError, code_of
from tools.aws_plugin.fields import boolean, document, integer, string, table, tags
from tools.aws_plugin.resource import Resource, present
from tools.aws_plugin.tagging import bring_up_to_date, ours
from tools.aws_plugin.values import Properties

AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
STANDARD = "BACKUP_VAULT"
# What AWS Backup answers when a vault does not exist; the plain code alone also means that the caller lacks a right.
HIDDEN = "Insufficient privileges to perform this action"


class LogicallyAirGappedVault(Resource):
    """A vault that nobody can shorten. Its id is its name; nothing but its tags ever changes."""

    type_name = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
    inputs = table(
        {
            "encryptionKeyArn": string(replaces=True, from_aws=True),
            "maxRetentionDays": integer(required=True, replaces=True),
            "minRetentionDays": integer(required=True, replaces=True),
            "name": string(required=True, replaces=True),
            "tags": tags(),
        }
    )
    computed = ("arn",)

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("backup").create_logically_air_gapped_backup_vault(
            BackupVaultName=new["name"],
            MinRetentionDays=new["minRetentionDays"],
            MaxRetentionDays=new["maxRetentionDays"],
            BackupVaultTags=new.get("tags") or {},
            **present(EncryptionKeyArn=new.get("encryptionKeyArn")),
        )
        return str(new["name"])

    def finish(self, aws: Aws, id_: str, new: Properties) -> None:
        aws.wait(lambda: str((_vault(aws, id_) or {}).get("VaultState") or "GONE"), "AVAILABLE", f"Vault `{id_}`")

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        found = _vault(aws, id_)
        if found is None:
            return None
        _refuse_another_type(found, AIR_GAPPED, self.type_name)
        return {
            "name": id_,
            "arn": found["BackupVaultArn"],
            "minRetentionDays": found["MinRetentionDays"],
            "maxRetentionDays": found["MaxRetentionDays"],
            "encryptionKeyArn": found.get("EncryptionKeyArn"),
            "tags": _tags(aws, found["BackupVaultArn"]),
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        _update_tags(aws, old["arn"], old, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("backup").delete_backup_vault(BackupVaultName=id_)


class Vault(Resource):
    """A standard vault. Its id is its name."""

    type_name = "aws:backup/vault:Vault"
    inputs = table(
        {
            "forceDestroy": boolean(local=True, default=False),
            "kmsKeyArn": string(replaces=True, from_aws=True),
            "name": string(required=True, replaces=True),
            "tags": tags(),
        }
    )
    computed = ("arn", "recoveryPoints")

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("backup").create_backup_vault(
            BackupVaultName=new["name"],
            BackupVaultTags=new.get("tags") or {},
            **present(EncryptionKeyArn=new.get("kmsKeyArn")),
        )
        return str(new["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        found = _vault(aws, id_)
        if found is None:
            return None
        _refuse_another_type(found, STANDARD, self.type_name)
        return {
            "name": id_,
            "arn": found["BackupVaultArn"],
            "kmsKeyArn": found.get("EncryptionKeyArn"),
            "recoveryPoints": found.get("NumberOfRecoveryPoints", 0),
            "tags": _tags(aws, found["BackupVaultArn"]),
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        _update_tags(aws, old["arn"], old, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        client = aws.client("backup")
        if old.get("forceDestroy"):
            pages = client.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=id_)
            for point in [point for page in pages for point in page["RecoveryPoints"]]:
                client.delete_recovery_point(BackupVaultName=id_, RecoveryPointArn=point["RecoveryPointArn"])
            aws.wait(lambda: "FULL" if _has_points(client, id_) else "EMPTY", "EMPTY", f"Vault `{id_}`")
        client.delete_backup_vault(BackupVaultName=id_)


def _has_points(client: Any, vault_name: str) -> bool:
    return bool(client.list_recovery_points_by_backup_vault(BackupVaultName=vault_name)["RecoveryPoints"])


class VaultPolicy(Resource):
    """Who may do what with a vault. Its id is the vault's name."""

    type_name = "aws:backup/vaultPolicy:VaultPolicy"
    inputs = table({"backupVaultName": string(required=True, replaces=True), "policy": document(required=True)})
    computed = ("backupVaultArn",)

    def create(self, aws: Aws, new: Properties) -> str:
        self._put(aws, new)
        return str(new["backupVaultName"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        try:
            found = aws.client("backup").get_backup_vault_access_policy(BackupVaultName=id_)
        except ClientError as error:
            if _means_gone(error):
                return None
            raise
        return {"backupVaultName": id_, "policy": found["Policy"], "backupVaultArn": found["BackupVaultArn"]}

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        self._put(aws, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("backup").delete_backup_vault_access_policy(BackupVaultName=id_)

    def _put(self, aws: Aws, new: Properties) -> None:
        aws.client("backup").put_backup_vault_access_policy(
            BackupVaultName=new["backupVaultName"], Policy=new["policy"]
        )


def _vault(aws: Aws, name: str) -> dict[str, Any] | None:
    try:
        return dict(aws.client("backup").describe_backup_vault(BackupVaultName=name))
    except ClientError as error:
        if _means_gone(error):
            return None
        raise


def _means_gone(error: ClientError) -> bool:
    if code_of(error) == "AccessDeniedException":
        return HIDDEN in error.response["Error"].get("Message", "")
    return code_of(error) == "ResourceNotFoundException"


def _refuse_another_type(found: dict[str, Any], expected: str, token: str) -> None:
    kind = found.get("VaultType", expected)
    if kind != expected:
        raise PluginError(f"Vault `{found['BackupVaultName']}` is of the type {kind}, so it is no {token}.")


def _tags(aws: Aws, arn: str) -> dict[str, str]:
    return ours(aws.client("backup").list_tags(ResourceArn=arn).get("Tags", {}))


def _update_tags(aws: Aws, arn: str, old: Properties, new: Properties) -> None:
    client = aws.client("backup")
    bring_up_to_date(
        old,
        new,
        lambda put: client.tag_resource(ResourceArn=arn, Tags=put),
        lambda keys: client.untag_resource(ResourceArn=arn, TagKeyList=keys),
    )
