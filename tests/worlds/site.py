"""One estate on one emulator, as those who work on it see it: folders, commands, and what these say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airlock.estate.stack_files import load_stack_files
from demo.chapters.deployment import accept_invitations
from tests.worlds.planted import CONFIGURED, SECRETIVE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from demo.tale import Tale


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


@dataclass
class Site:
    """One estate on one emulator, and all that its commands have said."""

    tale: Tale
    said: list[str] = field(default_factory=list)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return self.tale.stage.environment

    @property
    def folder(self) -> Path:
        return self.tale.stage.folder

    @property
    def project(self) -> Path:
        return self.tale.stage.project

    @property
    def stacks(self) -> list[str]:
        """The stacks in the documented order."""
        return [file.name for file in load_stack_files(self.project, self.tale.stage.estate_file)]

    def side(self, stack: str) -> str:
        files = load_stack_files(self.project, self.tale.stage.estate_file)
        return next(self.tale.estate.side_of_role(file.role) for file in files if file.name == stack)

    def airlock(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
        """One `airlock` command, to its end."""
        with self.start_airlock(*arguments, environment=environment) as process:
            return self.finish(process)

    def start_airlock(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """One `airlock` command; `finish` waits for its end."""
        return self._start([sys.executable, "-m", "airlock.cli", *arguments], environment or {})

    def pulumi(self, stack: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
        """One `pulumi` command for a stack, in the backend of its side, as a person types it."""
        backend = {"PULUMI_BACKEND_URL": self.tale.estate.state(self.side(stack)).backend}
        command = ["pulumi", *arguments, "--stack", stack, "--non-interactive"]
        with self._start(command, backend | dict(environment or {})) as process:
            return self.finish(process)

    def init(self, stack: str) -> None:
        """Make a stack by hand; some get a secret in their file, which also reaches their state, sealed."""
        backend = self.tale.estate.state(self.side(stack)).backend
        command = ["pulumi", "stack", "init", stack, "--no-select", "--secrets-provider", "passphrase"]
        with self._start(command, {"PULUMI_BACKEND_URL": backend}) as process:
            succeed(self.finish(process))
        if stack in SECRETIVE[self.tale.stage.pattern]:
            succeed(self.pulumi(stack, "config", "set", "--secret", "canary", CONFIGURED))

    def export(self, stack: str) -> dict[str, Any]:
        """The stack's state."""
        exported: dict[str, Any] = json.loads(succeed(self.pulumi(stack, "stack", "export")).stdout)
        return exported

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """What the stack's state holds, apart from the stack itself."""
        held = self.export(stack)["deployment"].get("resources") or []
        return [each for each in held if each["type"] != "pulumi:pulumi:Stack"]

    def finish(self, process: subprocess.Popen[str]) -> Done:
        """Wait for a command that was started; what it said is kept."""
        stdout, stderr = process.communicate(timeout=300)
        self.said += [stdout, stderr]
        return Done(process.returncode, stdout, stderr)

    def _start(self, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=self.project,
            env={"PATH": os.defpath, **self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # An interrupt is meant for this command only, as from another terminal.
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def accept(self) -> None:
        """All invited approvers accept."""
        accept_invitations(self.tale)


def succeed(done: Done) -> Done:
    """The same, where an end other than 0 is a fault of the test's own preparation."""
    assert done.code == 0, f"exit code {done.code}\n{done.stdout}\n{done.stderr}"
    return done
