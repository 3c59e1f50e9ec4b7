"""Vaults shown to other accounts of the same organization, in normal times."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.ram import PrincipalAssociation, ResourceAssociation, ResourceShare

from components.checks import at_least_one, only_account_ids
from components.documents import guarded


@dataclass(frozen=True, kw_only=True)
class VaultShare:
    """A vault, the name of its share, and the accounts that it is shared with."""

    share_name: str
    vault_arn: pulumi.Input[str]
    region: str
    account_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VaultSharingArgs:
    """The vaults by their names."""

    vaults: Mapping[str, VaultShare]

    def __post_init__(self) -> None:
        at_least_one("A vault sharing", "vault", self.vaults)
        for vault in self.vaults.values():
            thing = f"Share `{vault.share_name}`"
            at_least_one(thing, "account", vault.account_ids)
            only_account_ids(thing, vault.account_ids)


class VaultSharing(pulumi.ComponentResource):
    """One RAM share per vault: its consumers can look and restore, not copy and not delete.

    Refuses: no vault, anything but account ids, accounts outside the organization.
    If deleted: restore tests of the consumers fail; the emergency path does not depend on it.
    """

    shares: dict[str, ResourceShare]

    def __init__(self, name: str, args: VaultSharingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:VaultSharing", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.shares = {
            vault_name: _share(f"{vault_name}-{name}", vault, child) for vault_name, vault in args.vaults.items()
        }
        self.register_outputs({})


def _share(name: str, vault: VaultShare, opts: pulumi.ResourceOptions) -> ResourceShare:
    # No permission is named: AWS attaches the managed one for vaults, whose name it does not publish.
    share = ResourceShare(
        f"{name}-share",
        name=vault.share_name,
        allow_external_principals=False,
        tags=guarded(vault.share_name),
        region=vault.region,
        opts=opts,
    )
    # RAM ends what hangs on a share with it, also what still waits and cannot be taken away by itself.
    hanging = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(deleted_with=share))
    ResourceAssociation(
        f"{name}-vault",
        resource_arn=vault.vault_arn,
        resource_share_arn=share.arn,
        region=vault.region,
        opts=hanging,
    )
    for account in vault.account_ids:
        PrincipalAssociation(
            f"{name}-{account}",
            principal=account,
            resource_share_arn=share.arn,
            region=vault.region,
            opts=hanging,
        )
    return share
