"""Effective management policies: how the documents from the root down to an account become one.

A document is a tree whose leaves hold operators: `@@assign` sets, `@@append` adds, `@@remove` takes away. A node may
name the operators that levels below may use there (`@@operators_allowed_for_child_policies`); what is not allowed has
no effect. A node without such a control has that of the node above; a level below can narrow a control, never widen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .schemas import ALLOWED, APPEND, ASSIGN, OPERATORS, Problem

_ALL = frozenset(OPERATORS)
_Document = tuple[str, dict[str, Any]]  # the id of a policy and its parsed document


@dataclass
class _Node:
    """A place in the effective tree; `allowed` is what lower levels may do here, if a control says so."""

    children: dict[str, _Node] = field(default_factory=dict)
    value: Any = None
    allowed: frozenset[str] | None = None
    sources: list[str] = field(default_factory=list)
    assigned_at: int = -1

    def plain(self) -> Any:
        if not self.children:
            return self.value
        found = {name: child.plain() for name, child in self.children.items()}
        return {name: value for name, value in found.items() if value is not None}

    def all_sources(self) -> set[str]:
        return set(self.sources).union(*(child.all_sources() for child in self.children.values()))


@dataclass
class Effective:
    """The outcome: `document` without operators, and the `problems` of policies at one level that contradict."""

    document: dict[str, Any]
    problems: list[Problem]
    top: _Node

    def contributors(self, path: str) -> list[str]:
        """The policies that wrote something at or below a path, or above it when nobody did."""
        node, found = self.top, self.top
        for name in path.split("/"):
            node = node.children.get(name, _Node())
            found = node if node.all_sources() else found
        return sorted(found.all_sources())


def merge(levels: Iterable[Sequence[_Document]]) -> Effective:
    """The effective policy of documents given level by level, the root's first."""
    merging = _Merging()
    for level in levels:
        merging.level += 1
        for policy, document in level:
            merging.apply(merging.top, policy, document, _ALL, "")
        merging.bind_the_levels_below()
    plain = merging.top.plain()
    return Effective(plain if isinstance(plain, dict) else {}, merging.problems, merging.top)


class _Merging:
    """One effective policy in the making."""

    def __init__(self) -> None:
        self.top = _Node()
        self.level = -1
        self.problems: list[Problem] = []
        self._controls: list[tuple[_Node, frozenset[str]]] = []

    def apply(self, node: _Node, policy: str, part: dict[str, Any], inherited: frozenset[str], path: str) -> None:
        allowed = inherited if node.allowed is None else node.allowed
        for name, below in part.items():
            if name == ALLOWED:
                self._controls.append((node, _operators(below) & allowed))
            elif name in OPERATORS:
                if name in allowed:
                    self._change(node, policy, name, below, path)
            elif isinstance(below, dict) and (name in node.children or ASSIGN in allowed):
                child = node.children.setdefault(name, _Node())
                self.apply(child, policy, below, allowed, f"{path}/{name}" if path else name)

    def bind_the_levels_below(self) -> None:
        """A control binds the levels below, not the other policies of its own level; of several, what all allow."""
        bound: dict[int, tuple[_Node, frozenset[str]]] = {}
        for node, allowed in self._controls:
            before = bound.get(id(node), (node, _ALL))[1]
            bound[id(node)] = (node, before & allowed)
        for node, allowed in bound.values():
            node.allowed = allowed
        self._controls.clear()

    def _change(self, node: _Node, policy: str, operator: str, operand: Any, path: str) -> None:
        if operator == ASSIGN:
            if node.assigned_at == self.level and node.value != operand:
                message = f"Policies that are attached to the same place assign different values to {path}."
                self.problems.append(Problem("CONFLICTING_VALUES", path, message))
            node.assigned_at = self.level
        node.value = _changed(node.value, operator, operand)
        if policy not in node.sources:
            node.sources.append(policy)


def _operators(names: Any) -> frozenset[str]:
    listed = names if isinstance(names, list) else [names]
    if "@@all" in listed:
        return _ALL
    return frozenset() if "@@none" in listed else frozenset(listed)


def _changed(value: Any, operator: str, operand: Any) -> Any:
    if operator == ASSIGN:
        return operand
    kept = [] if value is None else _as_list(value)
    if operator == APPEND:
        return kept + [item for item in _as_list(operand) if item not in kept]
    return [item for item in kept if item not in _as_list(operand)]


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
