"""A fork server for the time of many engine operations. What it is: `language_host/fork_server.py`."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SERVER = "AIRLOCK_FORK_SERVER"
_PROGRAM = Path(__file__).resolve().parent / "language_host" / "fork_server.py"
_CLIENT = _PROGRAM.with_name("fork_client.py")
# What programs, policy packs, dynamic providers and the stand-in for the aws plugin import from the environment.
MODULES = (
    *("pulumi", "pulumi.dynamic", "pulumi.policy", "pulumi_policy", "dill"),
    *("pulumi_aws", "pulumi_aws.backup", "pulumi_aws.ebs", "pulumi_aws.iam", "pulumi_aws.kms"),
    *("pulumi_aws.organizations", "pulumi_aws.ram", "boto3", "pydantic", "pydantic_settings", "yaml"),
)


@contextmanager
def fork_server(modules: Sequence[str] = MODULES) -> Iterator[Path]:
    """Names a fork server of this Python in this process's environment; one that is named there already stays."""
    if SERVER in os.environ:
        yield Path(os.environ[SERVER])
        return
    with tempfile.TemporaryDirectory(prefix="airlock-forks-") as folder:
        path = Path(folder) / "socket"
        with _started(path, modules) as server:
            os.environ[SERVER] = str(path)
            try:
                yield path
            finally:
                del os.environ[SERVER]
                server.communicate()


def forked(*arguments: str) -> list[str]:
    """The command for what `python -u ARGUMENTS` would run: a file or folder, or `-m` and a module."""
    return [sys.executable, "-I", "-S", str(_CLIENT), *arguments]


def _started(path: Path, modules: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Once this returns, whoever connects waits for the server, or learns that it ended: only it listens."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        return subprocess.Popen(
            [sys.executable, "-P", "-u", str(_PROGRAM), str(listener.fileno()), *modules],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            # A session of its own: Ctrl-C is for the engine, which then asks each process to end.
            start_new_session=True,
        )


def processor_seconds() -> float:
    """What the fork server of this environment and its processes that ended have spent; 0 without one."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(os.environ.get(SERVER, ""))
            connection.sendall(bytes(8))
            return int.from_bytes(connection.recv(8), "big") / 1e6
        except OSError:
            return 0.0
