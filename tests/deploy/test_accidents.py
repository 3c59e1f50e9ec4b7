"""Killed, interrupted, run twice at once: the next run says what it found and goes on."""

import os
import signal
from pathlib import Path

import pytest

from airlock.deploy import StackFailed, StackLocked
from tests.deploy.support import Project, engine_of, hanging_deployment, release
from tests.engine.support import is_gone

pytestmark = pytest.mark.engine


def test_after_a_kill_the_next_run_clears_what_is_dead_and_says_so(project: Project, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    with hanging_deployment(project, pipe) as (process, provider):
        engine = engine_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        os.kill(engine, signal.SIGKILL)
    assert is_gone(provider), "a provider of the killed run goes on creating"
    assert project.locks(), "the accident that this test is about did not happen"

    # The other stacks have nothing to do with the accident; the first of them ends this run.
    project.behave(recovery={"program": "Far enough."})
    with pytest.raises(StackFailed, match="Far enough"):
        project.deploy()
    assert any("The dead lock was cleared" in note and str(engine) in note for note in project.notes), project.notes
    assert any("pending creates were cleared" in note and "management-thing" in note for note in project.notes), (
        project.notes
    )
    assert project.locks() == []
    assert project.deployed()["management"] == [
        ("pulumi-python:dynamic/airlock:Sample", "management-thing"),
        ("pulumi:providers:pulumi-python", "default"),
        ("pulumi:pulumi:Stack", "airlock-management"),
    ], "a run after a kill must end as an undisturbed one"


def test_an_interrupt_lets_the_resource_at_hand_end_and_names_the_stack(project: Project, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    with hanging_deployment(project, pipe) as (process, provider):
        engine = engine_of(process.pid)
        process.send_signal(signal.SIGINT)
        release(pipe)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "Interrupted while the stack" in stderr
    assert "`management`" in stderr
    assert "airlock deploy" in stderr
    assert "Traceback" not in stderr
    assert is_gone(engine)
    assert is_gone(provider)
    assert project.locks() == [], "the interrupted run keeps the next one out"
    held = dict(project.deployed()["management"])
    assert "pulumi-python:dynamic/airlock:Sample" in held, "the resource was made, and the state does not know it"


# In `make test` the judgement of a holder is held by test_locks.py.
@pytest.mark.deep
def test_a_live_holder_is_named_and_left_alone(project: Project, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    with hanging_deployment(project, pipe) as (process, _provider):
        engine = engine_of(process.pid)
        before = project.locks()
        project.behave()
        with pytest.raises(StackLocked) as caught:
            project.deploy()
        assert caught.value.stack == "management"
        assert f"process {engine}" in str(caught.value)
        assert "Let that run end" in str(caught.value)
        assert project.locks() == before, "the lock of a living run was taken away"
        release(pipe)
        process.communicate(timeout=60)
