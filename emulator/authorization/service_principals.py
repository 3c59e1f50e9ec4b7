"""What the policy of a queue, topic, bus or bucket lets a service of AWS do, such as EventBridge send a message."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from emulator.authorization import policy_documents

Test = Callable[[Mapping[str, Any]], bool]


def may(policy: str, service: str, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Whether the resource's policy (empty: none) allows `service` (`events.amazonaws.com`) the action on it."""
    return _decides(policy, action, resource, context, lambda statement: _is_service(statement, service))


def account_may(policy: str, account: str, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """The same for what a service does in the name of an account, such as putting events on another account's bus."""
    return _decides(policy, action, resource, context, lambda statement: _is_account(statement, account))


def _decides(policy: str, action: str, resource: str, context: Mapping[str, str], is_principal: Test) -> bool:
    if not policy:
        return False
    effects = {
        statement.get("Effect")
        for statement in policy_documents.statements(policy)
        if policy_documents.matches_action(statement, action)
        and is_principal(statement)
        and _names(statement, resource)
        and policy_documents.conditions_hold(statement.get("Condition", {}), context)
    }
    return "Allow" in effects and "Deny" not in effects


def _is_service(statement: Mapping[str, Any], service: str) -> bool:
    principal = statement.get("Principal", {})
    if not isinstance(principal, dict):
        return bool(principal == "*")
    return service in policy_documents.as_list(principal.get("Service", [])) or _anybody(principal)


def _is_account(statement: Mapping[str, Any], account: str) -> bool:
    principal = statement.get("Principal", {})
    if not isinstance(principal, dict):
        return bool(principal == "*")
    own = {account, f"arn:aws:iam::{account}:root"}
    return _anybody(principal) or any(str(name) in own for name in policy_documents.as_list(principal.get("AWS", [])))


def _anybody(principal: Mapping[str, Any]) -> bool:
    return "*" in policy_documents.as_list(principal.get("AWS", []))


def _names(statement: Mapping[str, Any], resource: str) -> bool:
    patterns = policy_documents.as_list(statement.get("Resource", []))
    return any(fnmatchcase(resource, str(pattern).replace("[", "[[]")) for pattern in patterns)
