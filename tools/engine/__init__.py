"""Finds the `pulumi` command line, or builds it: `engine_bin()` is the folder to put first on PATH.

`python -m tools.engine` prints that folder. Nothing of ours is imported here and, outside `language_host/`, only the
standard library: this prepares the ground on which the rest is installed.
"""

from tools.engine.ensure import engine_bin
from tools.engine.errors import EngineError
from tools.engine.locate import ENGINE_VERSION

__all__ = ["ENGINE_VERSION", "EngineError", "engine_bin"]
