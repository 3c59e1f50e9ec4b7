"""Reading IAM-style policy documents: which statement matches which action, principal and condition.

Only what trust policies and the organization's resource policy need. An operator or a condition key that is not known
here makes an Allow statement not match: the emulator would rather refuse what AWS grants than grant what AWS refuses.
"""

import json
from collections.abc import Mapping
from typing import Any

from emulator.authorization import conditions as operators
from emulator.authorization import documents, patterns
from emulator.world.caller import Caller

Context = Mapping[str, str]


def statements(document: str) -> list[dict[str, Any]]:
    """The statements of a policy document; a single statement need not be in a list."""
    return as_list(json.loads(document).get("Statement", []))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def matches_action(statement: Mapping[str, Any], action: str) -> bool:
    """Whether the statement speaks about this action (such as `sts:AssumeRole`)."""
    if "NotAction" in statement:
        return not any(_like(action.lower(), str(pattern).lower()) for pattern in as_list(statement["NotAction"]))
    return any(_like(action.lower(), str(pattern).lower()) for pattern in as_list(statement.get("Action", [])))


def matches_caller(statement: Mapping[str, Any], caller: Caller) -> bool:
    """Whether the statement speaks about this caller: the caller itself, its role, its whole account, or everybody."""
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    own = {caller.account, f"arn:aws:iam::{caller.account}:root", caller.principal_arn, caller.role_arn or "-", "*"}
    return any(str(name) in own for name in as_list(principal.get("AWS", [])))


def allows(document: str, action: str, caller: Caller, context: Context) -> bool:
    """Whether the document allows the caller this action, deny first."""
    matching = [
        statement
        for statement in statements(document)
        if matches_action(statement, action)
        and matches_caller(statement, caller)
        and conditions_hold(statement.get("Condition", {}), context)
    ]
    effects = {statement.get("Effect") for statement in matching}
    return "Allow" in effects and "Deny" not in effects


def conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every condition of a statement holds; key names are not case-sensitive."""
    known = {key.lower(): (value,) for key, value in context.items()}
    return operators.hold(documents.conditions(conditions), known.get)


def _like(value: str, pattern: str) -> bool:
    return patterns.like(value, pattern)
