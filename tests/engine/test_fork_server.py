"""A process that the fork server runs begins, behaves and ends as one that Python starts from nothing."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.support import is_gone, make_project, wait_for_file
from tests.engine.test_processes import HANGING_PROVIDER, PROVIDER
from tools.engine.forks import SERVER, fork_server, forked, processor_seconds

LOADED = "colorsys"
"""A module that nobody else imports."""

TELLS_EVERYTHING = f"""
import json, os, sys
print(json.dumps([__name__, sys.argv[1:], os.getcwd(), os.environ["TOLD"], sys.stdin.read(), os.isatty(0)]))
print({LOADED!r} in sys.modules, file=sys.stderr)
sys.exit(7)
"""
HANGS = """
import os, sys, threading
with open(sys.argv[1], "w") as pipe:
    pipe.write(str(os.getpid()))
threading.Event().wait()
"""
TELLS_THE_SIGNAL = """
import os, signal, sys
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: sys.exit(f"asked by {number}"))
with open(sys.argv[1], "w") as pipe:
    pipe.write("ready")
while True:
    signal.pause()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A server of this Python; each test names it itself."""
    before = os.environ.pop(SERVER, None)
    with fork_server([LOADED]) as path:
        yield path
    if before is not None:
        os.environ[SERVER] = before


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def written(folder: Path, text: str) -> str:
    path = folder / "program.py"
    path.write_text(text)
    return str(path)


def start(*arguments: str, python: str = sys.executable, **options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [python, *forked(*arguments)[1:]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TOLD": "by the environment", **options},
        cwd=Path(arguments[0]).parent if arguments[0].startswith("/") else None,
    )


def outcome(process: "subprocess.Popen[str]", said: str = "") -> tuple[int, str, str]:
    with process:
        out, err = process.communicate(said, timeout=60)
    return process.returncode, out, err


def test_folder_arguments_environment_files_and_exit_code_are_those_of_a_plain_process(
    server: Path, tmp_path: Path
) -> None:
    program = written(tmp_path, TELLS_EVERYTHING)
    plain = outcome(start(program, "one", "two words", **{SERVER: ""}), "said")
    forked = outcome(start(program, "one", "two words", **{SERVER: str(server)}), "said")
    assert forked[:2] == plain[:2]
    assert plain[0] == 7
    assert (plain[2].strip(), forked[2].strip()) == ("False", "True"), "the fork alone has the module already"


def test_a_module_is_found_on_the_path_of_its_environment(server: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "told.py").write_text("import sys; print(__name__, sys.argv[1:])")
    done = outcome(start("-m", "told", "this", PYTHONPATH=str(tmp_path / "elsewhere"), **{SERVER: str(server)}))
    assert done == (0, "__main__ ['this']\n", "")


def test_an_error_of_the_program_is_its_traceback_and_exit_code_1(server: Path, tmp_path: Path) -> None:
    code, _, err = outcome(start(written(tmp_path, "raise ValueError('why')"), **{SERVER: str(server)}))
    assert (code, err.splitlines()[-1]) == (1, "ValueError: why")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_a_signal_ended_is_seen_to_be(server: Path, tmp_path: Path, number: signal.Signals) -> None:
    program = written(tmp_path, f"import os; os.kill(os.getpid(), {number.value})")
    assert outcome(start(program, **{SERVER: str(server)}))[0] == -number


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_reaches_the_program(server: Path, tmp_path: Path, pipe: Path, number: signal.Signals) -> None:
    process = start(written(tmp_path, TELLS_THE_SIGNAL), str(pipe), **{SERVER: str(server)})
    assert wait_for_file(pipe) == "ready"
    process.send_signal(number)
    assert outcome(process) == (1, "", f"asked by {number.value}\n")


def test_a_kill_ends_the_program_too(server: Path, tmp_path: Path, pipe: Path) -> None:
    process = start(written(tmp_path, HANGS), str(pipe), **{SERVER: str(server)})
    program = int(wait_for_file(pipe))
    process.kill()
    assert is_gone(program)
    outcome(process)


def test_the_end_of_whoever_started_it_ends_the_program(server: Path, tmp_path: Path, pipe: Path) -> None:
    command = forked(written(tmp_path, HANGS), str(pipe))
    starter = f"import subprocess, sys; subprocess.Popen({command!r}); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", starter], stdin=subprocess.PIPE, env={**os.environ, SERVER: str(server)}
    ) as process:
        program = int(wait_for_file(pipe))
        process.kill()
    assert is_gone(program)


def test_the_end_of_the_server_ends_the_program(tmp_path: Path, pipe: Path, without_forks: None) -> None:
    with fork_server([]):
        process = start(written(tmp_path, HANGS), str(pipe))
        program = int(wait_for_file(pipe))
    assert is_gone(program)
    assert outcome(process)[0] == 1
    assert SERVER not in os.environ


def test_a_server_that_cannot_load_its_modules_lets_processes_start_by_themselves(
    tmp_path: Path, without_forks: None
) -> None:
    with fork_server(["no_such_module"]):
        assert outcome(start(written(tmp_path, "print('alone')")))[:2] == (0, "alone\n")


def test_without_its_server_a_process_starts_by_itself(tmp_path: Path) -> None:
    done = outcome(start(written(tmp_path, TELLS_EVERYTHING), **{SERVER: str(tmp_path / "none")}))
    assert (done[0], done[2].strip()) == (7, "False")


def test_a_server_of_another_python_is_not_asked_to_run_this_one(server: Path, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    done = outcome(start(written(tmp_path, TELLS_EVERYTHING), python=str(other), **{SERVER: str(server)}))
    assert (done[0], done[2].strip()) == (7, "False")


def test_sources_of_a_project_are_read_by_each_process(server: Path, tmp_path: Path) -> None:
    program = written(tmp_path, "import beside; print(beside.VALUE)")
    said = []
    for value in ("first", "second, and longer"):
        (tmp_path / "beside.py").write_text(f"VALUE = {value!r}")
        said.append(outcome(start(program, PYTHONPATH=str(tmp_path), **{SERVER: str(server)}))[1])
    assert said == ["first\n", "second, and longer\n"]


def test_what_its_processes_cost_is_known_when_they_have_ended(
    server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVER, str(server))
    before = processor_seconds()
    program = written(tmp_path, "import time\nwhile time.process_time() < 0.3: pass")
    assert outcome(start(program))[0] == 0
    assert processor_seconds() - before >= 0.2
    monkeypatch.delenv(SERVER)
    assert processor_seconds() == 0


def test_a_client_that_says_nothing_useful_does_not_end_the_server(server: Path, tmp_path: Path) -> None:
    for said in (b"", b"\1"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(server))
            connection.sendall(said)
    assert outcome(start(written(tmp_path, "print('still here')"), **{SERVER: str(server)}))[1] == "still here\n"


@pytest.mark.engine
def test_a_kill_of_the_engine_ends_a_forked_provider_in_the_middle_of_a_create(
    tmp_path: Path, engine_on_path: Path, pipe: Path
) -> None:
    project = make_project(tmp_path / "project", HANGING_PROVIDER)
    project.write("provider.py", PROVIDER.format(pipe=str(pipe)))
    with project.start("up", "--yes", "--skip-preview", "--stack", "dev") as pulumi:
        provider, parent = (int(pid) for pid in wait_for_file(pipe).split())
        named = Path(f"/proc/{parent}/cmdline").read_text()
        pulumi.kill()
    assert "fork_server" in named, "it was no fork"
    assert is_gone(provider), "the provider finishes a create that no state will ever hold"
