"""Something that another account shares with this one."""

from dataclasses import dataclass

import pulumi

from airlock.domain.connection import Connection
from airlock.providers.share_acceptance import ShareAcceptance, ShareAcceptanceArgs
from components.checks import only_account_ids
from components.ownership import owner


@dataclass(frozen=True, kw_only=True)
class AcceptedShareArgs:
    """The share, what is in it, whose it is, and, where both accounts are in the same hands, how to reach its owner."""

    connection: Connection
    share_arn: pulumi.Input[str]
    resource_arn: pulumi.Input[str]
    owner_account_id: str
    owner_connection: Connection | None = None

    def __post_init__(self) -> None:
        only_account_ids("A share to accept", (self.owner_account_id,))


class AcceptedShare(pulumi.ComponentResource):
    """A RAM share, accepted where there is an invitation; inside one organization there is none, which is as good.

    Refuses: anything but an account id as owner.
    If deleted: refused for a share that was accepted by invitation, which may be the only way in, unless it is kept.
    """

    acceptance: ShareAcceptance
    share_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AcceptedShareArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:AcceptedShare", name, None, opts)
        self.acceptance = accept(f"{name}-acceptance", args, pulumi.ResourceOptions(parent=self))
        # The id is the share's ARN and known at once; other outputs turn unknown in the preview of an update.
        self.share_arn = self.acceptance.id
        self.register_outputs({"share_arn": self.share_arn})


def accept(name: str, args: AcceptedShareArgs, opts: pulumi.ResourceOptions) -> ShareAcceptance:
    """The resource itself, for components that need more than the acceptance."""
    return ShareAcceptance(
        name,
        ShareAcceptanceArgs(
            connection=args.connection.to_dict(),
            share_arn=args.share_arn,
            resource_arn=args.resource_arn,
            owner_account=args.owner_account_id,
            owner=owner(name),
            reinvite=args.owner_connection.to_dict() if args.owner_connection else None,
        ),
        opts,
    )
