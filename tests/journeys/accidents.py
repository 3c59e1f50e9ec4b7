"""What happens to a deployment: it is killed, interrupted, met by a second one.

Moments are made, not caught: the emulator holds a call (`held_calls`), so the deployment stands in it until the test
lets it go. Found by looking often, a create that lasts some milliseconds would be missed on a busy machine.
"""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib import request

from demo.emulator import wait_until
from tests.engine.support import engines_of, send

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from tests.worlds.site import Site

SECONDS = 180.0


@contextmanager
def held_calls(site: Site, *actions: str, after: bool = False) -> Iterator[None]:
    """Have the next call of each action (`backup:CreateBackupVault`) held; `after` its effect, or before it.

    At the end of the block they are let go: their clients get the answer. A client that was killed gets none, and what
    had not happened by then never does.
    """
    for action in actions:
        service, _, operation = action.partition(":")
        order = {"service": service, "operation": operation, "effect": "timeout", "after": after}
        _faults(site, "POST", order)
    try:
        yield
    finally:
        _faults(site, "DELETE")


def all_held(site: Site) -> bool:
    """Whether each call that is to be held was made, and waits."""
    return all(fault["held"] == 1 for fault in _faults(site, "GET"))


def none_held(site: Site) -> bool:
    """Whether every client of a held call is gone."""
    return _faults(site, "GET") == []


def _faults(site: Site, method: str, order: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    data = None if order is None else json.dumps(order).encode()
    url = f"{site.tale.emulator.url}/_emulator/faults"
    with request.urlopen(request.Request(url, data=data, method=method), timeout=60) as answer:  # noqa: S310 - loopback
        found: list[dict[str, Any]] = json.loads(answer.read())["faults"]
    return found


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


def freeze_when(process: subprocess.Popen[str], moment: Callable[[], bool]) -> list[int]:
    """Stops the engines at a moment that still holds while they stand still; `send` lets them go on."""

    def frozen() -> list[int]:
        assert process.poll() is None, (
            f"the deployment ended before the moment that the test waits for: {process.communicate()}"
        )
        if not moment():
            return []
        found = engines_of(process.pid)
        send(signal.SIGSTOP, found)
        if found and moment():
            return found
        send(signal.SIGCONT, found)
        return []

    stopped: list[int] = wait_until("The moment for the accident", frozen, seconds=SECONDS, pause=0.02)
    return stopped
