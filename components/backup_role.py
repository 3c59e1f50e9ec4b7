"""Roles that AWS Backup takes on."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.iam import Role, RolePolicy, RolePolicyAttachment

from airlock.domain.names import BACKUP_POLICIES
from airlock.domain.policy_documents import Statement, trust_of_service
from components.checks import at_least_one
from components.documents import as_text, document

_MANAGED = "arn:aws:iam::aws:policy"
FOR_BACKUP = tuple(f"{_MANAGED}/{policy}" for policy in BACKUP_POLICIES)
FOR_RESTORE = (
    f"{_MANAGED}/service-role/AWSBackupServiceRolePolicyForRestores",
    f"{_MANAGED}/AWSBackupServiceRolePolicyForS3Restore",
)


@dataclass(frozen=True, kw_only=True)
class BackupRoleArgs:
    """The role's name, AWS's managed policies, and the keys that it has to use beyond them."""

    role_name: str
    description: str
    managed_policy_arns: tuple[str, ...]
    key_arns: Sequence[pulumi.Input[str]] = ()

    def __post_init__(self) -> None:
        at_least_one(f"Role `{self.role_name}`", "policy", self.managed_policy_arns)


class BackupRole(pulumi.ComponentResource):
    """A role that only AWS Backup can take on.

    Refuses: a role without a policy.
    If deleted: every plan, copy and restore that names it fails.
    """

    role: Role
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: BackupRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:BackupRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.role = Role(
            f"{name}-role",
            name=args.role_name,
            description=args.description,
            assume_role_policy=as_text(trust_of_service("backup.amazonaws.com")),
            opts=child,
        )
        self.attachments = {
            policy: RolePolicyAttachment(
                f"{name}-{policy.rsplit('/', 1)[-1]}", role=self.role.name, policy_arn=policy, opts=child
            )
            for policy in args.managed_policy_arns
        }
        self.keys = [
            RolePolicy(
                f"{name}-key-{number}",
                name=f"use-key-{number}",
                role=self.role.name,
                policy=pulumi.Output.from_input(key).apply(lambda arn: document(use_of_key(arn))),
                opts=child,
            )
            for number, key in enumerate(args.key_arns, start=1)
        ]
        # With it comes that the role can do its work: AWS Backup checks that for a selection, and nobody tries again.
        rights = [*(each.policy_arn for each in self.attachments.values()), *(each.name for each in self.keys)]
        self.arn = pulumi.Output.all(self.role.arn, *rights).apply(lambda values: str(values[0]))
        self.register_outputs({"arn": self.arn})


def use_of_key(key_arn: str) -> list[Statement]:
    """What a restore does with the key under which the data comes back."""
    return [
        {
            "Sid": "UseKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            "Resource": key_arn,
        },
        {
            "Sid": "GrantKeyToAwsServices",
            "Effect": "Allow",
            "Action": "kms:CreateGrant",
            "Resource": key_arn,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
