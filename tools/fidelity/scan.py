"""Finds the AWS calls in Python source: which function calls which operation of which service, by its syntax alone.

A call is an attribute with the name of a boto3 method, on something that is a client. What is a client is read from the
code: `.client("backup")` and functions named so, variables, attributes and functions that hold or return one, and names
that are a service's (`mpa`, `recovery.mpa`). A name that only one service has needs no such proof. Also taken are
`get_paginator("list_x")`, `getattr(client, "list_x")` and, in tables of tests, the neighbours `"backup", "list_x"`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

# What a client is called in code, where it is not called as its service is.
_NAMES = {"sso": "sso-admin", "sso_admin": "sso-admin", "store": "identitystore"}
Methods = Mapping[str, Mapping[str, str]]
"""Service -> name of the client's method -> operation."""


@dataclass
class Function:
    """What one function does: operations as (service, operation), and the names it calls or takes."""

    name: str
    calls: set[tuple[str, str]] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)


@dataclass
class Module:
    """A file: its functions by name (methods of classes of the same name are put together)."""

    path: Path
    functions: dict[str, Function] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


class Scanner:
    """Reads files and keeps what they call."""

    def __init__(self, methods: Methods) -> None:
        self._methods = methods
        self._owners: dict[str, set[str]] = {}
        for service, names in methods.items():
            for name in names:
                self._owners.setdefault(name, set()).add(service)

    def read(self, path: Path, text: str | None = None) -> Module:
        tree = ast.parse(path.read_text() if text is None else text)
        module = Module(path, imports=set(_imports(tree)))
        clients = Clients(tree, self._methods)
        for function, scope in _functions(tree):
            found = module.functions.setdefault(function.name, Function(function.name))
            found.calls |= set(self._calls(function, clients, clients.locals_of(scope)))
            found.uses |= set(_uses(function))
        for table in tree.body:
            # A table beside the tests belongs to those that use it by its name.
            if isinstance(table, ast.Assign | ast.AnnAssign):
                for name in _targets(table):
                    module.functions[name] = Function(name, set(self._calls(table, clients, {})), set())
        return module

    def _calls(self, node: ast.AST, clients: "Clients", names: dict[str, str]) -> Iterator[tuple[str, str]]:
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute):
                yield from self._named(part.attr, part.value, clients, names)
            elif isinstance(part, ast.Call):
                yield from self._by_text(part, clients, names)
            elif isinstance(part, ast.Tuple | ast.List):
                yield from self._in_table(part.elts)

    def _named(
        self, method: str, owner: ast.expr, clients: "Clients", names: dict[str, str]
    ) -> Iterator[tuple[str, str]]:
        candidates = self._owners.get(method)
        if not candidates:
            return
        service = clients.service_of(owner, names)
        if service is None and len(candidates) == 1:
            service = next(iter(candidates))
        if service in candidates:
            yield str(service), self._methods[str(service)][method]

    def _by_text(self, call: ast.Call, clients: "Clients", names: dict[str, str]) -> Iterator[tuple[str, str]]:
        texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("get_paginator", "get_waiter") and texts:
            yield from self._named(texts[0], call.func.value, clients, names)
        elif isinstance(call.func, ast.Name) and call.func.id == "getattr" and texts:
            yield from self._named(texts[0], call.args[0], clients, names)
        yield from self._in_table(call.args)

    def _in_table(self, parts: Iterable[ast.expr]) -> Iterator[tuple[str, str]]:
        for first, second in pairwise(parts):
            if not (isinstance(first, ast.Constant) and isinstance(second, ast.Constant)):
                continue
            methods = self._methods.get(str(first.value), {})
            name = str(second.value)
            if name in methods or name in methods.values():
                yield str(first.value), methods.get(name, name)


class Clients:
    """What is a client in one file, and of which service."""

    def __init__(self, tree: ast.Module, methods: Methods) -> None:
        self._services = methods.keys()
        self._returning: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        # Twice, because a function may return what another one, further down, returns.
        for _ in range(2):
            for function, scope in _functions(tree):
                self._learn(function, self.locals_of(scope))

    def _learn(self, function: ast.FunctionDef, names: dict[str, str]) -> None:
        for part in ast.walk(function):
            if isinstance(part, ast.Return) and part.value is not None:
                service = self.service_of(part.value, names)
                if service:
                    self._returning[function.name] = service
            elif isinstance(part, ast.Assign):
                for target, value in _pairs(part):
                    service = self.service_of(value, names)
                    if service and isinstance(target, ast.Attribute):
                        self._attributes[target.attr] = service

    def locals_of(self, scope: list[ast.FunctionDef]) -> dict[str, str]:
        """Variables that hold a client, in a function and those around it."""
        names: dict[str, str] = {}
        for function in scope:
            for part in ast.walk(function):
                if isinstance(part, ast.Assign):
                    for target, value in _pairs(part):
                        service = self.service_of(value, names)
                        if service and isinstance(target, ast.Name):
                            names[target.id] = service
        return names

    def service_of(self, node: ast.expr, names: Mapping[str, str]) -> str | None:
        """The service that an expression is a client of; None when it is none, as far as one can see."""
        match node:
            case ast.Call():
                return self._made(node)
            case ast.Name(id=name):
                return names.get(name) or self._returning.get(name) or self._by_name(name)
            case ast.Attribute(attr=name):
                return self._attributes.get(name) or self._returning.get(name) or self._by_name(name)
            case ast.BoolOp(values=parts):
                return next((found for part in parts if (found := self.service_of(part, names))), None)
            case ast.IfExp(body=first, orelse=second):
                return self.service_of(first, names) or self.service_of(second, names)
            case ast.NamedExpr(value=value):
                return self.service_of(value, names)
        return None

    def _made(self, call: ast.Call) -> str | None:
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if called.endswith("client"):
            for argument in call.args:
                if isinstance(argument, ast.Constant) and argument.value in self._services:
                    return str(argument.value)
            return None
        return self._returning.get(called) or self._by_name(called)

    def _by_name(self, name: str) -> str | None:
        plain = name.lower().lstrip("_").replace("_client", "")
        if plain in self._services:
            return plain
        return _NAMES.get(plain)


def _pairs(assign: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in assign.targets:
        if isinstance(target, ast.Tuple) and isinstance(assign.value, ast.Tuple):
            yield from zip(target.elts, assign.value.elts, strict=False)
        else:
            yield target, assign.value


def _functions(
    tree: ast.AST, around: tuple[ast.FunctionDef, ...] = ()
) -> Iterator[tuple[ast.FunctionDef, list[ast.FunctionDef]]]:
    """Functions and methods with the functions that they stand in; a nested one belongs to the outer one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node, [*around, node]
        else:
            yield from _functions(node, around)


def _targets(assign: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = assign.targets if isinstance(assign, ast.Assign) else [assign.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _uses(function: ast.FunctionDef) -> Iterator[str]:
    """Names of functions that it calls, passes on or takes as fixtures."""
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg
    for part in ast.walk(function):
        if isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Name):
            yield part.id


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
