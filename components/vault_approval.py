"""Vaults under an approval team: the second key to each of them."""

from dataclasses import dataclass
from typing import Literal

import pulumi

from airlock.domain.connection import Connection
from airlock.providers.vault_approval import VaultApproval, VaultApprovalArgs
from components.accepted_share import Share, accept
from components.checks import at_least_one, only_account_ids
from components.ownership import owner


@dataclass(frozen=True, kw_only=True)
class ApprovedVault:
    """One vault, and how to reach its account in its Region."""

    vault_name: str
    vault_arn: pulumi.Input[str]
    connection: Connection
    # Taking the team off is a vote of that team; the engine's delete never starts one.
    desired: Literal["present", "absent"] = "present"


@dataclass(frozen=True, kw_only=True)
class VaultApprovalsArgs:
    """The team as it is shared with this account, and the vaults that it opens."""

    team_arn: pulumi.Input[str]
    share_arn: pulumi.Input[str]
    share_owner_account_id: str
    team_connection: Connection
    vaults: tuple[ApprovedVault, ...]

    def __post_init__(self) -> None:
        at_least_one("An approval", "vault", self.vaults)
        only_account_ids("An approval", (self.share_owner_account_id,))


class VaultApprovals(pulumi.ComponentResource):
    """The share of a team, accepted, and its association with each vault.

    The first association takes effect at once; every later change is voted by the team that is there.
    Refuses: no vault, anything but an account id as owner of the share.
    If deleted: refused while a team is associated. Set `desired` to `absent`, deploy, and wait for the vote.
    """

    approvals: dict[str, VaultApproval]

    def __init__(self, name: str, args: VaultApprovalsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:VaultApprovals", name, None, opts)
        self.acceptance = accept(
            f"{name}-acceptance",
            Share(
                connection=args.team_connection,
                share_arn=args.share_arn,
                resource_arn=args.team_arn,
                owner_account_id=args.share_owner_account_id,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        # AWS does not know a team that is not shared yet, so the share comes first.
        lasting = pulumi.ResourceOptions(parent=self, protect=True, depends_on=[self.acceptance])
        self.approvals = {
            vault.vault_name: VaultApproval(
                f"{name}-{vault.vault_name}",
                VaultApprovalArgs(
                    connection=vault.connection.to_dict(),
                    vault_name=vault.vault_name,
                    vault_arn=vault.vault_arn,
                    team_arn=args.team_arn,
                    owner=owner(f"{name}-{vault.vault_name}"),
                    desired=vault.desired,
                ),
                lasting,
            )
            for vault in args.vaults
        }
        self.register_outputs({})
