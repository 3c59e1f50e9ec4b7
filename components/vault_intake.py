"""Who, from outside, may copy recovery points into vaults."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import VaultPolicy

from airlock.domain.arns import root_arn
from airlock.domain.policy_documents import Statement
from components.checks import at_least_one, only_account_ids
from components.documents import document


@dataclass(frozen=True, kw_only=True)
class OpenVault:
    """A vault, and the accounts whose copies it takes in."""

    vault_name: pulumi.Input[str]
    region: str
    source_account_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VaultIntakeArgs:
    """The vaults by their names."""

    vaults: Mapping[str, OpenVault]

    def __post_init__(self) -> None:
        at_least_one("A vault intake", "vault", self.vaults)
        for name, vault in self.vaults.items():
            thing = f"The intake of vault `{name}`"
            at_least_one(thing, "source account", vault.source_account_ids)
            only_account_ids(thing, vault.source_account_ids)


class VaultIntake(pulumi.ComponentResource):
    """The access policies that open vaults for copies from other accounts of the organization.

    Refuses: no vault, a vault without a source account, anything but account ids.
    If deleted: copy jobs of the source accounts fail from then on; what is in the vaults stays.
    """

    policies: dict[str, VaultPolicy]

    def __init__(self, name: str, args: VaultIntakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:VaultIntake", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.policies = {
            vault_name: VaultPolicy(
                f"{vault_name}-{name}-policy",
                backup_vault_name=vault.vault_name,
                policy=document([_copy_from(vault.source_account_ids)]),
                region=vault.region,
                opts=child,
            )
            for vault_name, vault in args.vaults.items()
        }
        self.register_outputs({})


def _copy_from(account_ids: tuple[str, ...]) -> Statement:
    return {
        "Sid": "CopyFromSourceAccounts",
        "Effect": "Allow",
        "Principal": {"AWS": [root_arn(account) for account in sorted(account_ids)]},
        # Across accounts AWS Backup honours no other action than this one.
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*",
    }
