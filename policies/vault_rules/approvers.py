"""The people who hold the second key."""

from collections.abc import Callable

from pulumi_policy import ResourceValidationArgs, ResourceValidationPolicy, Severity

from vault_rules.reading import APPROVAL_TEAM, resource_rule, value

FEWEST_APPROVERS = 3
MOST_APPROVERS = 20
LOWEST_THRESHOLD = 2


def can_lose_one() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        size, threshold = len(value(args.props, "approvers", [])), value(args.props, "threshold", 0)
        team = f"Team `{value(args.props, 'name', args.name)}`"
        if size < FEWEST_APPROVERS:
            report(f"{team} has {size} approvers. AWS refuses fewer than {FEWEST_APPROVERS}; name more people.")
        elif size > MOST_APPROVERS:
            report(f"{team} has {size} approvers. AWS takes at most {MOST_APPROVERS}; name fewer people.")
        elif threshold < LOWEST_THRESHOLD:
            report(
                f"{team} opens a vault with {threshold:g} approvals, so one person alone could take the backups. Set "
                f"threshold to at least {LOWEST_THRESHOLD}."
            )
        elif threshold >= size:
            report(
                f"{team} needs {threshold:g} approvals of {size} people, so one who is ill or has left blocks every "
                "recovery. Lower threshold or name one more approver."
            )

    return resource_rule(
        name="airlock-team-can-lose-one-approver",
        description="An approval team has three to twenty people, needs two or more of them, and can do without one.",
        steps="Name more approvers than the threshold, which is 2 or more.",
        resource_type=APPROVAL_TEAM,
        judge=judge,
        severity=Severity.CRITICAL,
    )


def are_distinct() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        seen: set[str] = set()
        for user in value(args.props, "approvers", []):
            if user.casefold() in seen:
                report(
                    f"Team `{value(args.props, 'name', args.name)}` names `{user}` twice. That is one person with one "
                    "vote, so the team is smaller than it looks. Name somebody else."
                )
            seen.add(user.casefold())

    return resource_rule(
        name="airlock-team-approvers-are-distinct",
        description="An approval team names each of its people once.",
        steps="Replace the repeated user name by another person's.",
        resource_type=APPROVAL_TEAM,
        judge=judge,
    )
