"""The three things this folder can be started for."""

import importlib
import runpy
import sys
from pathlib import Path

from . import parent


def main(arguments: list[str]) -> int:
    command, rest = arguments[0], arguments[1:]
    try:
        if command == "serve":
            return _serve(rest)
        if command == "program":
            return _program(rest)
        return _module(rest)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pulumi", "grpc", "google"):
            raise
        sys.stderr.write(
            f"The Python at {sys.executable} cannot import `{error.name}`, so it cannot run a Pulumi program. Activate"
            " the project's virtual environment (`. .venv/bin/activate` after `make setup`) or set PULUMI_PYTHON_CMD to"
            " its python.\n"
        )
        return 1


def _serve(rest: list[str]) -> int:
    parent.die_with(parent.current())
    server = importlib.import_module("language_host.server")
    # The engine passes its own address last; Handshake repeats it.
    server.serve(rest[-1] if rest else "")
    return 0


def _program(rest: list[str]) -> int:
    program = importlib.import_module("language_host.program")
    settings = program.parse(rest)
    parent.die_with(settings.parent)
    del sys.path[0]
    code: int = program.run(settings)
    return code


def _module(rest: list[str]) -> int:
    """`module --parent PID NAME ...`: as `python -m NAME ...` from the current folder, but ending with its parent."""
    parent.die_with(int(rest[1]))
    sys.path[0] = str(Path.cwd())
    sys.argv = rest[2:]
    runpy.run_module(rest[2], run_name="__main__", alter_sys=True)
    return 0
