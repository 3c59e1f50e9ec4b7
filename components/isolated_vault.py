"""The logically air-gapped vaults of a stack, one per generation."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import LogicallyAirGappedVault

from airlock.domain.names import VAULT_NAME
from airlock.domain.retention import Bounds
from components.checks import at_least_one, refuse
from components.documents import guarded


@dataclass(frozen=True, kw_only=True)
class VaultSpec:
    """Bounds and key are for life: AWS changes neither, and a replacement would need an empty vault."""

    data_class: str
    region: str
    min_retention_days: int
    max_retention_days: int
    encryption_key_arn: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class IsolatedVaultArgs:
    """The vaults by their names, which are for life as well."""

    vaults: Mapping[str, VaultSpec]

    def __post_init__(self) -> None:
        at_least_one("A group of air-gapped vaults", "vault", self.vaults)
        for name, vault in self.vaults.items():
            if not VAULT_NAME.fullmatch(name):
                refuse(f"Vault `{name}`", "has a name that AWS Backup refuses; use 2 to 50 letters, digits, `-` or `_`")
            refuse(f"Vault `{name}`", Bounds(vault.min_retention_days, vault.max_retention_days).problem())


class IsolatedVault(pulumi.ComponentResource):
    """The logically air-gapped vaults of a stack. Recovery points stay until their retention ends.

    Refuses: no vault, bounds that AWS refuses, a minimum retention above the maximum.
    If deleted: AWS says no while a vault holds recovery points, so plan for its whole life. To change its bounds or
    key, add a generation under a new name and keep the old one until it is empty.
    """

    vaults: dict[str, LogicallyAirGappedVault]

    def __init__(self, name: str, args: IsolatedVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:IsolatedVault", name, None, opts)
        lasting = pulumi.ResourceOptions(parent=self, protect=True)
        self.vaults = {
            vault_name: LogicallyAirGappedVault(
                f"{vault_name}-vault",
                name=vault_name,
                min_retention_days=vault.min_retention_days,
                max_retention_days=vault.max_retention_days,
                region=vault.region,
                encryption_key_arn=vault.encryption_key_arn,
                tags=guarded(vault.data_class),
                opts=lasting,
            )
            for vault_name, vault in args.vaults.items()
        }
        self.register_outputs({})
