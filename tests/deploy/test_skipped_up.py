"""With the engine: a run with nothing to do makes no `up`, and what only `up` writes reaches the state."""

import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from airlock.deploy import StackFailed, StackResult
from airlock.deploy.run import deploy_stack
from airlock.deploy.session import Session
from tests.deploy.support import Project, engine_of, hanging_deployment

pytestmark = pytest.mark.engine
PEOPLE = "Three people have to accept their invitation."


def deploy_management(project: Project, **behaviour: Any) -> StackResult:
    """One stack is enough, and a seventh of the time."""
    if behaviour:
        project.behave(management=behaviour)
    project.events.clear()
    session = Session(project.request, project.events.append)
    stack = session.stacks[0]
    if stack.name not in session.existing():
        session.operations.create(stack)
    result, state = deploy_stack(session, stack, {})
    assert result.resources == len(state.resources)
    return result


def thing(project: Project) -> Mapping[str, Any]:
    """The stack's one resource, as its state has it."""
    [found] = [each for each in project.resources("management") if each["type"].endswith("airlock:Sample")]
    return found


def test_an_up_that_would_write_nothing_is_skipped_and_every_other_is_made(project: Project, tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.write_text("")
    given: dict[str, Any] = {"live": str(live)}
    assert deploy_management(project, **given).up == "made"
    before = project.resources("management")
    [tags] = project.folder.parent.glob("state-*/.pulumi/stacks/airlock/management.pulumi-tags")
    assert "airlock:last-up" in json.loads(tags.read_text())["tags"], "whoever deploys next from elsewhere must find it"

    assert deploy_management(project).up == "skipped"
    assert project.started == [("management", "preview")], "an `up` was made that could write nothing"
    assert project.notes == ["Nothing would change, so `up` was skipped."]
    assert project.resources("management") == before

    given |= {"protect": True}
    result = deploy_management(project, **given)
    assert (result.up, result.changes) == ("made", {}), "to the engine a protection is no change"
    assert thing(project)["protect"] is True
    assert any("metadata or outputs would change" in note for note in project.notes), project.notes

    given |= {"logical_name": "renamed", "aliases": ["management-thing"], "name": "management-thing"}
    result = deploy_management(project, **given)
    assert (result.up, result.changes) == ("made", {}), "to the engine a new name with an alias is no change"
    assert thing(project)["urn"].endswith("::renamed")
    assert any("metadata or outputs would change" in note for note in project.notes), project.notes

    given |= {"contract": {"delegated_account": "222222222222"}}
    result = deploy_management(project, **given)
    assert (result.up, result.changes) == ("made", {}), "to the engine an output of the stack is no change"
    [stack] = [each for each in project.resources("management") if each["type"] == "pulumi:pulumi:Stack"]
    assert stack["outputs"]["contract"]["delegated_account"] == "222222222222"
    assert any("metadata or outputs would change" in note for note in project.notes), project.notes

    live.write_text(PEOPLE)
    result = deploy_management(project)
    assert (result.up, result.changes) == ("made", {"update": 1}), "what moved at AWS has to reach the state"
    assert thing(project)["outputs"]["waiting"] == PEOPLE
    assert deploy_management(project).up == "skipped"


@pytest.mark.deep
def test_after_a_failed_up_the_next_run_makes_one(project: Project) -> None:
    good = {"waits_for": ""}
    assert deploy_management(project, **good).up == "made"
    with pytest.raises(StackFailed, match="It is under a vote"):
        deploy_management(project, waits_for=PEOPLE, refuse="It is under a vote.")
    assert deploy_management(project, **good).up == "made"
    assert any("the state is not as the last" in note for note in project.notes), project.notes


@pytest.mark.deep
def test_after_a_killed_up_the_next_run_makes_one(project: Project, tmp_path: Path) -> None:
    assert deploy_management(project, waits_for="").up == "made"
    with hanging_deployment(project, tmp_path / "pipe") as (process, _provider):
        engine = engine_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        os.kill(engine, signal.SIGKILL)
    result = deploy_management(project, waits_for="")
    assert result.up == "made"
    assert any("left an operation pending" in note for note in project.notes), project.notes
