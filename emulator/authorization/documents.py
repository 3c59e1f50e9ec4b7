"""Policy documents as objects: what a statement says, without deciding anything. Reading is cached by the text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_KEPT = 8192  # documents; an estate of 1,000 accounts has a few policies in each


@dataclass(frozen=True)
class Condition:
    """One operator over one key: `StringLike`, `aws:principalarn` (in small letters), the values of the document."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One statement. `principals` are pairs such as ("AWS", "arn:..."); None where the document has no such element.

    `has_variables` is false for documents of the older version, in which `${...}` is plain text.
    """

    allows: bool
    actions: tuple[str, ...]
    all_but_actions: bool
    resources: tuple[str, ...]
    all_but_resources: bool
    principals: tuple[tuple[str, str], ...] | None
    all_but_principals: bool
    conditions: tuple[Condition, ...]
    has_variables: bool


Document = tuple[Statement, ...]


@lru_cache(maxsize=_KEPT)
def read(text: str) -> Document:
    """The statements of a document; none of them when it is no policy document, so that it allows nothing."""
    try:
        document = json.loads(text)
        has_variables = document.get("Version") == "2012-10-17"
        return tuple(_statement(each, has_variables) for each in _listed(document.get("Statement", [])))
    except (ValueError, TypeError, AttributeError):
        return ()


def _statement(written: dict[str, Any], has_variables: bool) -> Statement:
    principal = written.get("NotPrincipal", written.get("Principal"))
    return Statement(
        allows=written.get("Effect") == "Allow",
        actions=tuple(name.lower() for name in _texts(written.get("NotAction", written.get("Action", [])))),
        all_but_actions="NotAction" in written,
        resources=_texts(written.get("NotResource", written.get("Resource", []))),
        all_but_resources="NotResource" in written,
        principals=None if principal is None else _principals(principal),
        all_but_principals="NotPrincipal" in written,
        conditions=conditions(written.get("Condition") or {}),
        has_variables=has_variables,
    )


def conditions(written: Mapping[str, Mapping[str, Any]]) -> tuple[Condition, ...]:
    """The Condition element of a statement."""
    return tuple(
        Condition(operator, key.lower(), _texts(values))
        for operator, keys in written.items()
        for key, values in keys.items()
    )


def _principals(principal: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(principal, str):
        return (("AWS", principal),) if principal == "*" else ()
    return tuple((kind, name) for kind, names in principal.items() for name in _texts(names))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in _listed(value))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
