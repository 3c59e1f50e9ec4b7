"""Who holds a stack, read from the engine's own refusal: it is the same text for every kind of backend."""

import os
import re
import socket
import subprocess
from dataclasses import dataclass

_LOCKED = "the stack is currently locked by"
_HOLDER = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")


@dataclass(frozen=True)
class Holder:
    user: str
    host: str
    pid: int
    since: str

    @property
    def is_here(self) -> bool:
        return self.host == socket.gethostname()

    @property
    def is_dead(self) -> bool:
        """Only a process of this host can be known to be gone."""
        return self.is_here and not _is_pulumi(self.pid)

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"


def holders(text: str) -> list[Holder]:
    """The holders that a refusal names; none when the text is about something else."""
    if _LOCKED not in text:
        return []
    return [Holder(found["user"], found["host"], int(found["pid"]), found["since"]) for found in _HOLDER.finditer(text)]


def _is_pulumi(pid: int) -> bool:
    """Whether that process lives and is an engine: after a restart of the machine somebody else may have its number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    listed = subprocess.run(["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S607
    if listed.returncode != 0:
        return True
    state, _, command = listed.stdout.strip().partition(" ")
    return "pulumi" in command and not state.startswith("Z")
