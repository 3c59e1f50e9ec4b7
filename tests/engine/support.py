"""A small Pulumi project in a temporary folder, run by the real engine."""

import os
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = "name: tiny\nruntime: python\n"


@dataclass
class Project:
    folder: Path
    environment: dict[str, str]

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*arguments) as process:
            output, _ = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, output)

    def succeed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"pulumi {' '.join(arguments)} failed:\n{done.stdout}"
        return done.stdout


def make_project(folder: Path, program: str, project: str = PROJECT) -> Project:
    state = folder.parent / "state"
    state.mkdir()
    made = Project(folder, {**os.environ, "PULUMI_BACKEND_URL": f"file://{state}"})
    made.write("Pulumi.yaml", project)
    made.write("__main__.py", program)
    made.succeed("stack", "init", "dev")
    return made


def wait_for_file(path: Path, seconds: float = 60) -> str:
    """The content of a pipe that a program writes to; nobody sleeps and looks."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ready, _, _ = select.select([handle], [], [], seconds)
        assert ready, f"nothing was written to {path} within {seconds} s"
        return os.read(handle, 65536).decode()
    finally:
        os.close(handle)


def is_gone(pid: int, seconds: float = 15) -> bool:
    """Waits until that process ends; the kernel says when."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        ready, _, _ = select.select([watched], [], [], seconds)
        return bool(ready)
    finally:
        os.close(watched)
