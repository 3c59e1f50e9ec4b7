"""The servers that are measured, each a process of its own: ours, and moto's as it comes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.wire import Connection, aws

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
MOTO = "moto_server"
OURS = "emulator"


@dataclass
class Server:
    """A running server. `ready` and `first_answer` are seconds since its process was started."""

    process: subprocess.Popen[str]
    port: int
    ready: float
    first_answer: float = 0.0

    def connect(self, *, keep: bool = True) -> Connection:
        return Connection(self.port, keep=keep)

    def resident(self) -> float:
        """Resident memory now, in MB."""
        command = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024

    def cpu_seconds(self) -> float:
        """Processor time of the process so far, user and system."""
        command = ["ps", "-o", "cputimes=", "-p", str(self.process.pid)]
        stat = Path(f"/proc/{self.process.pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@contextmanager
def our_server(module: str = "emulator", *options: str) -> Iterator[Server]:
    """Our emulator, or a module that serves it, until the end of the block."""
    with _process([sys.executable, "-m", module, "--port", "0", *options]) as (process, started):
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("emulator ready on "):
            raise RuntimeError(f"`python -m {module}` did not start; it said {line!r}.")
        yield _answered(Server(process, int(line.rpartition(":")[2]), time.monotonic() - started), started)


@contextmanager
def moto_server() -> Iterator[Server]:
    """Plain moto, which says nothing on its standard output: it is ready when its port can be connected to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = str(Path(sys.executable).parent / MOTO)
    with _process([program, "-H", "127.0.0.1", "-p", str(port)]) as (process, started):
        while not _open(port):
            if process.poll() is not None:
                raise RuntimeError(f"{MOTO} ended with exit code {process.returncode} before it was ready.")
            time.sleep(0.01)
        yield _answered(Server(process, port, time.monotonic() - started), started)


@contextmanager
def _process(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], float]]:
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process, started
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answered(server: Server, started: float) -> Server:
    """Make the first call of the server's life: it loads what is loaded late."""
    connection = server.connect()
    connection.send(aws("backup", "123456789012", "GET", "/backup-vaults/")).document()
    connection.close()
    server.first_answer = time.monotonic() - started
    return server
