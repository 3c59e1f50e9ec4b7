"""Starts Python processes by forking one that has packages loaded: `python -P -u fork_server.py LISTENER MODULE...`.

An engine operation starts five Python processes, and most of what they cost is importing the same packages again.
Whoever makes many operations (the demo, the tests) may start this server and name its socket in AIRLOCK_FORK_SERVER;
then `fork_client.py` stands for each process that an engine starts, and the process itself is a fork of this one. It is
as new as any other: the MODULES are packages of the environment; the sources of a project are read by each process.

LISTENER is the number of an open file: the socket, bound and listening. Clients wait until all modules are imported.
The server and all its processes end when its standard input ends.
"""

import atexit
import contextlib
import gc
import importlib
import marshal
import os
import resource
import runpy
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field
from typing import NamedTuple

# Set in a forked process: its parent is the server, not the process that asked for it (see `parent.py`).
FORKED = "AIRLOCK_FORKED"


class Request(NamedTuple):
    """What a process begins with: the arguments of `execve`, and the files 0, 1 and 2."""

    executable: str
    folder: str
    environment: dict[str, str]
    arguments: list[str]
    files: list[int]


@dataclass
class Server:
    """Forks on request, tells the client how its process ended, and kills the process of a client that is gone."""

    listener: socket.socket
    running: dict[int, socket.socket] = field(default_factory=dict)

    def serve(self) -> Request | None:
        """Returns the request in each forked process, and None in the server when it is to end."""
        ended = _readable_when_a_child_ends()
        with selectors.DefaultSelector() as selector:
            for source in (self.listener, ended, sys.stdin):
                selector.register(source, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if sys.stdin in ready:
                    self._kill_all()
                    return None
                for process in [number for number, connection in self.running.items() if connection in ready]:
                    selector.unregister(self.running[process])
                    _kill(process)
                if ended in ready:
                    ended.recv(4096)
                    self._report_ends(selector)
                if self.listener in ready:
                    connection, _ = self.listener.accept()
                    request = _receive(connection)
                    if request is None:
                        connection.close()
                    elif self._fork(connection, request.files):
                        selector.register(connection, selectors.EVENT_READ)
                    else:
                        return request

    def _fork(self, connection: socket.socket, files: list[int]) -> int:
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in (self.listener, connection, *self.running.values()):
                other.close()
            return 0
        _lead_a_group(process)
        for file in files:
            os.close(file)
        self.running[process] = connection
        with contextlib.suppress(OSError):
            connection.sendall(process.to_bytes(8, "big"))
        return process

    def _report_ends(self, selector: selectors.BaseSelector) -> None:
        while self.running:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            with self.running.pop(process) as connection, contextlib.suppress(KeyError, OSError):
                connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(8, "big", signed=True))
                selector.unregister(connection)

    def _kill_all(self) -> None:
        for process in self.running:
            _kill(process)


def _readable_when_a_child_ends() -> socket.socket:
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reading


def _receive(connection: socket.socket) -> Request | None:
    """None where another Python is to run, or somebody asks what all has cost: that is answered at once."""
    head, files, *_ = socket.recv_fds(connection, 8, 3)
    if head == bytes(8):
        connection.sendall(round(1e6 * _processor_seconds()).to_bytes(8, "big"))
        return None
    with connection.makefile("rb") as stream:
        body = stream.read(int.from_bytes(head, "big"))
    if len(files) == 3 and body:
        # From a process of the same user: the socket lies in a folder that only this user can enter.
        executable, folder, environment, arguments = marshal.loads(body)  # noqa: S302
        if executable == sys.executable:
            return Request(executable, folder, environment, arguments, files)
    for file in files:
        os.close(file)
    return None


def _processor_seconds() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _lead_a_group(process: int) -> None:
    # By the server and by the process itself, whichever comes first: from then on both know the group.
    with contextlib.suppress(OSError):
        os.setpgid(process, process)


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)


def _become(request: Request) -> None:
    """Runs what `python -u ARGUMENTS` runs: `-m MODULE ...`, or a file or folder and its arguments."""
    _lead_a_group(0)
    for number, file in enumerate(request.files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(request.environment, **{FORKED: "1"})
    os.chdir(request.folder)
    sys.path[:0] = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    if request.arguments[0] == "-m":
        sys.argv = request.arguments[1:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = request.arguments
        runpy.run_path(sys.argv[0], run_name="__main__")


def _exit_code(end: BaseException) -> int:
    """With which Python ends where nobody catches this."""
    if not isinstance(end, SystemExit):
        return 1
    if isinstance(end.code, int):
        return end.code
    return 0 if end.code is None else 1


@dataclass
class Ending:
    """The end of a forked process, in order but for the last step: taking apart what it shares with its server.

    That would touch, and so copy, every page. Registered before all other exit functions, so that it runs after them.
    """

    forked: bool = False
    code: int = 0

    def leave(self) -> None:
        if self.forked:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.code)


def main(listener: int, modules: list[str]) -> None:
    ending = Ending()
    atexit.register(ending.leave)
    for name in modules:
        importlib.import_module(name)
    # What is loaded stays: never to be looked at again, and its pages shared with every fork.
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=listener) as listening:
        request = Server(listening).serve()
    if request is None:
        return
    ending.forked = True
    try:
        _become(request)
    except BaseException as end:
        ending.code = _exit_code(end)
        raise


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
