"""Logically air-gapped vaults."""

from collections.abc import Callable

from pulumi_policy import (
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from vault_rules.reading import (
    AIR_GAPPED_VAULT,
    VAULT_APPROVAL,
    each,
    given,
    of_type,
    resource_rule,
    stack_rule,
    value,
)

# AWS refuses fewer. The pack says so before anything else was created.
SHORTEST_RETENTION_DAYS = 7

# Commercial Regions for which AWS lists no logically air-gapped vaults, and those outside the commercial partition.
REGIONS_WITHOUT = frozenset(
    {
        "ap-east-2",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "mx-central-1",
        "cn-north-1",
        "cn-northwest-1",
        "us-gov-east-1",
        "us-gov-west-1",
    }
)


def retention_is_sane() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        shortest, longest = value(args.props, "minRetentionDays"), value(args.props, "maxRetentionDays")
        if shortest is None or longest is None:
            report(
                f"Vault `{args.name}` does not say for how long recovery points stay. Nobody can add that later: the "
                "bounds of a vault never change. Give both minRetentionDays and maxRetentionDays."
            )
        elif shortest < SHORTEST_RETENTION_DAYS:
            report(
                f"Vault `{args.name}` keeps recovery points for at least {shortest:g} days. AWS refuses fewer than "
                f"{SHORTEST_RETENTION_DAYS}; raise minRetentionDays."
            )
        elif longest < shortest:
            report(
                f"Vault `{args.name}` keeps recovery points for at least {shortest:g} and at most {longest:g} days. No "
                "backup can satisfy both, so none would ever arrive. Raise maxRetentionDays."
            )

    return resource_rule(
        name="airlock-vault-retention-is-sane",
        description="A logically air-gapped vault keeps recovery points for 7 days or more, in bounds that can hold.",
        steps="Set minRetentionDays to 7 or more and maxRetentionDays to no less, before the vault exists.",
        resource_type=AIR_GAPPED_VAULT,
        judge=judge,
    )


def is_protected() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        if not args.opts.protect:
            report(
                f"Vault `{args.name}` is not protected. A renamed or removed line of the program would then try to "
                "delete it, and an empty one would be gone. Set protect=True on it or on its component."
            )

    return resource_rule(
        name="airlock-vault-is-protected",
        description="A logically air-gapped vault is protected, so no change of the program deletes it by accident.",
        steps="Set protect in its resource options. To retire an empty vault, run once with a pack configuration that "
        "makes this rule advisory.",
        resource_type=AIR_GAPPED_VAULT,
        judge=judge,
    )


def region_has_air_gapped_vaults() -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: Callable[[str], None]) -> None:
        region = value(args.props, "region")
        if region is None and args.provider is not None:
            region = value(args.provider.props, "region")
        if region is None:
            args.not_applicable("Neither the vault nor its provider names a Region.")
        if region in REGIONS_WITHOUT:
            report(
                f"Vault `{args.name}` is meant for {region}, where AWS Backup has no logically air-gapped vaults. "
                "Choose another Region for it; copies can cross Regions."
            )

    return resource_rule(
        name="airlock-vault-region-has-air-gapped-vaults",
        description="A logically air-gapped vault stands in a Region in which AWS Backup offers them.",
        steps="Choose a Region from the feature availability table of the AWS Backup guide.",
        resource_type=AIR_GAPPED_VAULT,
        judge=judge,
        severity=Severity.MEDIUM,
    )


def has_an_approval_team() -> StackValidationPolicy:
    """Matched by name and Region: ARNs are unknown until the vault exists, and the name is not."""

    def judge(args: StackValidationArgs, report: ReportViolation) -> None:
        opened = {place for approval in of_type(args, VAULT_APPROVAL) if (place := _approved(approval)) is not None}

        def check(vault: PolicyResource) -> None:
            name, region = value(vault.props, "name"), value(vault.props, "region")
            if not opened & {(name, region), (name, None)}:
                report(
                    f"Vault `{name}` has no approval team. If the accounts around it are lost, nobody can open it. "
                    "Add a VaultApproval for it to the same stack.",
                    vault.urn,
                )

        each(of_type(args, AIR_GAPPED_VAULT), check)

    return stack_rule(
        name="airlock-vault-has-an-approval-team",
        description="Every logically air-gapped vault has an approval team that can open it when its account is lost.",
        steps="Declare a VaultApproval with the vault's name and Region, with `desired` left at `present`.",
        judge=judge,
        severity=Severity.CRITICAL,
    )


def _approved(approval: PolicyResource) -> tuple[str, str | None] | None:
    """The vault that this association opens, or None when it is on its way out."""
    if value(approval.props, "desired", "present") != "present":
        return None
    connection = value(approval.props, "connection", {}) if given(approval.props, "connection") else {}
    return value(approval.props, "vault_name"), value(connection, "region")
