"""Restores that happen by themselves, to prove that the points can be restored."""

import re
from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import (
    RestoreTestingPlan,
    RestoreTestingPlanRecoveryPointSelectionArgs,
    RestoreTestingSelection,
)

from components.checks import at_least_one, refuse

_NAME = re.compile(r"[A-Za-z0-9_]{1,50}")
# What can be tested; a type of a data class that is not in here is restored by drills only.
TESTABLE = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3")


@dataclass(frozen=True, kw_only=True)
class RestoreTestingArgs:
    """How often, out of which vaults, which types, and with which role."""

    plan_name: str
    schedule: str
    vault_arns: tuple[pulumi.Input[str], ...]
    resource_types: tuple[str, ...]
    role_arn: pulumi.Input[str]
    start_window_hours: int = 8
    selection_window_days: int = 14
    validation_window_hours: int = 4

    def __post_init__(self) -> None:
        thing = f"Restore testing plan `{self.plan_name}`"
        if not _NAME.fullmatch(self.plan_name):
            refuse(thing, "has a name that AWS Backup refuses; use letters, digits and `_`, at most 50")
        at_least_one(thing, "vault", self.vault_arns)
        at_least_one(thing, "resource type that can be tested", set(self.resource_types) & set(TESTABLE))


class RestoreTesting(pulumi.ComponentResource):
    """A restore testing plan and one selection per resource type.

    Refuses: names that AWS refuses; a plan without a vault or without a type that can be tested.
    If deleted: nobody notices any more that a point cannot be restored.
    """

    plan: RestoreTestingPlan
    plan_name: pulumi.Output[str]

    def __init__(self, name: str, args: RestoreTestingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:RestoreTesting", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.plan = RestoreTestingPlan(
            f"{name}-plan",
            name=args.plan_name,
            schedule_expression=args.schedule,
            start_window_hours=args.start_window_hours,
            recovery_point_selection=RestoreTestingPlanRecoveryPointSelectionArgs(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=list(args.vault_arns),
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=args.selection_window_days,
            ),
            opts=child,
        )
        self.selections = {
            kind: RestoreTestingSelection(
                f"{name}-{kind}",
                name=f"{args.plan_name}_{kind}"[:50],
                restore_testing_plan_name=self.plan.name,
                protected_resource_type=kind,
                protected_resource_arns=["*"],
                iam_role_arn=args.role_arn,
                validation_window_hours=args.validation_window_hours,
                opts=child,
            )
            for kind in sorted(set(args.resource_types) & set(TESTABLE))
        }
        self.plan_name = self.plan.name
        self.register_outputs({"plan_name": self.plan_name})
