"""Backup plans, as far as they feed a vault. AWS accepts a plan that can never deliver; its copy jobs fail later."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pulumi_policy import (
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from vault_rules.reading import AIR_GAPPED_VAULT, PLAN, each, given, of_type, resource_rule, stack_rule, value

Copy = tuple[str, Mapping[str, Any]]


def copy_has_a_lifecycle() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        def check(copy: Copy) -> None:
            rule, action = copy
            if _days(action) is None:
                report(
                    f"Rule `{rule}` of plan `{args.name}` copies without saying for how long. Such a copy is kept for "
                    "ever, which a vault with a longest retention refuses: the job fails and nothing arrives. Give the "
                    "copy action a lifecycle with deleteAfter."
                )

        each(_copies(args.props), check)

    return resource_rule(
        name="airlock-plan-copy-has-a-lifecycle",
        description="Every copy action of a backup plan says after how many days the copy is deleted.",
        steps="Set lifecycle.deleteAfter on the copy action itself; the rule's own lifecycle does not apply to copies.",
        resource_type=PLAN,
        judge=judge,
    )


def copy_fits_its_vault() -> StackValidationPolicy:
    """Only for vaults of the same stack: the bounds of others are not in sight; the topology check covers those."""

    def judge(args: StackValidationArgs, report: ReportViolation) -> None:
        bounds: dict[str, tuple[float, float]] = {}

        def note(vault: PolicyResource) -> None:
            shortest, longest = value(vault.props, "minRetentionDays"), value(vault.props, "maxRetentionDays")
            bounds[value(vault.props, "arn")] = (shortest, longest)

        def check(plan: PolicyResource) -> None:
            each(_copies(plan.props), lambda copy: _judge_copy(plan, copy, bounds, report))

        passes = [(note, of_type(args, AIR_GAPPED_VAULT)), (check, of_type(args, PLAN))]
        each(passes, lambda step: each(step[1], step[0]))

    return stack_rule(
        name="airlock-plan-copy-fits-its-vault",
        description="A copy into a logically air-gapped vault of the stack is kept within the bounds of that vault.",
        steps="Set lifecycle.deleteAfter of the copy action between the vault's minRetentionDays and maxRetentionDays.",
        judge=judge,
    )


def _judge_copy(
    plan: PolicyResource, copy: Copy, bounds: Mapping[str, tuple[float, float]], report: ReportViolation
) -> None:
    rule, action = copy
    target, days = value(action, "destinationVaultArn"), _days(action)
    if days is None or target not in bounds:
        return
    shortest, longest = bounds[target]
    if not shortest <= days <= longest:
        report(
            f"Rule `{rule}` of plan `{plan.name}` keeps its copy for {days:g} days, and vault "
            f"`{target.rsplit(':', 1)[-1]}` takes {shortest:g} to {longest:g}. AWS accepts the plan and fails every "
            "copy. Change deleteAfter of the copy action.",
            plan.urn,
        )


def _copies(plan: Mapping[str, Any]) -> Iterator[Copy]:
    for rule in value(plan, "rules", []):
        for action in value(rule, "copyActions", []) or []:
            yield value(rule, "ruleName"), action


def _days(action: Mapping[str, Any]) -> float | None:
    lifecycle = value(action, "lifecycle") if given(action, "lifecycle") else None
    days = value(lifecycle, "deleteAfter") if lifecycle else None
    return days or None
