"""What the resource policy of an organization may say: who of the members does what with which policies."""

import json
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from .exceptions import InvalidInputException
from .policies import POLICY_TYPES

DELEGABLE_WRITES = frozenset(
    {
        "AttachPolicy",
        "CreatePolicy",
        "DeletePolicy",
        "DetachPolicy",
        "DisablePolicyType",
        "EnablePolicyType",
        "TagResource",
        "UntagResource",
        "UpdatePolicy",
    }
)
DELEGABLE_READS = frozenset(
    {
        "DescribeAccount",
        "DescribeCreateAccountStatus",
        "DescribeEffectivePolicy",
        "DescribeHandshake",
        "DescribeOrganization",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "DescribeResourcePolicy",
        "ListAWSServiceAccessForOrganization",
        "ListAccounts",
        "ListAccountsForParent",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListChildren",
        "ListCreateAccountStatus",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "ListEffectivePolicyValidationErrors",
        "ListHandshakesForAccount",
        "ListHandshakesForOrganization",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListPolicies",
        "ListPoliciesForTarget",
        "ListRoots",
        "ListTagsForResource",
        "ListTargetsForPolicy",
    }
)
_DELEGABLE = DELEGABLE_WRITES | DELEGABLE_READS
_ACCOUNT = re.compile(r"(\d{12})|arn:aws:iam::(\d{12}):(root|role/.+|user/.+)")
_RESOURCE = re.compile(r"\*|arn:aws:organizations::.+")


def check(content: str, members: set[str]) -> None:
    """Refuse a policy that is no JSON, or that names principals, actions, types or resources that it cannot name."""
    for statement in _statements(content):
        if statement.get("Effect") not in ("Allow", "Deny"):
            _refuse("INVALID_RESOURCE_POLICY_JSON", "Every statement needs an Effect: Allow or Deny.")
        _check_principal(statement.get("Principal"), members)
        _check_actions(_as_list(statement.get("Action")))
        for resource in _as_list(statement.get("Resource")):
            if not _RESOURCE.fullmatch(str(resource)):
                _refuse("UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY", f"{resource} is nothing of an organization.")
        _check_types(statement.get("Condition") or {})


def _statements(content: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInputException(
            "INVALID_RESOURCE_POLICY_JSON", f"The resource policy is not valid JSON: {error}"
        ) from error
    found = _as_list(document.get("Statement")) if isinstance(document, dict) else []
    if not found or not all(isinstance(statement, dict) for statement in found):
        _refuse("INVALID_RESOURCE_POLICY_JSON", "The resource policy has no statements.")
    return found


def _check_principal(principal: Any, members: set[str]) -> None:
    named = principal.get("AWS") if isinstance(principal, dict) and set(principal) == {"AWS"} else None
    if principal != "*" and (not named or not isinstance(named, str | list)):
        _refuse("INVALID_PRINCIPAL", "Principal names members as {'AWS': ...}.")
    for name in _as_list(named) if principal != "*" else []:
        found = _ACCOUNT.fullmatch(str(name))
        if name != "*" and (found is None or (found[1] or found[2]) not in members):
            _refuse("INVALID_PRINCIPAL", f"{name} is no account, role or user of your organization.")


def _check_actions(actions: list[Any]) -> None:
    if not actions:
        _refuse("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", "Every statement needs an Action.")
    for action in actions:
        service, _, name = str(action).partition(":")
        if service.lower() != "organizations" or not any(
            fnmatchcase(known.lower(), name.lower()) for known in _DELEGABLE
        ):
            _refuse("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", f"{action} cannot be delegated.")


def _check_types(conditions: Any) -> None:
    blocks: Iterable[Any] = conditions.values() if isinstance(conditions, dict) else [conditions]
    for block in blocks:
        if not isinstance(block, dict):
            _refuse("INVALID_RESOURCE_POLICY_JSON", "A condition holds keys and values.")
        for key, values in block.items():
            for value in _as_list(values) if key.lower() == "organizations:policytype" else []:
                if not any(fnmatchcase(known, str(value)) for known in POLICY_TYPES):
                    _refuse("UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY", f"{value} is no policy type.")


def _refuse(reason: str, message: str) -> None:
    raise InvalidInputException(reason, message)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
