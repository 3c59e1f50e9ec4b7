"""The module path and class name of each provider are stored in every state: a wire format, written down here."""

import base64

import dill
import pytest
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from airlock.providers.approval_team import ApprovalTeam, ApprovalTeamProvider
from airlock.providers.backup_settings import (
    BackupGlobalSettings,
    BackupGlobalSettingsProvider,
    BackupRegionSettings,
    BackupRegionSettingsProvider,
)
from airlock.providers.delegation_policy import DelegationPolicy, DelegationPolicyProvider
from airlock.providers.identity_source import IdentitySource, IdentitySourceProvider
from airlock.providers.policy_type import EnabledPolicyType, EnabledPolicyTypeProvider
from airlock.providers.share_acceptance import ShareAcceptance, ShareAcceptanceProvider
from airlock.providers.vault_approval import VaultApproval, VaultApprovalProvider

PINNED = [
    (ApprovalTeamProvider, "airlock.providers.approval_team", "ApprovalTeamProvider"),
    (BackupGlobalSettingsProvider, "airlock.providers.backup_settings", "BackupGlobalSettingsProvider"),
    (BackupRegionSettingsProvider, "airlock.providers.backup_settings", "BackupRegionSettingsProvider"),
    (DelegationPolicyProvider, "airlock.providers.delegation_policy", "DelegationPolicyProvider"),
    (IdentitySourceProvider, "airlock.providers.identity_source", "IdentitySourceProvider"),
    (EnabledPolicyTypeProvider, "airlock.providers.policy_type", "EnabledPolicyTypeProvider"),
    (ShareAcceptanceProvider, "airlock.providers.share_acceptance", "ShareAcceptanceProvider"),
    (VaultApprovalProvider, "airlock.providers.vault_approval", "VaultApprovalProvider"),
]

TYPES = {
    ApprovalTeam: "dynamic/airlock:ApprovalTeam",
    BackupGlobalSettings: "dynamic/airlock:BackupGlobalSettings",
    BackupRegionSettings: "dynamic/airlock:BackupRegionSettings",
    DelegationPolicy: "dynamic/airlock:DelegationPolicy",
    EnabledPolicyType: "dynamic/airlock:EnabledPolicyType",
    IdentitySource: "dynamic/airlock:IdentitySource",
    ShareAcceptance: "dynamic/airlock:ShareAcceptance",
    VaultApproval: "dynamic/airlock:VaultApproval",
}


@pytest.mark.parametrize(("provider", "module", "name"), PINNED, ids=[name for _, _, name in PINNED])
def test_the_serialized_provider_is_a_reference_and_nothing_else(
    provider: type[ResourceProvider], module: str, name: str
) -> None:
    stored = base64.b64decode(serialize_provider(provider()))
    assert module.encode() in stored, "A provider that moved cannot be deleted or refreshed in existing states."
    assert name.encode() in stored
    assert len(stored) < 120, "More than a reference is stored: something hangs on `self`, or the class goes by value."
    assert type(dill.loads(stored)) is provider  # noqa: S301  # our own bytes
    assert provider.serialize_as_secret_always is False


@pytest.mark.parametrize(("resource", "token"), TYPES.items(), ids=[resource.__name__ for resource in TYPES])
def test_the_type_of_each_resource_is_part_of_every_urn(resource: type, token: str) -> None:
    assert vars(resource)["_resource_type_name"] == token
