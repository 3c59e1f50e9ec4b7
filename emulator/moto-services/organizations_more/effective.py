"""Effective management policies: how the documents from the root down to an account become one.

A document is a tree whose leaves hold operators: `@@assign` sets, `@@append` adds, `@@remove` takes away. A node may
name the operators that levels below may use on it (`@@operators_allowed_for_child_policies`); others are ignored there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

ASSIGN, APPEND, REMOVE = "@@assign", "@@append", "@@remove"
ALLOWED = "@@operators_allowed_for_child_policies"
_ALL = frozenset({ASSIGN, APPEND, REMOVE})


@dataclass
class _Node:
    """A place in the effective tree; `allowed` is what the next level below may do here."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    value: Any = None
    allowed: frozenset[str] = _ALL

    def plain(self) -> Any:
        if not self.children:
            return self.value
        found = {name: child.plain() for name, child in self.children.items()}
        return {name: value for name, value in found.items() if value is not None}


def merge(levels: Iterable[Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """The effective document of policies given level by level, the root's first; empty when there are none."""
    top = _Node()
    for level in levels:
        controls: list[tuple[_Node, frozenset[str]]] = []
        for document in level:
            _apply(top, document, _ALL, controls)
        # A control binds the levels below, not the other policies of its own level.
        for node, allowed in controls:
            node.allowed = node.allowed & allowed
    plain = top.plain()
    return plain if isinstance(plain, dict) else {}


def _apply(
    node: _Node, document: dict[str, Any], inherited: frozenset[str], controls: list[tuple[_Node, frozenset[str]]]
) -> None:
    allowed = inherited & node.allowed
    for name, part in document.items():
        if name == ALLOWED:
            controls.append((node, _operators(part)))
        elif name.startswith("@@"):
            if name in allowed:
                node.value = _changed(node.value, name, part)
        elif isinstance(part, dict) and (name in node.children or ASSIGN in allowed):
            _apply(node.children.setdefault(name, _Node()), part, allowed, controls)


def _operators(names: list[str]) -> frozenset[str]:
    if "@@all" in names:
        return _ALL
    return frozenset() if "@@none" in names else frozenset(names)


def _changed(value: Any, operator: str, operand: Any) -> Any:
    if operator == ASSIGN:
        return operand
    kept = [] if value is None else _as_list(value)
    if operator == APPEND:
        return kept + [item for item in _as_list(operand) if item not in kept]
    return [item for item in kept if item not in _as_list(operand)]


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
