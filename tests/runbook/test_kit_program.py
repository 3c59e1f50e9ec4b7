"""The program in the kit works where nothing of this project is: with the packages that it names, and no others."""

import ast
import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from airlock.cli.__main__ import start
from airlock.domain.inventory import Inventory
from airlock.runbook.kit import write_kit
from airlock.runbook.kit_program import ROOMS, program

IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    assert "airlock.pyz" in module.__file__, f"{name} came from {module.__file__}"
"""


@pytest.fixture
def kit(inventory: Inventory, tmp_path: Path) -> Path:
    write_kit(inventory, tmp_path / "kit")
    return tmp_path / "kit"


@pytest.fixture
def installed(kit: Path, tmp_path: Path) -> Path:
    """What `pip install -r requirements.txt` in the kit would bring, from the packages that are here anyway."""
    folder = tmp_path / "installed"
    folder.mkdir()
    wanted = [line for line in (kit / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    done: set[str] = set()
    while wanted:
        requirement = Requirement(wanted.pop())
        if requirement.name in done or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        done.add(requirement.name)
        found = distribution(requirement.name)
        assert found.version in requirement.specifier
        wanted += found.requires or []
        for top in {file.parts[0] for file in found.files or []} - {"..", "__pycache__"}:
            (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


def _python(kit: Path, path: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    # -S: the environment of the tests knows where the checkout is; a responder's does not.
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        cwd=kit,
        env={"PATH": os.defpath, "PYTHONPATH": path, "HOME": str(kit), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["request", "status", "restore", "teardown"])
def test_the_program_needs_no_more_than_the_kit_names(command: str, kit: Path, installed: Path) -> None:
    done = _python(kit, str(installed), "airlock.pyz", command, "--help")
    assert done.returncode == 0, done.stderr
    assert "--inventory" in done.stdout


def test_the_program_can_be_imported_like_the_package(kit: Path, installed: Path) -> None:
    path = os.pathsep.join(["airlock.pyz", str(installed)])
    done = _python(kit, path, "-m", "airlock.cli", "status", "--help")
    assert done.returncode == 0, done.stderr


def test_every_module_of_the_program_finds_what_it_imports(kit: Path, installed: Path) -> None:
    names = zipfile.ZipFile(kit / "airlock.pyz").namelist()
    modules = [name.removesuffix(".py").replace("/", ".") for name in names if name.endswith(".py")]
    # One writes kits, the other draws deployments: a responder does neither.
    wanted = {name.removesuffix(".__init__") for name in modules}
    wanted -= {"__main__", "airlock.runbook.kit", "airlock.cli.drawing"}
    assert {f"airlock.{room}" for room in ROOMS} <= wanted
    done = _python(kit, os.pathsep.join(["airlock.pyz", str(installed)]), "-c", IMPORT_ALL, *sorted(wanted))
    assert done.returncode == 0, done.stderr


def test_an_answer_that_is_no_success_is_the_exit_code_of_the_program(kit: Path, installed: Path) -> None:
    done = _python(kit, str(installed), "airlock.pyz", "status", "--inventory", "elsewhere.json")
    assert done.returncode == 2
    assert "There is no inventory at elsewhere.json" in done.stderr


def test_a_missing_package_is_named_with_the_command_that_brings_it(kit: Path) -> None:
    done = _python(kit, "", "airlock.pyz", "status")
    assert done.returncode == 2
    assert "`typer` is not installed" in done.stderr
    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_that_is_too_old_is_told_which_ones_do(
    kit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = zipfile.ZipFile(kit / "airlock.pyz").read("__main__.py")
    ast.parse(source, feature_version=(3, 7))  # else the old one says `SyntaxError` and no more
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert start() == 2
    assert "Python 3.11, 3.12 and 3.13; this is 3.10" in capsys.readouterr().err


def test_a_command_that_deploys_is_sent_to_the_checkout(kit: Path, installed: Path) -> None:
    done = _python(kit, str(installed), "airlock.pyz", "deploy")
    assert done.returncode == 2
    assert "`airlock.deploy` is not here" in done.stderr
    assert "checkout" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_program_is_sources_alone_and_the_same_each_time(kit: Path) -> None:
    names = zipfile.ZipFile(kit / "airlock.pyz").namelist()
    assert {Path(name).suffix for name in names} == {".py", ".j2"}
    assert {name.split("/")[1] for name in names if name.count("/") > 1} == set(ROOMS)
    assert program() == (kit / "airlock.pyz").read_bytes()
