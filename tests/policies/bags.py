"""Known-good resources, as the engine would hand them to a pack. A test changes one thing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import unknown_checking_proxy

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421"
VAULT_ARN = "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-2026"

AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
PLAN = "aws:backup/plan:Plan"
TEAM = "pulumi-python:dynamic/airlock:ApprovalTeam"
APPROVAL = "pulumi-python:dynamic/airlock:VaultApproval"
SETTINGS = "aws:backup/globalSettings:GlobalSettings"
SETTINGS_SWITCHED_ON = "pulumi-python:dynamic/airlock:BackupGlobalSettings"
KEY = "aws:kms/key:Key"
# Something that no rule is about, with names of properties that the rules look for.
OTHER = "aws:backup/vault:Vault"


def vault(**changes: Any) -> dict[str, Any]:
    bag = {"name": "payments-2026", "region": "eu-west-1", "minRetentionDays": 7.0, "maxRetentionDays": 90.0}
    return {**bag, "arn": VAULT_ARN, **changes}


def plan(days: Any = 35.0, target: str = VAULT_ARN) -> dict[str, Any]:
    copy = {"destinationVaultArn": target, "lifecycle": {"deleteAfter": days}}
    return {"name": "payments", "rules": [{"ruleName": "daily", "targetVaultName": "local", "copyActions": [copy]}]}


def team(**changes: Any) -> dict[str, Any]:
    return {"name": "quorum", "threshold": 2.0, "approvers": ["ada.lind", "bo.berg", "cleo.dahl"], **changes}


def approval(**changes: Any) -> dict[str, Any]:
    return {"vault_name": "payments-2026", "connection": {"region": "eu-west-1"}, "desired": "present", **changes}


def options(protect: bool = True) -> PolicyResourceOptions:
    return PolicyResourceOptions(protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


class Report(list[str]):
    """Collects what a rule reports."""

    def __call__(self, message: str, urn: str | None = None) -> None:
        self.append(message)


def told(
    rule: ResourceValidationPolicy,
    resource_type: str,
    props: Mapping[str, Any],
    *,
    protect: bool = True,
    provider: PolicyProviderResource | None = None,
) -> list[str]:
    """What the rule says about one resource."""
    found = Report()
    bag = unknown_checking_proxy(dict(props))
    args = ResourceValidationArgs(resource_type, bag, "urn:it", "it", options(protect), provider)
    _finish(rule.validate(args, found))
    return found


def told_of_stack(rule: StackValidationPolicy, *resources: tuple[str, Mapping[str, Any]]) -> list[str]:
    """What the rule says about a stack of these resources."""
    found = Report()
    _finish(rule.validate(stack(*resources), found))
    return found


def stack(*resources: tuple[str, Mapping[str, Any]]) -> StackValidationArgs:
    return StackValidationArgs(
        [
            PolicyResource(
                kind, unknown_checking_proxy(dict(props)), f"urn:{index}", "it", options(), None, None, [], {}
            )
            for index, (kind, props) in enumerate(resources)
        ]
    )


def _finish(result: Any) -> None:
    if result is not None:
        asyncio.run(result)
