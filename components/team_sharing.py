"""An approval team shown to the accounts that need it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.ram import PrincipalAssociation, ResourceAssociation, ResourceShare

from airlock.domain.names import TEAM_REGION
from components.checks import at_least_one, only_account_ids
from components.documents import guarded


@dataclass(frozen=True, kw_only=True)
class TeamSharingArgs:
    """The team, and the accounts by their key. `outside_organization` when one of them belongs to another one."""

    share_name: str
    team_arn: pulumi.Input[str]
    account_ids: Mapping[str, str]
    outside_organization: bool

    def __post_init__(self) -> None:
        thing = f"Share `{self.share_name}`"
        at_least_one(thing, "account", self.account_ids)
        only_account_ids(thing, self.account_ids.values())


class TeamSharing(pulumi.ComponentResource):
    """A RAM share of one team. Teams, and shares of teams, exist in us-east-1 only.

    Refuses: anything but account ids.
    If deleted: no vault can be put under the team any more, and nobody can ask it for access.
    """

    share: ResourceShare
    share_arn: pulumi.Output[str]

    def __init__(self, name: str, args: TeamSharingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:TeamSharing", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.share = ResourceShare(
            f"{name}-share",
            name=args.share_name,
            allow_external_principals=args.outside_organization,
            tags=guarded(args.share_name),
            region=TEAM_REGION,
            opts=child,
        )
        # RAM ends what hangs on a share with it, also what still waits and cannot be taken away by itself.
        hanging = pulumi.ResourceOptions(parent=self, deleted_with=self.share)
        self.resource = ResourceAssociation(
            f"{name}-team",
            resource_arn=args.team_arn,
            resource_share_arn=self.share.arn,
            region=TEAM_REGION,
            opts=hanging,
        )
        self.principals = {
            key: PrincipalAssociation(
                f"{name}-{key}",
                principal=account,
                resource_share_arn=self.share.arn,
                region=TEAM_REGION,
                opts=hanging,
            )
            for key, account in args.account_ids.items()
        }
        self.share_arn = self.share.arn
        self.register_outputs({"share_arn": self.share_arn})
