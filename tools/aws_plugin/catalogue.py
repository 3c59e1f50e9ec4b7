"""Every resource type and function that this plugin serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError
from tools.aws_plugin.resource import Resource
from tools.aws_plugin.services import (
    backup_plans,
    backup_settings,
    backup_vaults,
    ebs,
    iam,
    kms,
    organizations,
    ram,
    restore_testing,
)
from tools.aws_plugin.values import Properties

_TYPES: tuple[type[Resource], ...] = (
    organizations.AwsServiceAccess,
    organizations.DelegatedAdministrator,
    organizations.Policy,
    organizations.PolicyAttachment,
    ram.SharingWithOrganization,
    ram.ResourceShare,
    ram.ResourceAssociation,
    ram.PrincipalAssociation,
    backup_settings.GlobalSettings,
    backup_settings.RegionSettings,
    backup_vaults.LogicallyAirGappedVault,
    backup_vaults.Vault,
    backup_vaults.VaultPolicy,
    backup_plans.Plan,
    backup_plans.Selection,
    restore_testing.RestoreTestingPlan,
    restore_testing.RestoreTestingSelection,
    kms.Key,
    kms.Alias,
    iam.Role,
    iam.RolePolicy,
    iam.RolePolicyAttachment,
    iam.Policy,
    ebs.EncryptionByDefault,
    ebs.DefaultKmsKey,
)
RESOURCES: dict[str, Resource] = {kind.type_name: kind() for kind in _TYPES}
FUNCTIONS: Mapping[str, Callable[[Aws, Properties], Properties]] = {
    "aws:organizations/getOrganization:getOrganization": organizations.get_organization,
}


def resource(token: str) -> Resource:
    if token not in RESOURCES:
        raise PluginError(
            f"Resource type {token} is not one that this plugin stands in for. "
            f"It serves {', '.join(sorted(RESOURCES))}."
        )
    return RESOURCES[token]


def function(token: str) -> Callable[[Aws, Properties], Properties]:
    if token not in FUNCTIONS:
        raise PluginError(
            f"Function {token} is not one that this plugin stands in for. It serves {', '.join(sorted(FUNCTIONS))}."
        )
    return FUNCTIONS[token]
