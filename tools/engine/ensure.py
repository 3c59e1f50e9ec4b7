"""The one entrance: an installed engine, else the cached one, else one built now, else an error naming both ways."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.engine import build, install
from tools.engine.errors import EngineError
from tools.engine.locate import ENGINE_VERSION, cache_bin, installed_bin

Say = Callable[[str], None]


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def engine_bin(say: Say = _to_stderr) -> Path:
    """The folder that holds `pulumi`, its Python language host and the launcher of dynamic providers."""
    installed = installed_bin()
    if installed is not None:
        return installed
    folder = cache_bin()
    if not _built(folder) and build.go_command() is None:
        raise EngineError(_both_ways())
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent / ".lock"):
        if not _built(folder):
            build.build_engine(folder, say)
        install.install_language_host(folder)
    return folder


def _built(folder: Path) -> bool:
    return os.access(folder / "pulumi", os.X_OK)


def _both_ways() -> str:
    incompatible = shutil.which("pulumi")
    found = (
        f"The `pulumi` at {incompatible} is older than {ENGINE_VERSION} or has no `pulumi-language-python` beside it."
        if incompatible
        else "There is no `pulumi` on PATH."
    )
    return (
        f"{found} Without the engine nothing can be previewed or deployed. Either install Pulumi {ENGINE_VERSION} or"
        f" later by its own instructions (https://www.pulumi.com/docs/install/), or install Go"
        f" {build.GO_VERSION} or later (https://go.dev/dl/) and run this again: the engine is then built once, into"
        f" {cache_bin()}."
    )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two set-ups at once build one engine: the second waits and finds it done. The lock ends with its process."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
