"""A plan that backs up locally and copies into a logically air-gapped vault, and what it applies to."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import (
    Plan,
    PlanRuleArgs,
    PlanRuleCopyActionArgs,
    PlanRuleCopyActionLifecycleArgs,
    PlanRuleLifecycleArgs,
    Selection,
    SelectionSelectionTagArgs,
)

from airlock.domain.retention import Bounds, misfit
from components.checks import refuse
from components.documents import guarded

START_WINDOW_MINUTES = 60
COMPLETION_WINDOW_MINUTES = 720


@dataclass(frozen=True, kw_only=True)
class CopyTarget:
    """The vault that keeps the copies, its bounds, and how long a copy stays."""

    vault_arn: pulumi.Input[str]
    bounds: Bounds
    retention_days: int


@dataclass(frozen=True, kw_only=True)
class BackupScheduleArgs:
    """When, where to, for how long, and which resources."""

    plan_name: str
    schedule: str
    local_vault_name: pulumi.Input[str]
    local_retention_days: int
    copy: CopyTarget
    role_arn: pulumi.Input[str]
    tag_key: str
    tag_value: str

    def __post_init__(self) -> None:
        # AWS takes a lifecycle that does not fit the vault, and then fails each job.
        reason = misfit(self.copy.retention_days, self.copy.bounds)
        refuse(f"The lifecycle of the copies of plan `{self.plan_name}`", reason)
        if self.local_retention_days < 1:
            refuse(f"Plan `{self.plan_name}`", "keeps local points for less than a day")


class BackupSchedule(pulumi.ComponentResource):
    """A backup plan with one rule and one copy, and the selection by tag.

    Every copy carries its lifecycle: without one AWS keeps it for ever.
    Refuses: a copy whose retention does not fit the bounds of the vault.
    If deleted: nothing is backed up from then on; what was backed up stays.
    """

    plan: Plan
    selection: Selection

    def __init__(self, name: str, args: BackupScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:BackupSchedule", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.plan = Plan(
            f"{name}-plan",
            name=args.plan_name,
            rules=[_rule(args)],
            tags=guarded(args.plan_name),
            opts=child,
        )
        self.selection = Selection(
            f"{name}-selection",
            name=args.plan_name,
            plan_id=self.plan.id,
            iam_role_arn=args.role_arn,
            selection_tags=[SelectionSelectionTagArgs(type="STRINGEQUALS", key=args.tag_key, value=args.tag_value)],
            opts=child,
        )
        self.register_outputs({"plan_id": self.plan.id})


def _rule(args: BackupScheduleArgs) -> PlanRuleArgs:
    return PlanRuleArgs(
        rule_name="backup-and-copy",
        target_vault_name=args.local_vault_name,
        schedule=args.schedule,
        start_window=START_WINDOW_MINUTES,
        completion_window=COMPLETION_WINDOW_MINUTES,
        lifecycle=PlanRuleLifecycleArgs(delete_after=args.local_retention_days),
        copy_actions=[
            PlanRuleCopyActionArgs(
                destination_vault_arn=args.copy.vault_arn,
                lifecycle=PlanRuleCopyActionLifecycleArgs(delete_after=args.copy.retention_days),
            )
        ],
    )
