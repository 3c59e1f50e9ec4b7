"""What nobody calls but the tests: vulture's findings, without what is called by way of a name that it cannot see."""

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from vulture.core import Item, Vulture

# The services whose operations the emulator answers: moto calls the method that is named as the operation.
SERVICES = ("backup", "ebs", "events", "mpa", "organizations", "ram", "sso-admin", "sts")


@dataclass(frozen=True)
class Findings:
    """`unused`: each function, class, attribute and variable that only tests use. `idle`: names spared in vain."""

    unused: list[str]
    idle: list[str]


def findings(root: Path) -> Findings:
    """The settings are those of the command `vulture`, which finds the same, and what is listed below besides."""
    settings: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["vulture"]
    folders = [root / name for name in settings["paths"] if (root / name).exists()]
    finder = Vulture(ignore_decorators=settings["ignore_decorators"])
    finder.scavenge(folders)
    finder.used_names |= _named_in_templates(folders)
    found = [item for item in finder.get_unused_code(settings["min_confidence"]) if not _is_an_operation(item, root)]
    spared: list[str] = settings["ignore_names"]
    return Findings(
        unused=[
            f"{item.filename.relative_to(root)}:{item.first_lineno}: {item.typ} `{item.name}`"
            for item in found
            if not any(fnmatch(item.name, entry) for entry in spared)
        ],
        idle=[entry for entry in spared if not any(fnmatch(item.name, entry) for item in found)],
    )


def _named_in_templates(folders: list[Path]) -> set[str]:
    templates = [template for folder in folders for template in folder.rglob("*.j2")]
    return {name for template in templates for name in re.findall(r"[A-Za-z_]\w*", template.read_text())}


def _is_an_operation(item: Item, root: Path) -> bool:
    return item.filename.is_relative_to(root / "emulator") and item.name in _operations()


@cache
def _operations() -> frozenset[str]:
    session = botocore.session.Session()
    return frozenset(
        xform_name(operation)
        for service in SERVICES
        for operation in session.get_service_model(service).operation_names
    )
