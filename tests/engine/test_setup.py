"""`make setup`: what is missing is named, the newest supported Python is taken, and nothing is done twice."""

import os
import platform
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tools import setup

# A Python that only knows its version, and repeats what it is asked to run.
PYTHON = '#!/bin/sh\nif [ "$1" = -c ]; then echo {version}; else echo "{version} runs $*"; fi\n'
# What a version manager leaves in the place of a version that is not installed.
SHIM = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"


class Machine:
    """A checkout with what `make setup` begins with. On PATH are a shell and the Pythons that a test puts there."""

    def __init__(self, project_root: Path, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "bin"
        self.path.mkdir()
        (self.path / "sh").symlink_to("/bin/sh")
        (folder / "tools").mkdir()
        for name in ("Makefile", "tools/find_python.sh"):
            shutil.copy(project_root / name, folder / name)

    def python(self, name: str, text: str) -> Path:
        """Puts one on PATH."""
        file = self.path / name
        file.write_text(text)
        file.chmod(0o755)
        return file

    def setup(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """`make setup`."""
        environment = {"PATH": str(self.path), "HOME": str(self.folder)}
        command = ["/usr/bin/make", "setup", *arguments]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def machine(project_root: Path, tmp_path: Path) -> Machine:
    return Machine(project_root, tmp_path)


def test_a_machine_without_python_is_told_which_ones_do(machine: Machine) -> None:
    done = machine.setup()
    assert done.returncode != 0
    assert "one of these versions: 3.11, 3.12, 3.13. None was found." in done.stderr
    assert "https://www.python.org/downloads/" in done.stderr


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_a_python_that_the_pins_do_not_support_is_refused_with_the_reason(machine: Machine, version: str) -> None:
    machine.python("python3", PYTHON.format(version=version))
    done = machine.setup()
    assert done.returncode != 0
    assert f"python3 is {version}, with which the packages pinned in requirements.txt are not tested" in done.stderr
    assert "runs" not in done.stdout


def test_the_newest_python_is_taken_whatever_it_is_called(machine: Machine) -> None:
    machine.python("python3.11", PYTHON.format(version="3.11"))
    machine.python("python3", PYTHON.format(version="3.12"))
    assert "3.12 runs -m tools.setup" in machine.setup().stdout
    machine.python("python3.13", PYTHON.format(version="3.13"))
    assert "3.13 runs -m tools.setup" in machine.setup().stdout


def test_a_shim_without_a_python_behind_it_is_passed_over(machine: Machine) -> None:
    machine.python("python3.13", SHIM)
    machine.python("python3.11", PYTHON.format(version="3.11"))
    done = machine.setup()
    assert "3.11 runs -m tools.setup" in done.stdout
    assert not done.stderr, "the next one was found, so nothing is wrong"


def test_a_named_python_is_taken_although_a_newer_one_is_there(machine: Machine) -> None:
    machine.python("python3", PYTHON.format(version="3.13"))
    named = machine.python("mine", PYTHON.format(version="3.11"))
    assert "3.11 runs -m tools.setup --named" in machine.setup(f"PYTHON={named}").stdout


def test_a_named_python_that_cannot_be_used_is_refused_and_no_other_is_taken(machine: Machine) -> None:
    machine.python("python3", PYTHON.format(version="3.13"))
    old = machine.python("old", PYTHON.format(version="3.10"))
    done = machine.setup(f"PYTHON={old}")
    assert done.returncode != 0
    assert f"PYTHON={old} is Python 3.10" in done.stderr
    assert "one of these versions: 3.11, 3.12, 3.13" in done.stderr
    assert "PYTHON=nowhere does not run as a Python" in machine.setup("PYTHON=nowhere").stderr


def test_a_named_python_stays_the_one_until_it_is_gone(machine: Machine) -> None:
    machine.python("python3", PYTHON.format(version="3.13"))
    named = machine.python("mine", PYTHON.format(version="3.11"))
    (machine.folder / ".venv").mkdir()
    (machine.folder / ".venv/.airlock-python").write_text(f"{named}\n")
    assert "3.11 runs -m tools.setup" in machine.setup().stdout, (
        "`make test` would run on another Python than was asked for"
    )
    named.unlink()
    assert "3.13 runs -m tools.setup" in machine.setup().stdout


def test_the_package_and_the_set_up_support_the_same_versions(project_root: Path) -> None:
    project = tomllib.loads((project_root / "pyproject.toml").read_text())["project"]
    found = re.search(r"^PYTHONS := (.+)$", (project_root / "Makefile").read_text(), re.MULTILINE)
    assert found is not None
    supported = SpecifierSet(project["requires-python"])
    everything = [f"3.{minor}" for minor in range(30, -1, -1)]
    assert found[1].split() == [version for version in everything if version in supported]


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> setup.Environment:
    """A checkout with pins that no index holds, and an index that is not there."""
    for name in setup.INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a-package-that-nobody-made==1\n")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return setup.Environment(tmp_path / ".venv")


def test_without_a_network_the_set_up_says_so_and_is_not_taken_for_done(
    fresh: setup.Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup.main([]) == 1
    assert "The first set-up needs the network" in capsys.readouterr().err
    assert not fresh.is_current()
    assert os.access(fresh.python, os.X_OK), "the environment is kept for the next try"


def test_a_change_of_the_pins_is_noticed(fresh: setup.Environment) -> None:
    fresh.python.parent.mkdir(parents=True)
    fresh.python.touch()
    fresh.stamp.write_text(setup.fingerprint())
    assert fresh.is_current()
    (setup.ROOT / "requirements.txt").write_text("another==1\n")
    assert not fresh.is_current(), "the tests would run with yesterday's packages"


def test_a_change_of_the_python_is_noticed_and_the_environment_is_made_anew(
    fresh: setup.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.python.parent.mkdir(parents=True)
    fresh.python.write_text(PYTHON.format(version=platform.python_version()))
    fresh.python.chmod(0o755)
    fresh.stamp.write_text(setup.fingerprint())
    left = fresh.folder / "left-by-the-old-one"
    left.touch()
    fresh.make()
    assert fresh.is_current()
    assert left.exists(), "nothing is made twice"
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    assert not fresh.is_current()
    fresh.make()
    assert not left.exists(), "packages of the old Python would be mixed with those of the new one"
