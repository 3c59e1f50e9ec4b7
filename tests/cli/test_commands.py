"""The command itself: sentences instead of tracebacks, exit codes, and no room that a command does not need."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from airlock import bootstrap
from airlock.cli import main
from airlock.estate.schema import schema_text

ROOT = Path(__file__).parents[2]


def test_a_sound_topology_is_told_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estate", "check", "--project", str(ROOT)]) == 0
    assert "is sound: cross-organization, 8 accounts" in capsys.readouterr().out


def test_a_bad_topology_exits_2_with_the_report_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "estate.yaml"
    path.write_text((ROOT / "estate.yaml").read_text().replace("threshold: 2", "threshold: 9"))
    assert main(["estate", "check", "--estate", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "", "a report on stdout would be taken for a result"
    assert "teams.quorum.threshold" in captured.err
    assert "Traceback" not in captured.err


def test_stack_files_that_do_not_fit_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: airlock\nruntime: python\nstackConfigDir: config\n")
    (tmp_path / "estate.yaml").write_text((ROOT / "estate.yaml").read_text())
    assert main(["estate", "check", "--project", str(tmp_path), "--json"]) == 2
    captured = capsys.readouterr()
    assert "The stack files of `nordbank`: 7 problems" in captured.err
    problems = json.loads(captured.out)["problems"]
    assert len(problems) == 7
    assert set(problems[0]) == {"key", "problem", "fix"}


def test_what_the_machine_refuses_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bootstrap, "write_templates", full)
    assert main(["bootstrap", "--estate", str(ROOT / "estate.yaml"), "--out", "x"]) == 1
    assert "No space left on device" in capsys.readouterr().err


def test_the_schema_is_printed_for_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estate", "schema"]) == 0
    assert capsys.readouterr().out == schema_text()


def test_bootstrap_says_which_template_is_for_which_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["bootstrap", "--estate", str(ROOT / "estate.yaml"), "--out", str(tmp_path / "out"), "--json"])
    assert code == 0
    data = json.loads(capsys.readouterr().out)
    assert data["accounts"]["orders"] == "rollout-member.json"
    assert data["accounts"]["management"] == "deploy-roles.json"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "deploy-roles.json",
        "rollout-member.json",
        "members.stackset.json",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["no-such-command"], 2, "No such command"),
        (["status", "--inventory", "nowhere.json"], 2, "There is no inventory at nowhere.json"),
        (["restore", "--access-vault", "a", "--before", "noon"], 2, "`noon` is not a time"),
        (["request", "--vault", "x"], 2, "Missing option"),
        (["bootstrap", "--estate", "nowhere.yaml", "--out", "x"], 2, "no topology file nowhere.yaml"),
        (["kit", "--inventory", "nowhere.json"], 2, "There is no inventory"),
    ],
)
def test_mistakes_are_one_sentence_on_stderr(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for command in ("estate", "bootstrap", "preview", "deploy", "handover", "kit", "request", "status", "restore"):
        assert command in text
    assert main(["--version"]) == 0
    assert "airlock 0" in capsys.readouterr().out


FORBID = """
import sys
class Forbid:
    def find_spec(self, name, path=None, target=None):
        # pydantic is not in the list: typer itself is built on it.
        packages = {"pulumi", "pulumi_aws", "yaml", "moto", "jinja2", "emulator"}
        if name.partition(".")[0] in packages or name.startswith(("airlock.estate", "airlock.deploy")):
            raise ImportError(f"{name} must not be needed on the worst day")
sys.meta_path.insert(0, Forbid())
from airlock.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["status"],
        ["request", "--vault", "v", "--incident", "i", "--comment", "c"],
        ["restore", "--access-vault", "a", "--before", "2026-01-01T00:00:00Z"],
        ["teardown", "--access-vault", "a"],
    ],
)
def test_the_emergency_needs_neither_pulumi_nor_the_topology(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORBID, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "worst day" not in done.stderr
    assert done.returncode == (0 if arguments == ["--help"] else 2), done.stderr
    assert arguments == ["--help"] or "There is no inventory at build/kit/inventory.json" in done.stderr


# The signal may come while the first line is still being printed, so its handler prints nothing: it writes.
EMULATOR = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"ended cleanly\\n"), os._exit(0)))
print("started with", *sys.argv[1:], flush=True)
signal.pause()
"""


CONSOLE_SCRIPT = [str(Path(sys.executable).parent / "airlock")]
MODULE = [sys.executable, "-m", "airlock.cli"]


def _emulator(command: list[str], folder: Path) -> "subprocess.Popen[str]":
    """Started with nothing of this project on the path, as by somebody who has installed the command."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def with_emulator(tmp_path: Path) -> Path:
    """A project folder whose emulator says how it was started."""
    project = tmp_path / "project"
    (project / "emulator").mkdir(parents=True)
    (project / "emulator" / "__init__.py").write_text("")
    (project / "emulator" / "__main__.py").write_text(EMULATOR)
    return project


@pytest.mark.parametrize("command", [CONSOLE_SCRIPT, MODULE], ids=["console script", "module"])
def test_the_emulator_gets_its_options_and_ends_with_the_command(command: list[str], with_emulator: Path) -> None:
    with _emulator([*command, "emulator", "--port", "0", "--pace", "real"], with_emulator) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started with --port 0 --pace real\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "ended cleanly\n", "the child would be left behind"
        assert process.wait(timeout=10) == 0


def test_the_emulator_of_a_project_can_be_started_from_anywhere(with_emulator: Path, tmp_path: Path) -> None:
    with _emulator([*CONSOLE_SCRIPT, "emulator", "--project", "project", "--help"], tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started with --help\n"
        process.terminate()


def test_a_folder_without_an_emulator_is_named(tmp_path: Path) -> None:
    with _emulator([*CONSOLE_SCRIPT, "emulator"], tmp_path) as process:
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"There is no emulator in {tmp_path}" in stderr
    assert "--project" in stderr
