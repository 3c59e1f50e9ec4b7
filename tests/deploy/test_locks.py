"""Who holds a stack, as the engine's refusal tells it."""

import os
import socket
import subprocess

import pytest

from airlock.deploy.engine_output import Holder, holders

REFUSAL = (
    "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock"
    " file with `pulumi cancel`.\n"
    "  s3://bucket/.pulumi/locks/1.json: created by ada@laptop (pid 7) at 2026-01-02T03:04:05Z\n"
    "  s3://bucket/.pulumi/locks/2.json: created by bo@ci-1 (pid 12) at 2026-01-02T03:05:00Z\n"
)


def holder(pid: int, host: str = socket.gethostname()) -> Holder:
    return Holder(user="ada", host=host, pid=pid, since="2026-01-02T03:04:05Z")


def test_every_holder_in_a_refusal_is_read() -> None:
    assert [(each.user, each.host, each.pid) for each in holders(REFUSAL)] == [("ada", "laptop", 7), ("bo", "ci-1", 12)]


def test_another_error_names_no_holder() -> None:
    assert holders("error: created by ada@laptop (pid 7) at 2026-01-02T03:04:05Z") == []


def test_a_process_of_this_host_that_ended_is_dead() -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert holder(ended.pid).is_dead


def test_a_process_of_another_host_is_never_called_dead() -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert not holder(ended.pid, "another-host").is_dead, "its lock may be what protects the state from two writers"


def test_a_process_number_that_went_to_another_program_is_dead() -> None:
    assert holder(os.getpid()).is_dead, "after a restart of the machine any program may have that number"


@pytest.mark.parametrize("part", ["7", "ada", "laptop", "2026-01-02T03:04:05Z"])
def test_a_holder_is_named_with_all_that_is_known(part: str) -> None:
    assert part in str(holders(REFUSAL)[0])
