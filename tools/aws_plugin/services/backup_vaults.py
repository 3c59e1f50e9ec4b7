"""AWS Backup: vaults and their access policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import code_of
from tools.aws_plugin.fields import boolean, document, integer, string, table, tags
from tools.aws_plugin.resource import Resource, present
from tools.aws_plugin.tagging import bring_up_to_date, ours
from tools.aws_plugin.values import Properties
from tools.aws_plugin.waiting import NOTHING, retry, says, wait

AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
STANDARD = "BACKUP_VAULT"
NAME = rules.text(2, 50, "0-9A-Za-z_-")
# A refusal counts as an answer, whatever is refused: AWS Backup hides with the same code whether there is such a vault.
GONE = ("AccessDeniedException", "ResourceNotFoundException")
UNTIL_AVAILABLE = 30 * 60.0
UNTIL_A_POINT_IS_GONE = 10 * 60.0
INVALID_PRINCIPAL = says("InvalidParameterValueException", "Provided principal is not valid")


class LogicallyAirGappedVault(Resource):
    """A vault that nobody can shorten. Its id is its name; nothing but its tags ever changes."""

    type_name = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
    framework = True
    sees_for_itself = False
    inputs = table(
        {
            "encryptionKeyArn": string(replaces=True, from_aws=True),
            "maxRetentionDays": integer(required=True, replaces=True),
            "minRetentionDays": integer(required=True, replaces=True, rule=rules.at_least(7)),
            "name": string(required=True, replaces=True, rule=NAME),
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
        def state() -> str:
            found = _vault(aws, id_)
            return str(found.get("VaultState") or NOTHING) if found else NOTHING

        wait(state, "AVAILABLE", f"Vault `{id_}`", through=("CREATING",), seconds=UNTIL_AVAILABLE, times=2)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        found = _vault(aws, id_)
        if found is None or found.get("VaultType", AIR_GAPPED) != AIR_GAPPED:
            return None
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
        """AWS deletes it in its own time, and nobody waits: the name stays taken for a while."""
        _unless_gone(lambda: aws.client("backup").delete_backup_vault(BackupVaultName=id_))


class Vault(Resource):
    """A standard vault. Its id is its name."""

    type_name = "aws:backup/vault:Vault"
    sees_for_itself = False
    inputs = table(
        {
            "forceDestroy": boolean(local=True, default=False),
            "kmsKeyArn": string(replaces=True, from_aws=True, rule=rules.arn),
            "name": string(required=True, replaces=True, rule=NAME),
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
        if found is None or found.get("VaultType", STANDARD) != STANDARD:
            return None
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
            for arn in _points(client, id_):
                client.delete_recovery_point(BackupVaultName=id_, RecoveryPointArn=arn)
                _wait_until_gone(client, id_, arn)
        _unless_gone(lambda: client.delete_backup_vault(BackupVaultName=id_))


def _points(client: Any, vault_name: str) -> list[str]:
    pages = client.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=vault_name)
    return [str(point["RecoveryPointArn"]) for page in pages for point in page["RecoveryPoints"]]


def _wait_until_gone(client: Any, vault_name: str, arn: str) -> None:
    def state() -> str:
        return "DELETING" if arn in _points(client, vault_name) else NOTHING

    wait(state, NOTHING, f"Recovery point {arn}", through=("DELETING",), seconds=UNTIL_A_POINT_IS_GONE)


class VaultPolicy(Resource):
    """Who may do what with a vault. Its id is the vault's name."""

    sees_for_itself = False
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
            if code_of(error) in GONE:
                return None
            raise
        return {"backupVaultName": id_, "policy": found["Policy"], "backupVaultArn": found["BackupVaultArn"]}

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        self._put(aws, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        _unless_gone(lambda: aws.client("backup").delete_backup_vault_access_policy(BackupVaultName=id_))

    def _put(self, aws: Aws, new: Properties) -> None:
        client, name = aws.client("backup"), new["backupVaultName"]
        retry(
            lambda: client.put_backup_vault_access_policy(BackupVaultName=name, Policy=new["policy"]),
            on=INVALID_PRINCIPAL,
        )


def _vault(aws: Aws, name: str) -> dict[str, Any] | None:
    try:
        return dict(aws.client("backup").describe_backup_vault(BackupVaultName=name))
    except ClientError as error:
        if code_of(error) in GONE:
            return None
        raise


def _unless_gone(delete: Callable[[], Any]) -> None:
    """A refused delete is a done one: what a guardrail forbids ends "deleted", and lives on."""
    try:
        delete()
    except ClientError as error:
        if code_of(error) not in GONE:
            raise


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
