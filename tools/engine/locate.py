"""Where a `pulumi` command line may already be: on PATH, or in our cache from an earlier build."""

import os
import re
import shutil
import subprocess
from pathlib import Path

ENGINE_VERSION = "3.259.0"
LANGUAGE_HOST = "pulumi-language-python"


def cache_bin() -> Path:
    """The folder in which our own build of the engine lives, whether or not it is there yet."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "airlock" / "engine" / ENGINE_VERSION / "bin"


def installed_bin() -> Path | None:
    """The folder of a compatible `pulumi` on PATH that brings its own Python language host."""
    for folder in os.get_exec_path():
        found = shutil.which("pulumi", path=folder)
        if found is None:
            continue
        real = Path(found).resolve().parent
        if real == cache_bin().resolve() or not _has_language_host(Path(folder), real):
            continue
        if is_compatible(version_of(Path(found))):
            return Path(folder).absolute()
    return None


def _has_language_host(folder: Path, real: Path) -> bool:
    # A package manager may link `pulumi` into one folder and keep the rest where the link points to.
    return any((place / LANGUAGE_HOST).exists() for place in (folder, real))


def version_of(pulumi: Path) -> str:
    """What `pulumi version` says, without the leading v; empty when the file does not run."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run([pulumi, "version"], capture_output=True, text=True, timeout=60, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().removeprefix("v") if done.returncode == 0 else ""


def is_compatible(version: str) -> bool:
    """The pinned release or a later one of the same major version: engines serve older SDKs, not newer ones."""
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if numbers is None:
        return False
    found = tuple(int(number) for number in numbers.groups())
    wanted = tuple(int(number) for number in ENGINE_VERSION.split("."))
    return found[0] == wanted[0] and found >= wanted
