"""The pack of the sample project: one rule on inputs, one on the stack."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)


def no_forbidden_resource(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.props.get("forbidden"):
        report("This vault must not be made. Take it out of the topology.")


PolicyPack(
    name="sample",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy(name="no-forbidden", description="Nothing forbidden.", validate=no_forbidden_resource)
    ],
)
