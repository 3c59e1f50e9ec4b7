"""Opt-ins of the whole organization."""

from collections.abc import Callable

from pulumi_policy import ResourceValidationArgs, ResourceValidationPolicy, Severity

from vault_rules.reading import GLOBAL_SETTINGS, resource_rule, value

OPT_IN = "isMpaEnabled"


def keep_approvals_on() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        setting = value(value(args.props, "globalSettings", {}), OPT_IN)
        if str(setting).lower() != "true":
            report(
                f"`{args.name}` leaves {OPT_IN} at {setting!r}. Without it no vault of the organization takes an "
                f'approval team, so nobody can open one when its account is lost. Set {OPT_IN} to "true".'
            )

    return resource_rule(
        name="airlock-settings-keep-approvals-on",
        description="The global settings of AWS Backup keep Multi-party approval switched on.",
        steps='Write all three keys of globalSettings, with isMpaEnabled set to "true".',
        resource_type=GLOBAL_SETTINGS,
        judge=judge,
        severity=Severity.CRITICAL,
    )
