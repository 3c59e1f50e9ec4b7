"""One generation of a logically air-gapped vault."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import LogicallyAirGappedVault

from airlock.domain.names import VAULT_NAME
from airlock.domain.retention import Bounds
from components.checks import refuse
from components.documents import guarded


@dataclass(frozen=True, kw_only=True)
class IsolatedVaultArgs:
    """Name, bounds and key are for life: AWS changes none of them, and a replacement would need an empty vault."""

    vault_name: str
    data_class: str
    region: str
    min_retention_days: int
    max_retention_days: int
    encryption_key_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        thing = f"Vault `{self.vault_name}`"
        if not VAULT_NAME.fullmatch(self.vault_name):
            refuse(thing, "has a name that AWS Backup refuses; use 2 to 50 letters, digits, `-` or `_`")
        refuse(thing, Bounds(self.min_retention_days, self.max_retention_days).problem())


class IsolatedVault(pulumi.ComponentResource):
    """A logically air-gapped vault. Recovery points stay until their retention ends.

    Refuses: bounds that AWS refuses, a minimum retention above the maximum.
    If deleted: AWS says no while it holds recovery points, so plan for its whole life. To change its bounds or key,
    add a generation under a new name and keep this one until it is empty.
    """

    vault: LogicallyAirGappedVault
    arn: pulumi.Output[str]
    vault_name: pulumi.Output[str]

    def __init__(self, name: str, args: IsolatedVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:IsolatedVault", name, None, opts)
        self.vault = LogicallyAirGappedVault(
            f"{name}-vault",
            name=args.vault_name,
            min_retention_days=args.min_retention_days,
            max_retention_days=args.max_retention_days,
            region=args.region,
            encryption_key_arn=args.encryption_key_arn,
            tags=guarded(args.data_class),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.arn = self.vault.arn
        self.vault_name = self.vault.name
        self.register_outputs({"arn": self.arn})
