"""What a run was made with: the version and commit of the program, the engine, the interpreter."""

from __future__ import annotations

import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from airlock import __version__
from demo.stage import ROOT
from tools.engine.locate import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def provenance(environment: Mapping[str, str]) -> dict[str, str]:
    """By name. `environment` is the one in which the story runs; `started_at` is wall clock."""
    engine = shutil.which("pulumi", path=environment["PATH"])
    return {
        "version": __version__,
        "commit": commit_of(ROOT),
        "engine": f"Pulumi {version_of(Path(engine))}" if engine else "Pulumi was not found",
        "python": platform.python_version(),
        "started_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+00:00}",
    }


def commit_of(folder: Path) -> str:
    """The checkout's commit by `git describe`, `-dirty` where files were changed; words where it is no checkout."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    # A folder inside a checkout of something else would be given the commit of that.
    if not top or Path(top).resolve() != folder.resolve():
        return "not in a checkout"
    return _git(folder, "describe", "--always", "--dirty", "--tags", "--abbrev=40") or "not in a checkout"


def _git(folder: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
