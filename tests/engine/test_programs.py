"""The real engine with our Python language host: programs, their errors, and what the host says about itself."""

import json
import sys
from pathlib import Path

import pytest

from tests.engine.support import Project, make_project

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def _engine(engine_on_path: Path) -> None:
    """Every test here runs `pulumi`."""


def project_of(tmp_path: Path, program: str) -> Project:
    return make_project(tmp_path / "project", program)


def test_a_program_runs_and_its_outputs_are_stored(tmp_path: Path) -> None:
    project = project_of(
        tmp_path,
        "import pulumi\n"
        "config = pulumi.Config()\n"
        "pulumi.export('plain', config.require('plain'))\n"
        "pulumi.export('secret', config.require_secret('secret'))\n"
        "pulumi.export('where', [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()])\n",
    )
    project.succeed("config", "set", "plain", "hello", "--stack", "dev")
    project.succeed("config", "set", "--secret", "secret", "hush", "--stack", "dev")
    project.succeed("up", "--yes", "--stack", "dev")
    outputs = json.loads(project.succeed("stack", "output", "--json", "--stack", "dev"))
    assert outputs == {"plain": "hello", "secret": "[secret]", "where": ["organization", "tiny", "dev"]}


def test_a_program_may_import_what_lies_beside_it_but_not_the_hosts_own_modules(tmp_path: Path) -> None:
    project = project_of(
        tmp_path,
        "import importlib.util, beside\n"
        "assert beside.VALUE == 7\n"
        "for name in ('server', 'packages', 'commands'):\n"
        "    assert importlib.util.find_spec(name) is None, f'{name} of the host shadows a module of the program'\n",
    )
    project.write("beside.py", "VALUE = 7\n")
    project.succeed("preview", "--stack", "dev")


def test_an_error_in_the_program_reaches_the_user_from_the_programs_own_first_line(tmp_path: Path) -> None:
    project = project_of(tmp_path, "def deep():\n    raise ValueError('the vault has no name')\n\n\ndeep()\n")
    done = project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert done.stdout.count("ValueError: the vault has no name") == 1, done.stdout
    assert "line 5, in <module>" in done.stdout, "the user must see where in the own program it began"
    assert "runpy" not in done.stdout, "frames of the machinery hide the line that matters"


def test_a_run_error_is_shown_as_its_sentence_alone(tmp_path: Path) -> None:
    project = project_of(tmp_path, "import pulumi\nraise pulumi.RunError('The team has no members.')\n")
    done = project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert "The team has no members." in done.stdout
    assert "Traceback" not in done.stdout
    assert "exit code" not in done.stdout, "the failure was reported already"


def test_a_program_that_is_killed_is_an_error_with_its_exit_code(tmp_path: Path) -> None:
    project = project_of(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    done = project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert "The Python program ended with exit code -9" in done.stdout


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    project = project_of(tmp_path, "")
    (project.folder / "__main__.py").unlink()
    done = project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert f"There is no `__main__.py` in {project.folder}" in done.stdout


def test_about_names_the_interpreter_and_its_packages(tmp_path: Path) -> None:
    project = project_of(tmp_path, "")
    about = json.loads(project.succeed("about", "--json", "--stack", "dev"))
    assert about["runtime"]["executable"] == sys.executable
    assert any(each["name"] == "pulumi" for each in about["dependencies"])


def test_a_virtual_environment_that_the_project_names_and_nobody_made_is_a_sentence(tmp_path: Path) -> None:
    project = project_of(tmp_path, "")
    project.write("Pulumi.yaml", "name: tiny\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n")
    done = project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert f"The virtual environment {project.folder / 'venv'}" in done.stdout
    assert "does not exist" in done.stdout


def test_a_python_without_the_sdk_is_named_with_the_way_out(tmp_path: Path, without_forks: None) -> None:
    bare = tmp_path / "python-without-packages"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    bare.chmod(0o755)
    project = project_of(tmp_path, "")
    project.environment["PULUMI_PYTHON_CMD"] = str(bare)
    done = project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert "Activate the project's virtual environment" in done.stdout
    assert "Traceback" not in done.stdout
