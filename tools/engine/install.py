"""Puts our Python language host beside the built engine, so that the engine finds it as its own.

The files are copied: a checkout may move or vanish, and the cached engine must go on working.
"""

import compileall
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_SOURCES = _HERE / "language_host"
_LAUNCHERS = _HERE / "launchers"


def install_language_host(folder: Path) -> None:
    """Copies the host and its launchers. What is there already is left alone, so this is free to repeat."""
    home = folder / f"python-host-{_fingerprint()}"
    if not home.exists():
        with tempfile.TemporaryDirectory(prefix=".python-host-", dir=folder) as room:
            shutil.copytree(
                _SOURCES, Path(room) / "new" / "language_host", ignore=shutil.ignore_patterns("__pycache__")
            )
            (Path(room) / "new").replace(home)
    # Each operation starts it five times, and would compile it each time where Python is told to keep no bytecode
    # (PYTHONDONTWRITEBYTECODE, as containers often have it).
    compileall.compile_dir(home, quiet=2)
    for source in sorted(_LAUNCHERS.iterdir()):
        _write_launcher(folder / source.name, source.read_text().replace("@HOST@", home.name))


def _fingerprint() -> str:
    """Names the host's folder after its content: a run in progress keeps the files with which it began."""
    digest = hashlib.sha256()
    for source in sorted(_SOURCES.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def _write_launcher(path: Path, text: str) -> None:
    if path.exists() and path.read_text() == text and os.access(path, os.X_OK):
        return
    # A file of our own first, then one rename: the engine never starts a launcher that is half written.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "w") as new:
        new.write(text)
    Path(name).chmod(0o755)
    Path(name).replace(path)
