"""What may stand where in a management policy: a schema as data, and how documents are held against it.

A document carries values under operators (`{"@@assign": "60"}`), an effective policy carries them plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

ASSIGN, APPEND, REMOVE = "@@assign", "@@append", "@@remove"
ALLOWED = "@@operators_allowed_for_child_policies"
OPERATORS = (ASSIGN, APPEND, REMOVE)
_CONTROLS = (*OPERATORS, "@@all", "@@none")


class Problem(NamedTuple):
    """What is wrong where: `code` as in EffectivePolicyValidationError, `path` from the top, separated by slashes."""

    code: str
    path: str
    message: str


@dataclass(frozen=True)
class Value:
    """A leaf: one text, or several when `many`. `allowed` are its words, `pattern` its form; numbers are texts too."""

    many: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ".+"
    least: int | None = None

    def complaint(self, value: Any) -> str:
        """What is wrong with a value; empty when nothing is."""
        if not isinstance(value, str):
            return f"must be a text, not {value!r}"
        if self.allowed and value not in self.allowed:
            return f"must be one of {', '.join(self.allowed)}, not {value!r}"
        if not re.fullmatch(self.pattern, value):
            return f"has an invalid value: {value!r}"
        if self.least is not None and int(value) < self.least:
            return f"must be at least {self.least}, not {value}"
        return ""


@dataclass(frozen=True)
class Named:
    """Any number of parts under names that the author chooses; `most` where AWS has a limit."""

    part: Node
    most: int | None = None


@dataclass(frozen=True)
class Fields:
    """Parts under fixed names. `required` counts in the effective policy: a document may hold only a part of it."""

    parts: dict[str, Node]
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anything:
    """A part whose form is not modelled; only the operators in it are looked at."""


Node = Value | Named | Fields | Anything

TEXT = Value()
TEXTS = Value(many=True)
NUMBER = Value(pattern="-?[0-9]{1,9}")
SWITCH = Value(allowed=("enabled", "disabled"))
TRUTH = Value(allowed=("true", "false"))


def in_document(node: Node, document: Any, path: str = "") -> Iterator[Problem]:
    """Every mistake in a policy document as its author writes it."""
    if not isinstance(document, dict):
        yield Problem("INVALID_TYPE", path, f"{path or 'The document'} must be an object.")
    elif isinstance(node, Value):
        yield from _operators_of_value(node, document, path)
    elif isinstance(node, Anything):
        yield from _anywhere(document, path)
    else:
        yield from _parts(node, document, path)


def _parts(node: Named | Fields, document: dict[str, Any], path: str) -> Iterator[Problem]:
    for name, part in document.items():
        below = f"{path}/{name}" if path else name
        if name == ALLOWED:
            yield from _control(part, below)
        elif name.startswith("@@"):
            yield Problem("INVALID_OPERATOR", below, f"{below} is an operator in a place that holds no value.")
        elif isinstance(node, Fields) and name not in node.parts:
            known = ", ".join(sorted(node.parts))
            yield Problem("UNKNOWN_KEY", below, f"{below} is not a key that is known there. There are: {known}.")
        else:
            yield from in_document(node.parts[name] if isinstance(node, Fields) else node.part, part, below)


def _operators_of_value(node: Value, document: dict[str, Any], path: str) -> Iterator[Problem]:
    if not document:
        yield Problem("INVALID_TYPE", path, f"{path} has no operator. Write its value as {ASSIGN}.")
    for name, operand in document.items():
        if name == ALLOWED:
            yield from _control(operand, f"{path}/{name}")
        elif name not in OPERATORS:
            yield Problem("UNKNOWN_KEY", f"{path}/{name}", f"{path}/{name} is neither an operator nor a known key.")
        elif name != ASSIGN and not node.many:
            yield Problem("INVALID_OPERATOR", f"{path}/{name}", f"{path} holds one value, so only {ASSIGN} fits.")
        else:
            yield from _value(node, operand, path)


def _value(node: Value, value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, list) and not node.many:
        yield Problem("INVALID_TYPE", path, f"{path} must be one text, not a list.")
        return
    for one in value if isinstance(value, list) else [value]:
        complaint = node.complaint(one)
        if complaint:
            yield Problem("INVALID_VALUE", path, f"{path} {complaint}.")


def _control(names: Any, path: str) -> Iterator[Problem]:
    listed = names if isinstance(names, list) else [names]
    unknown = [name for name in listed if name not in _CONTROLS]
    if unknown or not listed:
        yield Problem("INVALID_OPERATOR", path, f"{path} takes a list of {', '.join(_CONTROLS)}, not {names!r}.")


def _anywhere(document: dict[str, Any], path: str) -> Iterator[Problem]:
    for name, part in document.items():
        below = f"{path}/{name}" if path else name
        if name == ALLOWED:
            yield from _control(part, below)
        elif name.startswith("@@") and name not in OPERATORS:
            yield Problem("INVALID_OPERATOR", below, f"{below} is no operator.")
        elif isinstance(part, dict) and name not in OPERATORS:
            yield from _anywhere(part, below)
        elif name not in OPERATORS:
            yield Problem("INVALID_TYPE", below, f"{below} must be an object: a value stands under {ASSIGN}.")


def in_effective(node: Node, document: Any, path: str = "") -> Iterator[Problem]:
    """Every mistake in an effective policy."""
    if isinstance(node, Value):
        yield from _value(node, document, path)
    elif isinstance(node, Anything):
        return
    elif not isinstance(document, dict):
        yield Problem("INVALID_TYPE", path, f"{path} must be an object.")
    else:
        if isinstance(node, Fields):
            yield from _missing(node, document, path)
        elif node.most is not None and len(document) > node.most:
            message = f"{path} has {len(document)} elements, and at most {node.most} are allowed."
            yield Problem("ELEMENTS_TOO_MANY", path, message)
        for name, part in document.items():
            below = f"{path}/{name}" if path else name
            if isinstance(node, Named):
                yield from in_effective(node.part, part, below)
            elif name in node.parts:
                yield from in_effective(node.parts[name], part, below)


def _missing(node: Fields, document: dict[str, Any], path: str) -> Iterator[Problem]:
    for name in node.required:
        if name not in document:
            yield Problem("REQUIRED_KEY_MISSING", path, f"{path} has no {name}, which it needs.")
