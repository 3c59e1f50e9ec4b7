"""An estate before its first stack: the stage of the demo, with secrets planted where users keep theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airlock.estate.stack_files import load_stack_files
from demo.chapters.deployment import accept_invitations, bootstrap, seed
from demo.command import WAITING
from demo.evidence import ACCESS, REJECTED
from demo.people import ByControlInterface
from demo.report import render
from demo.stage import Stage
from demo.story import open_tale
from tests.journeys.accidents import engines, kill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from demo.tale import Tale

BUILD = Path(__file__).resolve().parents[2] / "build" / "estates"

PASSPHRASE = "canary-passphrase-5d1f"
PROFILE_KEY = "canaryProfileKey0123456789abcdefghijklmn"
CONFIGURED = "canary-configured-9ac2"
AMBIENT = "canary-ambient-70be"
CANARIES = {
    "the passphrase of the state": PASSPHRASE,
    "the secret key of every AWS profile": PROFILE_KEY,
    "a secret in the stack files": CONFIGURED,
    "a token in the environment": AMBIENT,
}
SECRETIVE = ("recovery", "workload-payments")
"""The stacks, one per side, whose files hold a secret."""


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
    environment: dict[str, str]
    said: list[str] = field(default_factory=list)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

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
        if stack in SECRETIVE:
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


@dataclass(frozen=True)
class Ending:
    """What a deployment left: the state of each stack, everything that was said, and the folder of it all."""

    exports: dict[str, dict[str, Any]]
    said: list[str]
    folder: Path


def deployed_once(site: Site) -> Ending:
    """`airlock deploy`, once: it ends waiting for the approvers."""
    done = site.airlock("deploy")
    assert done.code == WAITING, f"exit code {done.code}\n{done.stderr}"
    return Ending(exports={stack: site.export(stack) for stack in site.stacks}, said=site.said, folder=site.folder)


def ask_in_an_emergency(site: Site) -> None:
    """Kit, request, status, and a report of what they said: run for what they say and write, whatever that is."""
    kit = site.airlock("kit")
    asked = site.airlock("request", "--vault", "payments-2026", "--incident", "INC-1", "--comment", "lost", "--json")
    status = site.airlock("status", "--json")
    evidence = site.tale.evidence
    request = {"kind": ACCESS, "outcome": REJECTED, "votes": [], "threshold": 2, "approvers": 3, "access": "none"}
    request |= dict.fromkeys(("asked_by", "session", "action"), "") | {"asked_at": site.tale.emulator.now()}
    evidence.requests = [request | {"resource": status.stdout, "restore_error": asked.stderr}]
    evidence.torn_down = {"how": kit.stdout, "gone": False}
    evidence.kit_only = {"calls": 0, "calls_by_lost_accounts": 0}
    evidence.second_run = {"changes": 0, "write_calls": 0}
    (site.folder / "report.html").write_text(render(evidence), encoding="utf-8")


def succeed(done: Done) -> Done:
    """The same, where an end other than 0 is a fault of the test's own preparation."""
    assert done.code == 0, f"exit code {done.code}\n{done.stdout}\n{done.stderr}"
    return done


@contextmanager
def opened(name: str, pattern: str = "cross-organization") -> Iterator[Site]:
    """A fresh estate in a folder of its own: roles made in each account, no stack yet."""
    stage = Stage(pattern=pattern, folder=BUILD / name)
    with open_tale(stage, ByControlInterface, lambda _: None) as tale:
        seed(tale)
        bootstrap(tale)
        plant(Path(stage.environment["AWS_CONFIG_FILE"]))
        secrets = {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "AIRLOCK_TOKEN": AMBIENT}
        site = Site(tale=tale, environment=stage.environment | secrets)
        try:
            yield site
        finally:
            for process in site.started:
                if process.poll() is None:
                    kill(process, engines(process))


def plant(aws_config: Path) -> None:
    """Each profile gets a secret key that is worth hiding; the emulator checks none."""
    text = aws_config.read_text(encoding="utf-8")
    planted = text.replace("aws_secret_access_key = emulator", f"aws_secret_access_key = {PROFILE_KEY}")
    assert planted != text, "the emulator writes its profiles otherwise by now"
    aws_config.write_text(planted, encoding="utf-8")


def rewritten_profiles(site: Site, folder: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """The environment that names a copy of the site's AWS configuration with some texts in it changed."""
    text = Path(site.environment["AWS_CONFIG_FILE"]).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "aws-config"
    path.write_text(text, encoding="utf-8")
    return {"AWS_CONFIG_FILE": str(path)}
