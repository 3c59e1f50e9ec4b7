"""A vault shown to other accounts of the same organization, in normal times."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ram import PrincipalAssociation, ResourceAssociation, ResourceShare

from components.checks import at_least_one, only_account_ids
from components.documents import guarded


@dataclass(frozen=True, kw_only=True)
class VaultSharingArgs:
    """What is shared, under which name, with which accounts."""

    share_name: str
    vault_arn: pulumi.Input[str]
    region: str
    account_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        thing = f"Share `{self.share_name}`"
        at_least_one(thing, "account", self.account_ids)
        only_account_ids(thing, self.account_ids)


class VaultSharing(pulumi.ComponentResource):
    """A RAM share of one vault: its consumers can look and restore, not copy and not delete.

    Refuses: anything but account ids, accounts outside the organization.
    If deleted: restore tests of the consumers fail; the emergency path does not depend on it.
    """

    share: ResourceShare
    share_arn: pulumi.Output[str]

    def __init__(self, name: str, args: VaultSharingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:VaultSharing", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # No permission is named: AWS attaches the managed one for vaults, whose name it does not publish.
        self.share = ResourceShare(
            f"{name}-share",
            name=args.share_name,
            allow_external_principals=False,
            tags=guarded(args.share_name),
            region=args.region,
            opts=child,
        )
        self.resource = ResourceAssociation(
            f"{name}-vault",
            resource_arn=args.vault_arn,
            resource_share_arn=self.share.arn,
            region=args.region,
            opts=child,
        )
        self.principals = {
            account: PrincipalAssociation(
                f"{name}-{account}",
                principal=account,
                resource_share_arn=self.share.arn,
                region=args.region,
                opts=child,
            )
            for account in args.account_ids
        }
        self.share_arn = self.share.arn
        self.register_outputs({"share_arn": self.share_arn})
