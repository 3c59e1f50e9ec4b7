"""Stands for a process of a fork server: `python -I -S fork_client.py ARGUMENTS`, instead of `python -u ARGUMENTS`.

Passes its folder, environment, arguments and files on, forwards the signals that ask a process to end, and ends as the
forked process ends. Killed, or left by whoever started it, it takes the process with it: the server sees that the
connection is closed. Without a server of this very Python, it becomes the process itself.

Started for every process: imports nothing that it can do without.
"""

import marshal
import os
import signal
import socket
import sys

_SECONDS_BETWEEN_LOOKS = 0.25
_forked = 0
_asked_to_end: list[int] = []


def _forward(number: int, _: object) -> None:
    if _forked:
        _signal(_forked, number)
    else:
        _asked_to_end.append(number)


def _signal(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _ask(connection: socket.socket) -> int:
    """The id of the forked process; 0 where there is no server, or none of this Python."""
    folder = os.getcwd()  # noqa: PTH109 - see above
    request = marshal.dumps((sys.executable, folder, dict(os.environ), sys.argv[1:]))
    try:
        connection.connect(os.environ.get("AIRLOCK_FORK_SERVER", ""))
        socket.send_fds(connection, [len(request).to_bytes(8, "big")], [0, 1, 2])
        connection.sendall(request)
        return int.from_bytes(connection.recv(8), "big")
    except OSError:
        return 0


def _end_like(code: int) -> None:
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def main() -> None:
    global _forked
    parent = os.getppid()
    os.environ.pop("AIRLOCK_FORKED", None)
    handled = {number: signal.signal(number, _forward) for number in (signal.SIGINT, signal.SIGTERM)}
    connection = socket.socket(socket.AF_UNIX)
    _forked = _ask(connection)
    if not _forked:
        for number, handler in handled.items():
            signal.signal(number, handler)
        for early in _asked_to_end:
            os.kill(os.getpid(), early)
        os.execv(sys.executable, [sys.executable, "-u", *sys.argv[1:]])  # noqa: S606 - the very same Python
    for early in _asked_to_end:
        _signal(_forked, early)
    connection.settimeout(_SECONDS_BETWEEN_LOOKS)
    while os.getppid() == parent:
        try:
            ended = connection.recv(8)
        except TimeoutError:
            continue
        _end_like(int.from_bytes(ended, "big", signed=True) if ended else 1)
    os._exit(1)


if __name__ == "__main__":
    main()
