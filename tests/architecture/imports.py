"""Reads which modules a file imports, and says which of them its room may not."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.architecture import rules


@dataclass(frozen=True)
class Import:
    module: str
    line: int


def offences(root: Path) -> list[str]:
    """One sentence for each import that stands where it must not, over all rooms under the root."""
    found: list[str] = []
    for path in _files(root):
        relative = path.relative_to(root)
        room = rules.room_of(relative)
        if room is None:
            continue
        for each in imports_of(path, relative):
            reason = _judge(each.module, relative, room)
            if reason:
                found.append(f"{relative}:{each.line} imports {each.module}: {reason}")
    return found


def circle(root: Path) -> list[str]:
    """Modules that import one another in a ring, in their order; empty when there is none. Tests are left out."""
    files = {
        _module_of(relative): root / relative
        for relative in (path.relative_to(root) for path in _files(root))
        if rules.room_of(relative) not in rules.FREE
    }
    graph = {
        name: {_nearest(each.module, files) for each in imports_of(path, path.relative_to(root))} - {name, ""}
        for name, path in files.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        return ring
    return []


def _module_of(relative: Path) -> str:
    return ".".join(relative.with_suffix("").parts).removesuffix(".__init__")


def _nearest(module: str, files: Mapping[str, Path]) -> str:
    """The file of ours that an imported name stands in, or is."""
    while module not in files and module:
        module = module.rpartition(".")[0]
    return module


def _files(root: Path) -> Iterator[Path]:
    for name in sorted({room.partition(".")[0] for room in rules.ROOMS}):
        if (root / f"{name}.py").is_file():
            yield root / f"{name}.py"
        yield from sorted((root / name).rglob("*.py"))


def imports_of(path: Path, relative: Path) -> Iterator[Import]:
    """Every import of the file: at the top, in functions, and those for the type checker only."""
    package = relative.parent.parts
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = _base_of(node, package)
            # `from airlock import clients` imports a room, and only the name on the right says so.
            for alias in node.names:
                yield Import(f"{base}.{alias.name}" if base else alias.name, node.lineno)


def _base_of(node: ast.ImportFrom, package: tuple[str, ...]) -> str:
    if node.level == 0:
        return node.module or ""
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _judge(module: str, path: Path, room: str) -> str:
    top = module.partition(".")[0]
    if top in rules.FIRST_PARTY:
        return _judge_ours(module, room)
    if top in sys.stdlib_module_names or room in rules.FREE:
        return ""
    if room in rules.STANDARD_LIBRARY_ONLY:
        return f"{room} is standard library only, because everything else is written in its words"
    allowed = rules.PACKAGES.get(top)
    if allowed is not None and not any(_stands_in(path, room, place) for place in allowed):
        return f"the package {top} belongs in {', '.join(sorted(allowed))}"
    return ""


def _judge_ours(module: str, room: str) -> str:
    other = "policies" if module.startswith("vault_rules") else rules.room_of(Path(module.replace(".", "/")))
    allowed = rules.ROOMS[room]
    if other is None or other == room or other in allowed or "*" in allowed:
        return ""
    # `airlock/__init__.py` holds the version and nothing else: no room is reached through it.
    if other == "airlock" and module in ("airlock", "airlock.__version__"):
        return ""
    return f"{room} may import {', '.join(sorted(allowed)) or 'nothing of ours'}"


def _stands_in(path: Path, room: str, place: str) -> bool:
    return room == place or path.as_posix() == place or path.as_posix().startswith(f"{place}/")
