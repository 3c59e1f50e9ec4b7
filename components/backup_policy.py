"""An organization's backup policy: a plan for accounts that have no stack of their own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws.organizations import Policy, PolicyAttachment

from airlock.domain.names import BACKUP_ROLE
from airlock.domain.retention import Bounds, misfit
from components.backup_schedule import COMPLETION_WINDOW_MINUTES, START_WINDOW_MINUTES
from components.checks import at_least_one, only_account_ids, refuse

# AWS refuses a longer backup policy.
MAX_CHARACTERS = 10_000


@dataclass(frozen=True, kw_only=True)
class BackupPolicyArgs:
    """One plan as the organization hands it to its members. All plain: the document must be whole in a preview."""

    policy_name: str
    region: str
    schedule: str
    local_vault_name: str
    local_retention_days: int
    copy_vault_arn: str
    copy_vault_bounds: Bounds
    copy_retention_days: int
    tag_key: str
    tag_value: str
    account_ids: Mapping[str, str]

    def __post_init__(self) -> None:
        thing = f"Backup policy `{self.policy_name}`"
        at_least_one(thing, "account", self.account_ids)
        only_account_ids(thing, self.account_ids.values())
        reason = misfit(self.copy_retention_days, self.copy_vault_bounds)
        refuse(f"The lifecycle of the copies of policy `{self.policy_name}`", reason)
        size = len(policy_document(self))
        if size > MAX_CHARACTERS:
            refuse(thing, f"has {size} characters; AWS takes {MAX_CHARACTERS}")


class BackupPolicy(pulumi.ComponentResource):
    """A backup policy attached to single accounts. Vault and role must exist there; no policy makes them.

    Refuses: a copy whose retention does not fit the bounds of the vault; a document that is too long for AWS.
    If deleted: the plans vanish from the member accounts and nothing is backed up there any more.
    """

    policy: Policy
    policy_id: pulumi.Output[str]

    def __init__(self, name: str, args: BackupPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:BackupPolicy", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.policy = Policy(
            f"{name}-policy",
            name=args.policy_name,
            type="BACKUP_POLICY",
            description=f"Backs up into {args.local_vault_name} and copies across accounts.",
            content=policy_document(args),
            opts=child,
        )
        # Named by account key, so that the list may grow and shrink without moving the other attachments.
        self.attachments = {
            key: PolicyAttachment(f"{name}-{key}", policy_id=self.policy.id, target_id=account, opts=child)
            for key, account in args.account_ids.items()
        }
        self.policy_id = self.policy.id
        self.register_outputs({"policy_id": self.policy_id})


def policy_document(args: BackupPolicyArgs) -> str:
    """The document. Every leaf is text under an operator, numbers too; `$account` is the member's own id."""
    rule: dict[str, Any] = {
        "schedule_expression": _assign(args.schedule),
        "start_backup_window_minutes": _assign(str(START_WINDOW_MINUTES)),
        "complete_backup_window_minutes": _assign(str(COMPLETION_WINDOW_MINUTES)),
        "target_backup_vault_name": _assign(args.local_vault_name),
        "lifecycle": {"delete_after_days": _assign(str(args.local_retention_days))},
        "copy_actions": {
            args.copy_vault_arn: {
                "target_backup_vault_arn": _assign(args.copy_vault_arn),
                "lifecycle": {"delete_after_days": _assign(str(args.copy_retention_days))},
            }
        },
    }
    selection = {
        "iam_role_arn": _assign(f"arn:aws:iam::$account:role/{BACKUP_ROLE}"),
        "tag_key": _assign(args.tag_key),
        "tag_value": _assign([args.tag_value]),
    }
    plan = {
        "regions": _assign([args.region]),
        "rules": {"backup-and-copy": rule},
        "selections": {"tags": {args.policy_name: selection}},
    }
    return json.dumps({"plans": {args.policy_name: plan}}, separators=(",", ":"))


def _assign(value: str | list[str]) -> dict[str, str | list[str]]:
    return {"@@assign": value}
