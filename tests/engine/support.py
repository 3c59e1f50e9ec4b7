"""A small Pulumi project in a temporary folder, run by the real engine."""

import hashlib
import os
import select
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable
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

    @property
    def state(self) -> Path:
        return self.folder.parent / "state"


def make_project(folder: Path, program: str, project: str = PROJECT) -> Project:
    """A project in `tmp_path`, with its empty stack; that of the first test is copied for all others."""
    made = Project(folder, {**os.environ, "PULUMI_BACKEND_URL": f"file://{folder.parent / 'state'}"})

    def begin() -> None:
        made.state.mkdir()
        made.write("Pulumi.yaml", project)
        made.succeed("stack", "init", "dev")

    once(made, f"empty-{hashlib.sha256(project.encode()).hexdigest()[:8]}", begin)
    made.write("__main__.py", program)
    return made


def once(project: Project, name: str, make: Callable[[], None]) -> bool:
    """What `make` does to a project and its state, done by the first test and brought back for others: then False."""
    kept = project.folder.parents[1] / name
    if not kept.exists():
        make()
        for folder in (project.folder, project.state):
            shutil.copytree(folder, kept.with_suffix(".new") / folder.name)
        kept.with_suffix(".new").rename(kept)
        return True
    for folder in (project.folder, project.state):
        shutil.copytree(kept / folder.name, folder, dirs_exist_ok=True)
    return False


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


def engines_of(process: int) -> list[int]:
    """The engines that a process runs at this moment."""
    command = ["ps", "-o", "pid=,comm=", "--ppid", str(process)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if line.split()[1] == "pulumi"]


def send(number: signal.Signals, processes: Iterable[int]) -> None:
    """A signal to processes that may have ended."""
    for pid in processes:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def kill(process: "subprocess.Popen[str]", engines: Iterable[int]) -> None:
    """`kill -9`, as the kernel does when memory is short, to a command and its engines."""
    send(signal.SIGKILL, [process.pid, *engines])
    process.wait()
    assert all(is_gone(pid) for pid in engines), "an engine outlived its kill"
