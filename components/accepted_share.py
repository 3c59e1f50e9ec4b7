"""What other accounts share with this one."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from airlock.domain.connection import Connection
from airlock.providers.share_acceptance import ShareAcceptance, ShareAcceptanceArgs
from components.checks import at_least_one, only_account_ids
from components.ownership import owner


@dataclass(frozen=True, kw_only=True)
class Share:
    """The share, what is in it, whose it is, and, where both accounts are in the same hands, how to reach its owner."""

    connection: Connection
    share_arn: pulumi.Input[str]
    resource_arn: pulumi.Input[str]
    owner_account_id: str
    owner_connection: Connection | None = None

    def __post_init__(self) -> None:
        only_account_ids("A share to accept", (self.owner_account_id,))


@dataclass(frozen=True, kw_only=True)
class AcceptedShareArgs:
    """The shares, each named after what is in it."""

    shares: Mapping[str, Share]

    def __post_init__(self) -> None:
        at_least_one("A group of accepted shares", "share", self.shares)


class AcceptedShare(pulumi.ComponentResource):
    """RAM shares, accepted where there is an invitation; inside one organization there is none, which is as good.

    Refuses: no share, anything but an account id as owner.
    If deleted: refused for a share that was accepted by invitation, which may be the only way in, unless it is kept.
    """

    acceptances: dict[str, ShareAcceptance]

    def __init__(self, name: str, args: AcceptedShareArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:AcceptedShare", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.acceptances = {label: accept(f"{label}-acceptance", share, child) for label, share in args.shares.items()}
        self.register_outputs({})


def accept(name: str, share: Share, opts: pulumi.ResourceOptions) -> ShareAcceptance:
    """The resource itself, for components that need more than the acceptance."""
    return ShareAcceptance(
        name,
        ShareAcceptanceArgs(
            connection=share.connection.to_dict(),
            share_arn=share.share_arn,
            resource_arn=share.resource_arn,
            owner_account=share.owner_account_id,
            owner=owner(name),
            reinvite=share.owner_connection.to_dict() if share.owner_connection else None,
        ),
        opts,
    )
