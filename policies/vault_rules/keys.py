"""Keys. Who deletes the key has deleted every backup under it."""

from collections.abc import Callable

from pulumi_policy import ResourceValidationArgs, ResourceValidationPolicy

from vault_rules.reading import KEY, resource_rule, value

# What AWS takes when nothing is said, and the most that it takes.
LONGEST_WINDOW_DAYS = 30


def deletion_takes_a_month() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        days = value(args.props, "deletionWindowInDays", LONGEST_WINDOW_DAYS)
        if days < LONGEST_WINDOW_DAYS:
            report(
                f"Key `{args.name}` is gone {days:g} days after somebody schedules its deletion, and with it every "
                f"backup under it. Leave deletionWindowInDays out or set it to {LONGEST_WINDOW_DAYS}, the most that "
                "AWS allows, so that there is time to notice."
            )

    return resource_rule(
        name="airlock-key-deletion-takes-a-month",
        description="A key waits for 30 days between the request to delete it and its end.",
        steps="Set deletionWindowInDays to 30.",
        resource_type=KEY,
        judge=judge,
    )
