"""What a prepared world depends on, as one digest: a world is used again only while nothing of it changed."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from typing import TYPE_CHECKING

from demo.stage import PROGRAM, ROOT
from tools.engine import engine_bin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DEPENDS_ON = (
    *PROGRAM,
    "emulator",
    "tools",
    "demo",
    "tests/worlds/planted.py",
    "tests/worlds/site.py",
    "tests/worlds/store.py",
    "requirements.txt",
    "requirements-dev.txt",
)
"""The program and its topologies, the emulator, engine and plugin, who deploys and how, and the pinned packages."""


@cache
def world_key() -> str:
    """The key of this tree under this Python, with this engine."""
    engine = engine_bin() / "pulumi"
    return digest(ROOT, DEPENDS_ON, sys.version, sys.executable, f"{engine} {engine.stat().st_mtime_ns}")


def digest(root: Path, names: Iterable[str], *words: str) -> str:
    """A digest of names and contents of every file under these names, and of the words."""
    found = hashlib.sha256(repr(words).encode())
    for path in sorted(path for name in names for path in _files(root / name)):
        found.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for each in path.iterdir():
            if each.name != "__pycache__":
                yield from _files(each)
    else:
        yield path
