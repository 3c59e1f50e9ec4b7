"""AWS::Backup::BackupVault in CloudFormation templates."""

import json
from typing import Any

from moto.core.common_models import CloudFormationModel

from ..models import backend_of
from ..records.entities import Vault
from . import vaults


class BackupVaultResource(CloudFormationModel):
    """The vault of a stack; Ref is its name."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    @property
    def physical_resource_id(self) -> str:
        return self.vault.name

    @staticmethod
    def cloudformation_name_type() -> str:
        return "BackupVaultName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Backup::BackupVault"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("BackupVaultArn", "BackupVaultName")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.vault.arn if attribute_name == "BackupVaultArn" else self.vault.name

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str, **_: Any
    ) -> "BackupVaultResource":
        properties = cloudformation_json["Properties"]
        backend = backend_of(account_id, region_name)
        vault = vaults.create_vault(
            backend,
            resource_name,
            dict(properties.get("BackupVaultTags", {})),
            properties.get("EncryptionKeyArn"),
            None,
        )
        _apply(vault, properties)
        return cls(vault)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "BackupVaultResource",
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> "BackupVaultResource":
        """Policy, tags and notifications change in place; another name or key is another vault."""
        properties = cloudformation_json["Properties"]
        vault = original_resource.vault
        if new_resource_name != vault.name or properties.get("EncryptionKeyArn", vault.key_arn) != vault.key_arn:
            vaults.delete_vault(backend_of(account_id, region_name), vault.name)
            return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        vault.tags = dict(properties.get("BackupVaultTags", {}))
        _apply(vault, properties)
        return cls(vault)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, _properties: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        backend = backend_of(account_id, region_name)
        if resource_name in backend.vaults:
            vaults.delete_vault(backend, resource_name)

    def is_created(self) -> bool:
        return True


def _apply(vault: Vault, properties: dict[str, Any]) -> None:
    backend = backend_of(vault.account, vault.region)
    policy = properties.get("AccessPolicy")
    vaults.put_policy(backend, vault.name, policy if policy is None or isinstance(policy, str) else json.dumps(policy))
    notifications = properties.get("Notifications")
    if notifications:
        vaults.put_notifications(
            backend, vault.name, notifications["SNSTopicArn"], list(notifications["BackupVaultEvents"])
        )
