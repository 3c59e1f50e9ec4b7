"""The arrows between the rooms point one way."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from airlock.domain.roles import ROLES, UPSTREAMS
from tests.architecture import emulator, rules
from tests.architecture.imports import circle, offences


def test_every_import_follows_the_two_tables(project_root: Path) -> None:
    assert offences(project_root) == []


def test_the_room_table_has_no_circle() -> None:
    def reach(room: str, seen: tuple[str, ...] = ()) -> None:
        assert room not in seen, f"{' -> '.join([*seen, room])} is a circle: neither could be used without the other"
        for other in rules.ROOMS[room] - {"*"}:
            reach(other, (*seen, room))

    for room in rules.ROOMS:
        reach(room)


def test_no_module_imports_itself_through_others(project_root: Path) -> None:
    ring = circle(project_root)
    assert ring == [], f"{' -> '.join(ring)} is a circle: none of them can be understood, or tried, without the others"


@pytest.mark.parametrize("package", sorted(emulator.DESCRIBED))
def test_a_package_of_the_emulator_says_what_it_may_import(package: str, project_root: Path) -> None:
    """The docstring that a reader opens first and the table do not differ."""
    docstring = (
        ast.get_docstring(ast.parse(project_root.joinpath(*package.split("."), "__init__.py").read_text())) or ""
    )
    said = re.findall(r"`([\w-]+)`", docstring.partition("May import:")[2])
    assert set(said) == emulator.named(package), f"{package}: {docstring}"


def test_each_role_reads_only_earlier_roles() -> None:
    for role, upstreams in UPSTREAMS.items():
        for upstream in upstreams:
            assert ROLES.index(upstream) < ROLES.index(role), f"{role} reads {upstream}, which is deployed after it"


@pytest.mark.parametrize("heavy", ["pulumi", "boto3", "moto"])
def test_the_command_line_starts_without_heavy_packages(heavy: str, project_root: Path) -> None:
    """On the day on which `airlock status` is needed, Pulumi may not even be installed."""
    program = f"import sys, airlock.cli; sys.exit({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=project_root, capture_output=True, text=True)
    assert done.returncode == 0, f"`import airlock.cli` loads {heavy}, or fails: {done.stderr}"


@pytest.mark.parametrize("role", ROLES)
def test_a_program_does_not_load_what_only_its_providers_call(role: str, project_root: Path) -> None:
    """The clients come with the resources; who calls them is another process, which loads boto3 by itself."""
    program = (
        f"import sys, stacks.{role}; sys.exit(', '.join({{'boto3', 'botocore', 'urllib3'}} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project_root, capture_output=True, text=True)
    assert done.returncode == 0, f"each preview of a stack of the role {role} loads {done.stderr.strip()}"


def test_the_help_is_shown_where_pulumi_cannot_be_imported(project_root: Path, tmp_path: Path) -> None:
    (tmp_path / "pulumi.py").write_text("raise ImportError('Pulumi is not installed on this machine')")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['airlock', '--help']; import airlock.cli;"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{program} airlock.cli.main()"], cwd=project_root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "deploy" in done.stdout


def test_what_an_operator_installs_is_enough_to_import_the_emergency_path(project_root: Path) -> None:
    """The runbook must work when only the kit and requirements.txt are left: no moto, no test tool may leak in."""
    program = (
        "import sys, airlock.runbook, airlock.clients;"
        "leaked = {'moto', 'flask', 'pytest', 'pulumi', 'pulumi_aws'} & set(sys.modules);"
        "sys.exit(', '.join(leaked) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project_root, capture_output=True, text=True)
    assert done.returncode == 0, f"the emergency path loads {done.stderr.strip()}"
