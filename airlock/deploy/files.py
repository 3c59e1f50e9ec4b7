"""Files that others read while we write them."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """The old content or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
        # mkstemp keeps others out; these files hold no secret and are meant to be read.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
