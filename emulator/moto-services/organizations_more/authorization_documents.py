"""The syntax of service and resource control policies: what AWS Organizations takes of the IAM policy language."""

import re
from collections.abc import Iterator
from typing import Any

from emulator.world import choices

_VERSIONS = ("2012-10-17", "2008-10-17")
_ACTION = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+")
_SID = re.compile(r"[a-zA-Z0-9 ]*")
_SCP_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
_RCP_KEYS = {"Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"}
# Services that these guardrails are about and that AWS does not list for resource control policies.
_NOT_IN_RCP = ("backup", "mpa", "ram", "ec2")

choices.offer(
    "organizations.rcp-unsupported-service",
    ("stored", "refused"),
    "AWS lists the services that resource control policies work for, not what CreatePolicy says to the others.",
)


def problems(policy_type: str, document: dict[str, Any]) -> Iterator[str]:
    """Everything in an SCP or RCP that AWS does not take."""
    yield from (
        f"{key} is not an element of a policy." for key in sorted(document.keys() - {"Version", "Id", "Statement"})
    )
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield f"Version {document['Version']!r} is not a version of the policy language."
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        yield "Statement must hold at least one statement."
        return
    for number, statement in enumerate(statements, start=1):
        if not isinstance(statement, dict):
            yield f"Statement {number} must be an object."
            continue
        found = _of_rcp(statement) if policy_type == "RESOURCE_CONTROL_POLICY" else _of_scp(statement)
        yield from (f"Statement {number}: {problem}" for problem in found)


def _of_scp(statement: dict[str, Any]) -> Iterator[str]:
    yield from (f"{key} is not supported in a service control policy." for key in sorted(statement.keys() - _SCP_KEYS))
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield "Effect must be Allow or Deny."
    yield from _of_both(statement)


def _of_rcp(statement: dict[str, Any]) -> Iterator[str]:
    yield from (f"{key} is not supported in a resource control policy." for key in sorted(statement.keys() - _RCP_KEYS))
    if statement.get("Effect") != "Deny":
        yield "Effect must be Deny: only RCPFullAWSAccess allows."
    if statement.get("Principal") != "*":
        yield 'Principal must be "*". Narrow it down in a condition.'
    actions = _as_list(statement.get("Action", []))
    if "*" in actions:
        yield 'Action cannot be "*" alone. Name the services.'
    if choices.taken("organizations.rcp-unsupported-service") == "refused":
        named = {str(action).partition(":")[0].lower() for action in actions}
        yield from (
            f"resource control policies do not work for {service}." for service in _NOT_IN_RCP if service in named
        )
    yield from _of_both(statement)


def _of_both(statement: dict[str, Any]) -> Iterator[str]:
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        present = [name for name in (one, other) if name in statement]
        if len(present) != 1:
            yield f"it needs either {one} or {other}."
        for name in present:
            values = _as_list(statement[name])
            if not values or not all(isinstance(value, str) and value for value in values):
                yield f"{name} must be a text or a list of texts."
    for name in ("Action", "NotAction"):
        for action in _as_list(statement.get(name, [])):
            if isinstance(action, str) and not _ACTION.fullmatch(action):
                yield f"{action!r} is no action."
    if not isinstance(statement.get("Sid", ""), str) or not _SID.fullmatch(statement.get("Sid", "")):
        yield "Sid holds letters and digits only."
    condition = statement.get("Condition", {})
    if not isinstance(condition, dict) or not all(isinstance(block, dict) and block for block in condition.values()):
        yield "Condition must hold operators with keys and values."


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
