"""`airlock emulator`: AWS on the loopback. It runs as a process of its own; production code knows nothing of it."""

import importlib.util
import signal
import subprocess
import sys
from types import FrameType

import typer

from airlock.domain.errors import UsageError


def emulator(context: typer.Context) -> None:
    """Start the emulator with the options of `python -m emulator`; --help shows them."""
    if importlib.util.find_spec("emulator") is None:
        raise UsageError(
            "The emulator is not here: it belongs to the project, not to the package. Run this command in the "
            "project folder, after `make setup`."
        )
    child = subprocess.Popen([sys.executable, "-m", "emulator", *context.args])

    def pass_on(number: int, _: FrameType | None) -> None:
        child.send_signal(number)

    # Ctrl-C in a terminal reaches the child by itself; without a handler here we would die first and orphan it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, pass_on)
    code = child.wait()
    raise typer.Exit(code if code >= 0 else 128 - code)
