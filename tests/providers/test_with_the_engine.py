"""The real engine, a program with one team, and the emulator: what `pulumi up` shows and does on each run."""

import json
from pathlib import Path

import pytest

from tests.engine.support import Project, make_project, once
from tests.providers.conftest import PEOPLE, RECOVERY, World

pytestmark = pytest.mark.engine

PROGRAM = """
import json
import pathlib

import pulumi

from airlock.providers.approval_team import ApprovalTeam, ApprovalTeamArgs
from airlock.providers.identity_source import IdentitySource, IdentitySourceArgs

settings = json.loads(pathlib.Path("settings.json").read_text())
connection = settings.pop("connection")
source = IdentitySource(
    "source", IdentitySourceArgs(connection=connection, identity_center_region="us-east-1", owner="airlock/dev/source")
)
team = ApprovalTeam(
    "quorum",
    ApprovalTeamArgs(
        connection=connection,
        identity_source_arn=source.id,
        identity_center_region="us-east-1",
        owner="airlock/dev/quorum",
        **settings,
    ),
    pulumi.ResourceOptions(protect=True),
)
pulumi.export("status", team.status)
pulumi.export("arn", team.id)
pulumi.export("waiting", team.waiting)
"""


class Stack:
    """The stack as its user sees it."""

    def __init__(self, project: Project, world: World) -> None:
        self.project = project
        self.world = world
        self.settings = {
            "connection": world.connection(RECOVERY),
            "name": "quorum",
            "description": "Opens the backups.",
            "threshold": 2,
            "approvers": PEOPLE,
        }
        self.describe()

    def describe(self, **changed: object) -> None:
        self.settings.update(changed)
        self.project.write("settings.json", json.dumps(self.settings))

    def outputs(self) -> dict[str, str]:
        return dict(json.loads(self.project.succeed("stack", "output", "--json", "--stack", "dev")))


@pytest.fixture
def stack(
    engine_on_path: Path, world: World, project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Stack:
    monkeypatch.setenv("PYTHONPATH", str(project_root))
    return Stack(make_project(tmp_path / "project", PROGRAM), world)


@pytest.fixture
def deployed(stack: Stack) -> Stack:
    """The stack after its first `up`, and the emulator as that left it."""
    if once(stack.project, "team", lambda: up(stack)):
        stack.world.emulator.control("POST", "snapshots/team")
    else:
        stack.world.emulator.control("POST", "snapshots/team/restore")
    return stack


def up(stack: Stack) -> None:
    stack.project.succeed("up", "--yes", "--skip-preview", "--stack", "dev")


def test_a_team_converges_by_being_deployed_again(deployed: Stack) -> None:
    stack = deployed
    up(stack)
    arn = stack.outputs()["arn"]
    assert stack.outputs()["status"] == "PENDING_ACTIVATION"

    since = stack.world.seq()
    stack.project.succeed("preview", "--expect-no-changes", "--refresh", "--stack", "dev")
    stack.project.succeed("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", "dev")
    assert stack.world.writes_since(since) == [], "A run with nothing to do must call no write operation."

    stack.world.answer(arn)
    shown = stack.project.succeed("up", "--yes", "--skip-preview", "--stack", "dev")
    assert "1 updated" in shown, "A status that moved is shown as a change."
    assert stack.outputs() == {"arn": arn, "status": "ACTIVE", "waiting": ""}
    assert stack.world.writes_since(since) == []
    stack.project.succeed("preview", "--expect-no-changes", "--refresh", "--stack", "dev")


def test_a_refused_change_reaches_the_user_as_its_sentence_without_a_traceback(deployed: Stack) -> None:
    stack = deployed
    stack.describe(name="other")
    done = stack.project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert "AWS never renames a team" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_team_that_vanished_stops_the_run_with_its_sentence_without_a_traceback(deployed: Stack) -> None:
    stack = deployed
    arn = stack.outputs()["arn"]
    mpa = stack.world.emulator.client("mpa", RECOVERY)
    mpa.get_approval_team(Arn=arn)
    stack.world.answer(arn, "ada.lind", response="REJECTED")
    version = mpa.get_approval_team(Arn=arn)["VersionId"]
    mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=version)

    done = stack.project.run("up", "--yes", "--skip-preview", "--stack", "dev")
    assert done.returncode != 0
    assert "Find out who removed it" in done.stdout
    assert "Traceback" not in done.stdout

    stack.project.succeed("refresh", "--yes", "--skip-preview", "--stack", "dev")
    listed = json.loads(stack.project.succeed("stack", "export", "--stack", "dev"))["deployment"]["resources"]
    teams = [one for one in listed if one["type"].endswith("airlock:ApprovalTeam")]
    assert [one["outputs"]["status"] for one in teams] == ["GONE"], "What vanished must stay in the state."
    assert all(one["protect"] for one in teams)
    done = stack.project.run("preview", "--stack", "dev")
    assert done.returncode != 0
    assert "Find out who removed it" in done.stdout, "After a refresh the preview must refuse as the run would."
