"""What happens to a deployment: it is killed, interrupted, met by a second one. Moments are conditions, not pauses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING

from demo.emulator import wait_until
from tests.engine.support import is_gone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.estates import Site

SECONDS = 180.0


def pending(site: Site) -> dict[str, list[str]]:
    """By stack, the resources that its state says are being made at this moment."""
    found: dict[str, list[str]] = {}
    for path in site.folder.glob("state/*/.pulumi/stacks/airlock/*.json"):
        latest = json.loads(path.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
        urns = [operation["resource"]["urn"] for operation in latest.get("pending_operations") or []]
        if urns:
            found[path.stem] = urns
    return found


def holders(site: Site) -> dict[str, int]:
    """The stacks that somebody holds, or held when he died, and the process that did."""
    locks = site.folder.glob("state/*/.pulumi/locks/**/*.json")
    return {path.parent.name: int(json.loads(path.read_text(encoding="utf-8"))["pid"]) for path in locks}


def deployed(site: Site) -> dict[str, list[tuple[str, str]]]:
    """Type and name of every resource in each stack's state."""
    found = {}
    for path in site.folder.glob("state/*/.pulumi/stacks/airlock/*.json"):
        resources = json.loads(path.read_text(encoding="utf-8"))["checkpoint"]["latest"].get("resources") or []
        found[path.stem] = sorted((each["type"], each["urn"].rpartition("::")[2]) for each in resources)
    return found


def engines(process: subprocess.Popen[str]) -> list[int]:
    """The engines that a deployment runs at this moment."""
    command = ["ps", "-o", "pid=,comm=", "--ppid", str(process.pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if line.split()[1] == "pulumi"]


def freeze_when(process: subprocess.Popen[str], moment: Callable[[], bool]) -> list[int]:
    """Stops the engines at a moment that still holds while they stand still; `send` lets them go on."""

    def frozen() -> list[int]:
        assert process.poll() is None, "the deployment ended before the moment that the test waits for"
        if not moment():
            return []
        found = engines(process)
        send(signal.SIGSTOP, found)
        if found and moment():
            return found
        send(signal.SIGCONT, found)
        return []

    stopped: list[int] = wait_until("The moment for the accident", frozen, seconds=SECONDS, pause=0.02)
    return stopped


def send(number: signal.Signals, processes: list[int]) -> None:
    """A signal to processes that may have ended."""
    for pid in processes:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def kill(process: subprocess.Popen[str], engines_of_it: list[int]) -> None:
    """`kill -9`, as the kernel does when memory is short, to the command and its engines."""
    send(signal.SIGKILL, [process.pid, *engines_of_it])
    process.wait()
    assert all(is_gone(pid) for pid in engines_of_it), "an engine outlived its kill"
