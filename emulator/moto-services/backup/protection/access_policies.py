"""Vault access policies, as far as AWS gives them an effect: CopyIntoBackupVault from other accounts, and denials."""

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from emulator.authorization import switch as enforcement
from emulator.world import caller as _caller
from emulator.world import organizations

from ..exceptions import AccessDeniedException, InvalidParameterValueException
from ..records.entities import Vault

COPY_INTO = "backup:CopyIntoBackupVault"

Statement = dict[str, Any]
Facts = dict[str, list[str]]


def check_policy(text: str) -> None:
    """Refuse a document that is not a policy, or whose Action is a bare wildcard."""
    try:
        document = json.loads(text)
        statements = _as_list(document["Statement"])
        correct = bool(statements) and all(
            statement["Effect"] in ("Allow", "Deny") and _principals(statement) and _actions(statement)
            for statement in statements
        )
        actions = [action for statement in statements for action in _actions(statement)]
    except (ValueError, KeyError, TypeError, AttributeError):
        correct, actions = False, []
    if not correct:
        raise InvalidParameterValueException("The parameter Policy is not a valid policy document.")
    if "*" in actions:
        raise InvalidParameterValueException("Policy: the action '*' is not allowed; name the backup actions.")


def allows_copy_into(vault: Vault, source_account: str, role_arn: str) -> bool:
    """Whether a copy job of `source_account` may write into `vault`; inside one account only a denial matters."""
    facts = _facts(source_account, role_arn)
    if _matches(vault, "Deny", COPY_INTO, facts):
        return False
    return source_account == vault.account or _matches(vault, "Allow", COPY_INTO, facts)


def check_not_denied(vault: Vault, action: str) -> None:
    """Refuse a call of the vault's own account that the vault's policy denies; with enforcement on that is done."""
    if enforcement.is_on():
        return
    caller = _caller.current()
    principal = caller.role_arn or caller.principal_arn
    if _matches(vault, "Deny", action, _facts(caller.account, principal)):
        message = (
            f"User: {caller.principal_arn} is not authorized to perform: {action} on resource: {vault.arn} "
            "with an explicit deny in a resource-based policy"
        )
        raise AccessDeniedException(message)


def _facts(account: str, principal_arn: str) -> Facts:
    """What the conditions of a statement may ask about whoever calls."""
    facts = {"aws:principalaccount": [account], "aws:principalarn": [principal_arn]}
    organization = organizations.organization_of(account)
    if organization is not None:
        facts["aws:principalorgid"] = [organization.id]
        facts["aws:principalorgpaths"] = [_organization_path(organization, account)]
    return facts


def _organization_path(organization: organizations.Organization, account: str) -> str:
    """The path of an account as AWS writes it: o-.../r-.../ou-.../ou-.../"""
    backend: Any = organizations.organization_backend(account)
    names: list[str] = []
    target = account
    while target != organization.root_id:
        parent = next(iter(backend.list_parents(child_id=target)["Parents"]), None)
        if parent is None:
            break
        target = parent["Id"]
        names.insert(0, target)
    return "/".join([organization.id, *names]) + "/"


def _matches(vault: Vault, effect: str, action: str, facts: Facts) -> bool:
    if vault.policy is None:
        return False
    return any(
        statement["Effect"] == effect
        and _names_action(statement, action)
        and _names_principal(statement, facts)
        and _conditions_hold(statement.get("Condition", {}), facts)
        for statement in _as_list(json.loads(vault.policy)["Statement"])
    )


def _names_action(statement: Statement, action: str) -> bool:
    named = any(fnmatchcase(action.lower(), str(pattern).lower()) for pattern in _actions(statement))
    return named is not ("NotAction" in statement)


def _actions(statement: Statement) -> list[str]:
    return _as_list(statement["NotAction"] if "NotAction" in statement else statement["Action"])


def _names_principal(statement: Statement, facts: Facts) -> bool:
    account, arn = facts["aws:principalaccount"][0], facts["aws:principalarn"][0]
    own = ("*", account, f"arn:aws:iam::{account}:root", arn)
    named = any(principal in own for principal in _principals(statement))
    return named is not ("NotPrincipal" in statement)


def _principals(statement: Statement) -> list[str]:
    principal = statement["NotPrincipal"] if "NotPrincipal" in statement else statement["Principal"]
    return [principal] if isinstance(principal, str) else _as_list(principal.get("AWS", []))


def _equal(value: str, pattern: str) -> bool:
    return value == pattern


# The operator's test of one value against one pattern, and whether the operator is a negation.
_OPERATORS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (_equal, False),
    "StringNotEquals": (_equal, True),
    "StringLike": (fnmatchcase, False),
    "StringNotLike": (fnmatchcase, True),
    "ArnEquals": (fnmatchcase, False),
    "ArnLike": (fnmatchcase, False),
    "ArnNotEquals": (fnmatchcase, True),
    "ArnNotLike": (fnmatchcase, True),
}


def _conditions_hold(conditions: dict[str, dict[str, Any]], facts: Facts) -> bool:
    return all(
        _condition_holds(operator, key, _as_list(wanted), facts)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _condition_holds(operator: str, key: str, wanted: list[str], facts: Facts) -> bool:
    """An operator or key that is not known here holds nowhere, so it never opens a vault."""
    plain = operator.split(":")[-1].removesuffix("IfExists")
    if plain not in _OPERATORS:
        return False
    test, negated = _OPERATORS[plain]
    values = facts.get(key.lower(), [])
    if not values:
        return negated or operator.endswith("IfExists")
    found = any(test(value, pattern) for value in values for pattern in wanted)
    return found is not negated


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
