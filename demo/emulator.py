"""The emulator as a process and its control interface, over HTTP only.

The demo starts the emulator as anybody would and never imports it: the story claims what AWS's own calls return.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib import error, parse, request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WRITES_NOTHING = ("Get", "List", "Describe", "Head", "BatchGet", "Scan", "Query", "AssumeRole")
"""Prefixes of operations that change nothing. AssumeRole hands out a session and is no write of the estate."""


class EmulatorError(RuntimeError):
    """The emulator did not start, or its control interface refused a call."""


@dataclass(frozen=True)
class Call:
    """One AWS call as the emulator's ledger recorded it."""

    seq: int
    time: str
    account: str
    principal: str
    service: str
    operation: str
    error: str | None

    @property
    def is_write(self) -> bool:
        """True when the operation can change something."""
        return not self.operation.startswith(WRITES_NOTHING)


class Emulator:
    """A running emulator: `with Emulator.start(...) as emulator`."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self.url = url

    @classmethod
    def start(
        cls, log: Path, *, config_file: Path, root: Path, environment: Mapping[str, str], options: Sequence[str] = ()
    ) -> Emulator:
        """Start `python -m emulator` on a free loopback port and wait for its ready line."""
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "emulator", "--port", "0", "--aws-config", str(config_file), *options]
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                command, cwd=root, env=dict(environment), stdout=subprocess.PIPE, stderr=errors, text=True
            )
        line = process.stdout.readline().strip() if process.stdout else ""
        _, scheme, address = line.partition("http://")
        emulator = cls(process, scheme + address)
        if not emulator.url:
            emulator.stop()
            raise EmulatorError(
                f"The emulator did not start. Its messages are in {log.name}; run `{' '.join(command[1:])}`."
            )
        return emulator

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process this object started, and only that."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        call = request.Request(f"{self.url}/_emulator/{path}", data=data, method=method)  # noqa: S310 - the loopback
        call.add_header("Content-Type", "application/json")
        try:
            with request.urlopen(call, timeout=120) as answer:  # noqa: S310 - the loopback
                text = answer.read()
        except error.HTTPError as refusal:
            raise EmulatorError(f"{method} {path} was refused: {refusal.read().decode()}") from refusal
        return json.loads(text) if text else None

    def seed(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Make organizations, accounts and people; answers with the ids filled in."""
        return dict(self._call("POST", "seed", document))

    def reset(self) -> None:
        """Back to the seed, clock included."""
        self._call("POST", "reset")

    def enforce(self) -> None:
        """From now on policies are evaluated: IAM, service control policies, boundaries, resource policies."""
        self._call("POST", "enforcement", {"on": True})

    def enforcement(self) -> str:
        """Whether policies are evaluated now: `on` or `off`."""
        return "on" if self._call("GET", "enforcement")["on"] else "off"

    def now(self) -> str:
        """The emulated time, ISO 8601."""
        return str(self._call("GET", "clock")["now"])

    def advance(self, seconds: int) -> str:
        """Move the emulated clock forward."""
        return str(self._call("POST", "clock", {"advance_seconds": seconds})["now"])

    def set_clock(self, moment: str) -> str:
        """Set the emulated clock to a later moment."""
        return str(self._call("POST", "clock", {"set": moment})["now"])

    def answer_invitation(self, team_arn: str, identity_id: str, response: str) -> dict[str, Any]:
        """Answer an invitation for an approver, without the portal."""
        body = {"team_arn": team_arn, "identity_id": identity_id, "response": response}
        return dict(self._call("POST", "invitations", body))

    def vote(self, session_arn: str, identity_id: str, response: str) -> dict[str, Any]:
        """Vote for an approver, without the portal."""
        body = {"session_arn": session_arn, "identity_id": identity_id, "response": response}
        return dict(self._call("POST", "votes", body))

    def mails(self, identity_id: str) -> Sequence[Mapping[str, Any]]:
        """The mails of one approver, oldest first."""
        answer = self._call("GET", f"mailbox?identity_id={parse.quote(identity_id)}")
        return list(answer["mails"])

    def calls(self, since: int = 0) -> list[Call]:
        """The AWS calls recorded after `since`."""
        rows = self._call("GET", f"ledger?since={since}")["calls"]
        names = ("seq", "time", "account", "principal", "service", "operation", "error")
        return [Call(**{name: row.get(name) for name in names}) for row in rows]

    def last_call(self) -> int:
        """The sequence number of the newest recorded call."""
        return max((call.seq for call in self.calls()), default=0)


def wait_until(description: str, check: Any, *, seconds: float = 60.0, pause: float = 0.05) -> Any:
    """Ask `check` until it answers with something true; a sentence otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = check()
        if answer:
            return answer
        time.sleep(pause)
    raise EmulatorError(f"{description} did not happen within {seconds:.0f} seconds.")
