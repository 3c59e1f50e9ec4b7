"""The account in which the data comes back: who may ask, who restores, under which key."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ebs import DefaultKmsKey, EncryptionByDefault
from pulumi_aws.iam import Policy, Role, RolePolicyAttachment
from pulumi_aws.kms import Alias, Key

from airlock.domain.arns import backup_service_role_arn, role_arn, root_arn
from airlock.domain.key_policies import administration, through_volumes, use_by
from airlock.domain.names import REQUESTER_ROLE, RESTORE_ROLE
from airlock.domain.policy_documents import trust_of_account
from components.backup_role import FOR_RESTORE, BackupRole, BackupRoleArgs
from components.checks import only_account_ids
from components.documents import as_text, document, guarded
from components.landing_permissions import boundary


@dataclass(frozen=True, kw_only=True)
class RecoveryLandingArgs:
    """The account and Region that data is restored into."""

    account_id: str
    region: str

    def __post_init__(self) -> None:
        only_account_ids("The landing account", (self.account_id,))


class RecoveryLanding(pulumi.ComponentResource):
    """The requester role under its permissions boundary, the restore role, and the key that restored data is under.

    Volumes are encrypted by default and with this key: a restore would otherwise reach for the lost account's key.
    Refuses: anything but an account id.
    If deleted: nobody can ask for access to the backups, and nothing can be restored here.
    """

    key: Key
    requester: Role
    restore: BackupRole
    requester_role_arn: pulumi.Output[str]
    restore_role_arn: pulumi.Output[str]
    kms_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RecoveryLandingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:RecoveryLanding", name, None, opts)
        self.key = self._make_key(name, args)
        self.requester = self._make_requester(name, args)
        self.restore = BackupRole(
            f"{name}-restore",
            BackupRoleArgs(
                role_name=RESTORE_ROLE,
                description="AWS Backup restores with this role after an approved request.",
                managed_policy_arns=FOR_RESTORE,
                key_arns=[self.key.arn],
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.requester_role_arn = self.requester.arn
        self.restore_role_arn = self.restore.arn
        self.kms_key_arn = self.key.arn
        self.register_outputs({"requester_role_arn": self.requester_role_arn})

    def _make_key(self, name: str, args: RecoveryLandingArgs) -> Key:
        child = pulumi.ResourceOptions(parent=self)
        roles = [role_arn(args.account_id, RESTORE_ROLE), backup_service_role_arn(args.account_id)]
        statements = [
            administration(root_arn(args.account_id)),
            *use_by("Restore", args.account_id, roles),
            through_volumes(args.account_id, args.region),
        ]
        key = Key(
            f"{name}-key",
            description="Data that was restored into this account",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=document(statements),
            tags=guarded("landing"),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.alias = Alias(f"{name}-alias", name="alias/airlock-landing", target_key_id=key.key_id, opts=child)
        # Deleting the old one resets the account to AWS's own key, so it must not come after the new one is set.
        first_out = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        DefaultKmsKey(f"{name}-default-key", key_arn=key.arn, opts=first_out)
        # Its deletion would leave new volumes of whoever works here unencrypted.
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        self.encryption = EncryptionByDefault(f"{name}-encryption", enabled=True, opts=kept)
        return key

    def _make_requester(self, name: str, args: RecoveryLandingArgs) -> Role:
        child = pulumi.ResourceOptions(parent=self)
        self.boundary = Policy(
            f"{name}-boundary",
            name=f"{REQUESTER_ROLE}-boundary",
            description="The most that a requester may ever do.",
            policy=document(boundary(args.account_id)),
            opts=child,
        )
        requester = Role(
            f"{name}-requester",
            name=REQUESTER_ROLE,
            description="Asks the approval team for access to the backups.",
            assume_role_policy=as_text(trust_of_account(root_arn(args.account_id))),
            permissions_boundary=self.boundary.arn,
            opts=child,
        )
        self.permission = RolePolicyAttachment(
            f"{name}-requester-permission", role=requester.name, policy_arn=self.boundary.arn, opts=child
        )
        return requester
