"""`make setup`: what is missing is named, and nothing is done twice."""

import os
import subprocess
from pathlib import Path

import pytest

from tools import setup


def make(project_root: Path, path: Path) -> "subprocess.CompletedProcess[str]":
    """`make setup` in the Makefile of the project, with nothing but the given folder to find programs in."""
    command = ["/usr/bin/make", "-f", str(project_root / "Makefile"), "setup"]
    return subprocess.run(command, cwd=path, env={"PATH": str(path), "HOME": str(path)}, capture_output=True, text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "sh").symlink_to("/bin/sh")
    return tmp_path


def test_a_machine_without_python_is_told_which_one_to_install(project_root: Path, path: Path) -> None:
    done = make(project_root, path)
    assert done.returncode != 0
    assert "Python 3.11 or later is needed" in done.stderr
    assert "https://www.python.org/downloads/" in done.stderr


def test_a_python_that_is_too_old_is_passed_over(project_root: Path, path: Path) -> None:
    old = path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert "Python 3.11 or later is needed" in make(project_root, path).stderr


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with pins that no index holds, and an index that is not there."""
    for name in setup.INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a-package-that-nobody-made==1\n")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(setup, "STAMP", tmp_path / ".venv/.airlock-setup")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return tmp_path


def test_without_a_network_the_set_up_says_so_and_is_not_taken_for_done(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup.main() == 1
    assert "The first set-up needs the network" in capsys.readouterr().err
    assert not setup.is_current()
    assert os.access(fresh / ".venv/bin/python", os.X_OK), "the environment is kept for the next try"


def test_a_change_of_the_pins_is_noticed(fresh: Path) -> None:
    (fresh / ".venv/bin").mkdir(parents=True)
    (fresh / ".venv/bin/python").touch()
    setup.STAMP.write_text(setup.fingerprint())
    assert setup.is_current()
    (fresh / "requirements.txt").write_text("another==1\n")
    assert not setup.is_current(), "the tests would run with yesterday's packages"
