"""No variable that a call can change is forgotten by snapshots and by `--state`."""

import importlib
import itertools
import pkgutil
import random
import subprocess
import sys
from collections import deque
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[3]
MOTOS = ("url_bases", "url_paths")


def state_like(value: Any) -> bool:
    """Whether a module's variable can be changed in place by a call. moto's backends are found by themselves."""
    if type(value).__name__.endswith("BackendDict"):
        return False
    if isinstance(value, dict | list | set | deque | bytearray | random.Random | itertools.count):
        return True
    kind = type(value)
    ours = kind.__module__.startswith(("emulator.", "moto.mpa", "moto.backup", "moto.ram", "moto.organizations_more"))
    frozen = getattr(getattr(kind, "__dataclass_params__", None), "frozen", False)
    return ours and not isinstance(value, type | tuple) and not frozen and not callable(value)


def modules() -> list[ModuleType]:
    from emulator.moto import install

    install.install()
    names = [found.name for found in pkgutil.walk_packages([str(ROOT / "emulator")], "emulator.")]
    services = [path.name for path in (ROOT / "emulator" / "moto-services").iterdir() if path.is_dir()]
    for service in services:
        package = importlib.import_module(f"moto.{service}")
        names += [
            f"moto.{service}",
            *(found.name for found in pkgutil.walk_packages(package.__path__, f"moto.{service}.")),
        ]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


def globals_of(module: ModuleType) -> set[str]:
    """Names that functions of the module assign anew."""
    import ast

    if module.__file__ is None:
        return set()
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def forgotten() -> list[str]:
    from emulator.state.contents import NOT_STATE, VARIABLES

    known = {f"{module}.{name}" for module, names in VARIABLES.items() for name in names} | set(NOT_STATE)
    found = set()
    for module in modules():
        assigned = globals_of(module)
        for name, value in vars(module).items():
            constant = name.lstrip("_").isupper() or name.startswith("__") or name in MOTOS
            here = getattr(value, "__module__", module.__name__) == module.__name__ or state_like(value)
            if not constant and here and (name in assigned or state_like(value)):
                found.add((f"{module.__name__}.{name}", id(value)))
    # An imported name is the same object as the listed one.
    listed = {number for name, number in found if name in known}
    return sorted(name for name, number in found if name not in known and number not in listed)


def test_every_variable_that_changes_is_in_the_list_or_named_as_no_state() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import forgotten; print(*forgotten(), sep='\\n')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [], (
        "A snapshot would not hold these. Name them in VARIABLES of emulator/state/contents.py, or in NOT_STATE."
    )


def missing() -> list[str]:
    from emulator.state.contents import NOT_STATE, VARIABLES

    modules()
    named = [f"{module}.{name}" for module, names in VARIABLES.items() for name in names] + list(NOT_STATE)
    parts = {full: full.rpartition(".") for full in named}
    return [full for full, (module, _, name) in parts.items() if not hasattr(sys.modules.get(module), name)]


def test_every_variable_in_the_lists_is_there() -> None:
    """A module that was renamed would be left out without a word: what is not loaded has no state."""
    done = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import missing; print(*missing(), sep='\\n')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [], "These are listed in emulator/state/contents.py, and there are no such variables."
