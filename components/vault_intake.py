"""Who, from outside, may copy recovery points into a vault."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import VaultPolicy

from airlock.domain.arns import root_arn
from components.checks import at_least_one, only_account_ids
from components.documents import document


@dataclass(frozen=True, kw_only=True)
class VaultIntakeArgs:
    """The vault, and the accounts whose copies it takes in."""

    vault_name: pulumi.Input[str]
    region: str
    source_account_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        at_least_one("A vault intake", "source account", self.source_account_ids)
        only_account_ids("A vault intake", self.source_account_ids)


class VaultIntake(pulumi.ComponentResource):
    """The access policy that opens a vault for copies from other accounts of the organization.

    Refuses: anything but account ids.
    If deleted: copy jobs of the source accounts fail from then on; what is in the vault stays.
    """

    policy: VaultPolicy

    def __init__(self, name: str, args: VaultIntakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:VaultIntake", name, None, opts)
        # Across accounts AWS Backup honours no other action than this one.
        statement = {
            "Sid": "CopyFromSourceAccounts",
            "Effect": "Allow",
            "Principal": {"AWS": [root_arn(account) for account in sorted(args.source_account_ids)]},
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "*",
        }
        self.policy = VaultPolicy(
            f"{name}-policy",
            backup_vault_name=args.vault_name,
            policy=document([statement]),
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
