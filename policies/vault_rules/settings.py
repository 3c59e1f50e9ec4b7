"""Opt-ins of the whole organization."""

from collections.abc import Callable

from pulumi_policy import ResourceValidationArgs, ResourceValidationPolicy, Severity

from vault_rules.reading import GLOBAL_SETTINGS, SETTINGS_SWITCHED_ON, resource_rule, value

OPT_IN = "isMpaEnabled"


def keep_approvals_on() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        if not _is_on(args):
            report(
                f"`{args.name}` leaves {OPT_IN} off. Without it no vault of the organization takes an approval team, so"
                f" nobody can open one when its account is lost. Switch {OPT_IN} on."
            )

    return resource_rule(
        name="airlock-settings-keep-approvals-on",
        description="The global settings of AWS Backup keep Multi-party approval switched on.",
        steps='Write all keys of globalSettings, with isMpaEnabled set to "true"; or list it in `settings`.',
        resource_type=(GLOBAL_SETTINGS, SETTINGS_SWITCHED_ON),
        judge=judge,
        severity=Severity.CRITICAL,
    )


def _is_on(args: ResourceValidationArgs) -> bool:
    if args.resource_type == SETTINGS_SWITCHED_ON:
        return OPT_IN in value(args.props, "settings", [])
    return str(value(value(args.props, "globalSettings", {}), OPT_IN)).lower() == "true"
