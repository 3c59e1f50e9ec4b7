"""`airlock emulator`: AWS on the loopback. It runs as a process of its own; production code knows nothing of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import typer

from airlock.cli.topology import ProjectDir
from airlock.domain.errors import UsageError


def emulator(context: typer.Context, project: ProjectDir = Path()) -> None:
    """Start the emulator with the options of `python -m emulator`; --help shows them."""
    folder = project.resolve()
    if not (folder / "emulator" / "__main__.py").is_file():
        raise UsageError(
            f"There is no emulator in {folder}: it belongs to the project, not to the package. Run this command in the "
            "project folder, or name that with --project."
        )
    # An installed command does not look for modules in the folder that it is run in.
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        if child is None:
            early.append(number)
        else:
            child.send_signal(number)

    # Before the child is there: a signal in between would end us and orphan it. Ctrl-C in a terminal reaches the child
    # by itself; it is taken by a handler and not ignored, because the child would inherit that.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, pass_on)
    child = subprocess.Popen([sys.executable, "-m", "emulator", *context.args], env={**os.environ, "PYTHONPATH": path})
    for number in early:
        child.send_signal(number)
    code = child.wait()
    raise typer.Exit(code if code >= 0 else 128 - code)
