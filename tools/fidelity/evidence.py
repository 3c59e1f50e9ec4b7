"""Which tests show an operation, and which operations the project's own programs call: found in their source."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tools.fidelity.scan import Function, Methods, Module, Scanner
from tools.fidelity.sources import ROOT

TEST_FOLDERS = ("tests/emulator", "tests/providers", "tests/journeys")
PROGRAMS = ("airlock", "components", "stacks", "demo", "tools/aws_plugin")
# These try every operation for its shape, with whatever input: they do not show what an operation does.
_SHAPE_ONLY = ("test_model_", "test_fuzz_", "test_fidelity", "test_race_", "test_bad_input")

Shown = dict[tuple[str, str], dict[str, int]]
"""(service, operation) -> file (relative to tests/) -> number of tests."""


def shown(methods: Methods, root: Path = ROOT) -> Shown:
    """The tests that call each operation: in the test's own file or, when there is none, through a shared helper."""
    scanner = Scanner(methods)
    modules = {path: scanner.read(path) for folder in TEST_FOLDERS for path in sorted((root / folder).rglob("*.py"))}
    direct: Shown = {}
    indirect: Shown = {}
    for path, module in modules.items():
        if not path.name.startswith("test_") or path.name.startswith(_SHAPE_ONLY):
            continue
        helpers = [modules[other] for other in _helpers(path, module, root) if other in modules]
        label = str(path.relative_to(root / "tests").with_suffix(""))
        for function in module.functions.values():
            if function.name.startswith("test_"):
                own = _reached(function, [module])
                _count(direct, own, label)
                _count(indirect, _reached(function, [module, *helpers]) - own, label)
    return {**indirect, **direct}


def called(methods: Methods, root: Path = ROOT) -> dict[tuple[str, str], list[str]]:
    """The operations that the project's programs call, with the files that do."""
    scanner = Scanner(methods)
    found: dict[tuple[str, str], list[str]] = {}
    for folder in PROGRAMS:
        for path in sorted((root / folder).rglob("*.py")):
            calls = {call for function in scanner.read(path).functions.values() for call in function.calls}
            for call in sorted(calls):
                found.setdefault(call, []).append(str(path.relative_to(root)))
    return found


def _count(counted: Shown, calls: Iterable[tuple[str, str]], label: str) -> None:
    for call in calls:
        files = counted.setdefault(call, {})
        files[label] = files.get(label, 0) + 1


def _reached(test: Function, modules: list[Module]) -> set[tuple[str, str]]:
    """What a test calls itself or through the functions and fixtures of these files."""
    reached: set[str] = set()
    calls: set[tuple[str, str]] = set()
    waiting = [test]
    while waiting:
        function = waiting.pop()
        calls |= function.calls
        for name in function.uses - reached:
            reached.add(name)
            waiting += [module.functions[name] for module in modules if name in module.functions]
    return calls


def _helpers(path: Path, module: Module, root: Path) -> Iterator[Path]:
    """The files of tests that a test file takes its helpers and fixtures from."""
    for folder in (path.parent, *path.parent.parents):
        if folder == root:
            break
        yield folder / "conftest.py"
    for name in sorted(module.imports):
        if name.startswith("tests."):
            yield _file(name, root)


@cache
def _file(module: str, root: Path) -> Path:
    return root.joinpath(*module.split(".")).with_suffix(".py")
