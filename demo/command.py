"""The `airlock` command as a child process, as an operator would run it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

DONE, FAILED, WAITING = 0, 1, 3


class CommandError(RuntimeError):
    """A command ended otherwise than the story needs; carries what it said."""


@dataclass(frozen=True)
class Answer:
    """Exit code, the JSON on stdout (empty when there was none) and the words on stderr."""

    code: int
    data: Any
    said: str

    @property
    def error(self) -> str:
        """The last line on stderr: what an operator reads when a command fails."""
        return self.said.splitlines()[-1] if self.said else ""


class Airlock:
    """Runs `airlock ...` with an environment of its own: the installed program, or the copy that a kit holds."""

    def __init__(self, environment: Mapping[str, str], folder: Path, program: Path | None = None) -> None:
        self._environment = dict(environment)
        self._folder = folder
        self._program = [str(program)] if program else ["-m", "airlock.cli"]

    def __call__(self, *arguments: str, expect: Collection[int] = (DONE,)) -> Answer:
        """Run one command with `--json`; any exit code that is not expected is an error with what it said."""
        command = [sys.executable, *self._program, *arguments, "--json"]
        done = subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in expect:
            words = " ".join(arguments)
            raise CommandError(f"`airlock {words}` ended with exit code {done.returncode}:\n{done.stderr.strip()}")
        return Answer(done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr.strip())
