"""The standard vault in which backups land first, with a key of its own."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import Vault, VaultPolicy
from pulumi_aws.kms import Alias, Key

from airlock.domain.arns import role_arn
from airlock.domain.key_policies import local_vault_key
from airlock.domain.names import EXEMPT_ROLES, VAULT_NAME
from airlock.domain.vault_protection import local_vault_statements
from components.checks import only_account_ids, refuse
from components.documents import document, guarded


@dataclass(frozen=True, kw_only=True)
class LocalVaultArgs:
    """The vault's name and account, the role that writes into it, and the accounts that its points are copied into."""

    vault_name: str
    account_id: str
    backup_role_name: str
    copying_account_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        thing = f"Vault `{self.vault_name}`"
        if not VAULT_NAME.fullmatch(self.vault_name):
            refuse(thing, "has a name that AWS Backup refuses; use 2 to 50 letters, digits, `-` or `_`")
        only_account_ids(thing, (self.account_id, *self.copying_account_ids))


class LocalVault(pulumi.ComponentResource):
    """A backup vault under its own customer key: points under a key managed by AWS cannot leave the account.

    Refuses: names that AWS refuses; anything but account ids.
    If deleted: AWS says no while it holds recovery points. If the key goes, its points cannot be read any more; what
    was copied into a logically air-gapped vault can.
    """

    key: Key
    vault: Vault
    arn: pulumi.Output[str]
    vault_name: pulumi.Output[str]

    def __init__(self, name: str, args: LocalVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:LocalVault", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        lasting = pulumi.ResourceOptions(parent=self, protect=True)
        self.key = Key(
            f"{name}-key",
            description=f"Recovery points in the local vault {args.vault_name}",
            enable_key_rotation=True,
            # The longest wait that AWS offers: time to notice a deletion that nobody wanted.
            deletion_window_in_days=30,
            policy=document(local_vault_key(args.account_id, args.backup_role_name, args.copying_account_ids)),
            tags=guarded(args.vault_name),
            opts=lasting,
        )
        self.alias = Alias(
            f"{name}-alias", name=f"alias/airlock-{args.vault_name}", target_key_id=self.key.key_id, opts=child
        )
        self.vault = Vault(
            f"{name}-vault",
            name=args.vault_name,
            kms_key_arn=self.key.arn,
            tags=guarded(args.vault_name),
            opts=lasting,
        )
        self.policy = VaultPolicy(
            f"{name}-policy",
            backup_vault_name=self.vault.name,
            policy=document(local_vault_statements([role_arn(args.account_id, role) for role in EXEMPT_ROLES])),
            opts=child,
        )
        self.arn = self.vault.arn
        self.vault_name = self.vault.name
        self.register_outputs({"arn": self.arn})
