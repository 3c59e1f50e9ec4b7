"""Runs `pulumi` for one request, and ends what it started when the deployment is interrupted.

The events are those of the Automation API (`pulumi.automation.events`), read from the command's own JSON stream.
`automation.Stack.up` is not used on purpose: it selects the stack (a file that all runs of a user share), it calls the
command line three more times for every update, and it gives no hold on the process that an interrupt must reach.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from airlock.deploy.engine_output import version_of
from airlock.deploy.errors import EngineMissing, EngineTooOld
from airlock.deploy.plan import DeployRequest, PlannedStack
from airlock.domain.errors import UsageError

_OLDEST_ENGINE = (3, 259, 0)
_SECONDS_TO_END = 20.0


@dataclass(frozen=True)
class Completed:
    """The exit code of a command, and all that it printed."""

    code: int
    stdout: str
    stderr: str


# Credentials that the environment itself holds.
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


# Addresses of state backends and secrets providers that are opened with credentials of AWS.
_WITH_AWS_CREDENTIALS = ("s3", "awskms")


class Engine:
    """The `pulumi` command line in the folder of the project."""

    def __init__(self, request: DeployRequest) -> None:
        self._project = request.project
        self._environment = _environment(request)
        self._command = self._find(request.pulumi_bin)
        self.version = self._version()
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def _find(self, folder: Path | None) -> str:
        command = shutil.which("pulumi", path=str(folder) if folder else self._environment.get("PATH", os.defpath))
        if command is None:
            raise EngineMissing(folder)
        return command

    def _version(self) -> str:
        command = [self._command, "version"]
        printed = subprocess.run(command, capture_output=True, text=True, env=self._environment).stdout.strip()
        version = version_of(printed)
        if version is None or version < _OLDEST_ENGINE:
            raise EngineTooOld(self._command, printed)
        return printed

    @property
    def python(self) -> str:
        """The Python that the program, the providers and the pack run in."""
        return self._environment["PULUMI_PYTHON_CMD"]

    def run(
        self, stack: PlannedStack, arguments: Sequence[str], on_line: Callable[[str], None] | None = None
    ) -> Completed:
        """One command against the stack's backend; `--stack` is for the caller to add, where the command knows it."""
        errors: list[str] = []
        lines: list[str] = []
        with self._start(stack, arguments) as process:
            drain = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
            drain.start()
            try:
                for line in process.stdout or ():
                    lines.append(line)
                    if on_line is not None:
                        on_line(line)
                code = process.wait()
                drain.join()
            finally:
                with self._lock:
                    self._running.discard(process)
                if process.poll() is None:
                    process.terminate()
        return Completed(code, "".join(lines), "".join(errors))

    def _start(self, stack: PlannedStack, arguments: Sequence[str]) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopping:
                raise KeyboardInterrupt
            # A process group of its own: Ctrl-C in a terminal would reach the engine together with us, and a second
            # interrupt, ours, tells it to drop what it is doing. It gets exactly one, from `interrupt`.
            process = subprocess.Popen(
                [self._command, "--non-interactive", *arguments],
                cwd=self._project,
                env={**self._without_foreign_keys(stack), "PULUMI_BACKEND_URL": stack.backend},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
            self._running.add(process)
        return process

    def _without_foreign_keys(self, stack: PlannedStack) -> dict[str, str]:
        """Where the topology names a profile, the aws plugin would still prefer keys of the environment [pu config]."""
        hidden = KEYS if stack.profile else ()
        return {name: value for name, value in self._environment.items() if name not in hidden}

    def interrupt(self) -> None:
        """Asks every running engine to finish the resource at hand, save its state and end; starts no more."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            process.send_signal(signal.SIGINT)
        for process in running:
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    try:
        process.wait(timeout=_SECONDS_TO_END)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        # A second Ctrl-C, or an engine that does not end: it now drops what it does, and says so in its state.
        process.terminate()


def _environment(request: DeployRequest) -> dict[str, str]:
    environment = {**os.environ, **(request.environment or {})}
    environment["PULUMI_SKIP_UPDATE_CHECK"] = "true"
    environment["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true"
    # Programs and providers run in the Python that runs this, whatever environment is activated.
    environment.setdefault("PULUMI_PYTHON_CMD", sys.executable)
    if request.pulumi_bin is not None:
        # The language host lies beside `pulumi`, and PATH is where it is looked for first.
        environment["PATH"] = os.pathsep.join([str(request.pulumi_bin), environment.get("PATH", os.defpath)])
    return environment


def check_backend(stack: PlannedStack, environment: Mapping[str, str] | None) -> None:
    """What would make the first command fail in words that help nobody."""
    known = {**os.environ, **(environment or {})}
    _refuse_keys_for_two(stack, known)
    if stack.backend.startswith("file://"):
        Path(stack.backend.removeprefix("file://").partition("?")[0]).expanduser().mkdir(parents=True, exist_ok=True)
    if stack.secrets_provider == "passphrase" and not {
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
    } & set(known):
        raise UsageError(
            f"The secrets of the stack `{stack.name}` are under a passphrase, and none is set, so its state cannot be"
            " opened. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE and run the command again."
        )


def _refuse_keys_for_two(stack: PlannedStack, known: Mapping[str, str]) -> None:
    """The plugin must not see keys of the environment that the state needs, its bucket or the key of its secrets."""
    if not stack.profile or not known.get(KEYS[0]):
        return
    for setting, address in (("backend", stack.backend), ("secrets_provider", stack.secrets_provider)):
        url = urlsplit(address)
        if url.scheme in _WITH_AWS_CREDENTIALS and "profile" not in parse_qs(url.query):
            raise UsageError(
                f"{KEYS[0]} is set in this environment, the stack `{stack.name}` is to use the profile"
                f" `{stack.profile}`, and `state.{setting}` {address} names no profile. With the keys the aws plugin"
                " would act as somebody else, without them the state cannot be opened, so nothing was done. Unset the"
                f" keys ({', '.join(KEYS)}), or add `profile=NAME` to the query of that address in the topology."
            )
