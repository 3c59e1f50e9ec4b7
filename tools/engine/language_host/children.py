"""The processes that the host runs for the engine: programs and policy packs."""

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

HOST = Path(__file__).resolve().parent
_FORK_CLIENT = HOST / "fork_client.py"
_SECONDS_TO_END = 2.0
# The exit code of a program that failed and has told the user why; the host must not add a second message.
REPORTED = 32


class Children:
    """Starts processes and makes sure that none outlives the call that asked for it, nor the host."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def start(
        self,
        python: str,
        arguments: Sequence[str],
        *,
        folder: str,
        environment: Mapping[str, str],
        piped: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Runs `python HOST ARGUMENTS` in the folder. Unless piped, its output is the host's, which the engine shows.

        A session of its own keeps Ctrl-C in the terminal away from it: the engine decides when a program ends, and an
        interrupt in the middle of Python code prints a traceback that nobody can use.
        """
        stream = subprocess.PIPE if piped else None
        child = subprocess.Popen(
            [python, *_by(environment), str(HOST), *arguments],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
        with self._lock:
            self._running.add(child)
        return child

    def wait(self, child: subprocess.Popen[bytes]) -> int:
        code = child.wait()
        with self._lock:
            self._running.discard(child)
        return code

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Asks the child to end and, if it does not, ends it; returns at once."""
        if child.poll() is not None:
            return
        _signal(child, signal.SIGTERM)
        killer = threading.Timer(_SECONDS_TO_END, _signal, args=(child, signal.SIGKILL))
        killer.daemon = True
        killer.start()

    def stop_all(self) -> None:
        with self._lock:
            running = list(self._running)
        for child in running:
            self.stop(child)


def _by(environment: Mapping[str, str]) -> list[str]:
    """Python's own options, or the client of the fork server that the environment names."""
    return ["-I", "-S", str(_FORK_CLIENT)] if environment.get("AIRLOCK_FORK_SERVER") else ["-u"]


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group: a program may have started processes of its own.
    if child.poll() is None:
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:
            return


def output_of(child: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """("stdout" | "stderr", bytes) as they come, until both streams end."""
    chunks: queue.Queue[tuple[str, bytes]] = queue.Queue()

    def pump(name: str, stream: IO[bytes]) -> None:
        # os.read returns what is there; read() would hold the port line of a policy pack back.
        for chunk in iter(lambda: os.read(stream.fileno(), 65536), b""):
            chunks.put((name, chunk))
        chunks.put((name, b""))

    streams = {"stdout": child.stdout, "stderr": child.stderr}
    open_streams = 0
    for name, stream in streams.items():
        if stream is not None:
            open_streams += 1
            threading.Thread(target=pump, args=(name, stream), daemon=True).start()
    while open_streams:
        name, chunk = chunks.get()
        if chunk:
            yield name, chunk
        else:
            open_streams -= 1
