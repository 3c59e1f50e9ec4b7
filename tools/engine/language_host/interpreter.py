"""Which Python runs a program or a pack: the same answer as Pulumi's own host gives."""

import os
import shutil
import sys
from pathlib import Path

from .stubs import language_pb2


class NoInterpreterError(Exception):
    """The interpreter that the project names is not there."""


def interpreter(info: language_pb2.ProgramInfo) -> str:
    """The option `virtualenv` of the project, relative to its root; else PULUMI_PYTHON_CMD; else the host's own."""
    virtualenv = str(info.options["virtualenv"]) if "virtualenv" in info.options else ""
    if not virtualenv:
        return shutil.which(os.environ.get("PULUMI_PYTHON_CMD", "")) or sys.executable
    python = Path(info.root_directory, virtualenv, "bin", "python")
    if not python.exists():
        raise NoInterpreterError(
            f"The virtual environment {python.parent.parent} named by `runtime.options.virtualenv` in"
            f" {info.root_directory} does not exist, so the program cannot run. Create it (`make setup`) or take the"
            " option out."
        )
    return str(python)
