"""Reading properties that may not be known yet, and making rules of one shape.

In a preview an unknown value raises when it is touched, and the engine then turns the whole rule into an advisory. So a
rule asks the key set whether something is there, and looks at everything that is known before it lets the error rise:
one unknown vault must not hide a wrong one beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pulumi_policy import (
    EnforcementLevel,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

AIR_GAPPED_VAULT = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
PLAN = "aws:backup/plan:Plan"
GLOBAL_SETTINGS = "aws:backup/globalSettings:GlobalSettings"
# Airlock's own type, which names the settings that have to be on.
SETTINGS_SWITCHED_ON = "pulumi-python:dynamic/airlock:BackupGlobalSettings"
KEY = "aws:kms/key:Key"
APPROVAL_TEAM = "pulumi-python:dynamic/airlock:ApprovalTeam"
VAULT_APPROVAL = "pulumi-python:dynamic/airlock:VaultApproval"

Item = TypeVar("Item")


def given(props: Mapping[str, Any], name: str) -> bool:
    """Whether the program says anything, known yet or not. `in` and `get` would raise for an unknown value."""
    return name in set(props)


def value(props: Mapping[str, Any], name: str, otherwise: Any = None) -> Any:
    """The value; raises when it is not known yet."""
    return props[name] if given(props, name) else otherwise


def each(items: Iterable[Item], judge: Callable[[Item], None]) -> None:
    """Judge all that can be judged, then say that something could not be."""
    unknown: UnknownValueError | None = None
    for item in items:
        try:
            judge(item)
        except UnknownValueError as error:
            unknown = error
    if unknown is not None:
        raise unknown


def of_type(args: StackValidationArgs, resource_type: str) -> list[PolicyResource]:
    return [resource for resource in args.resources if resource.resource_type == resource_type]


def resource_rule(
    *,
    name: str,
    description: str,
    steps: str,
    resource_type: str | tuple[str, ...],
    judge: Callable[[ResourceValidationArgs, Callable[[str], None]], None],
    severity: Severity = Severity.HIGH,
) -> ResourceValidationPolicy:
    """A mandatory rule over one resource type, or several that say the same, on what the program asks for."""
    judged = (resource_type,) if isinstance(resource_type, str) else resource_type

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type in judged:
            judge(args, lambda message: report(message, None))

    return ResourceValidationPolicy(
        name=name,
        description=description,
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=severity,
        remediation_steps=steps,
    )


def stack_rule(
    *,
    name: str,
    description: str,
    steps: str,
    judge: Callable[[StackValidationArgs, ReportViolation], None],
    severity: Severity = Severity.HIGH,
) -> StackValidationPolicy:
    """A mandatory rule over all resources of a stack, on what they are."""
    return StackValidationPolicy(
        name=name,
        description=description,
        validate=judge,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=severity,
        remediation_steps=steps,
    )
