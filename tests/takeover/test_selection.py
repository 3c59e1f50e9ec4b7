"""Of all calls those stay that change something, that look for the first time, or that show an id first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.takeover.calls import Call
from tests.takeover.selection import needed


def call(operation: str, *, json: Any = None, answer: Any = None, **more: Any) -> Call:
    defaults = {"at": "2026-11-30T12:00:00Z", "service": "backup", "principal": "444444444444", "region": "eu-west-1"}
    return Call(
        **{**defaults, "method": "POST", "uri": "/", "headers": {}, "status": 200, **more},
        operation=operation,
        json=json,
        answer=answer,
    )


def test_a_look_that_showed_nothing_but_another_request_id_is_left_out() -> None:
    looks = [
        call("GetRole", answer=f"<R><A>1</A><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></R>")
        for id in (1, 2)
    ]
    assert len(needed(looks, [])) == 1


def test_a_look_stays_where_it_shows_something_new_and_without_its_answer() -> None:
    states = ["CREATING", "AVAILABLE", "AVAILABLE"]
    looks = [call("DescribeBackupVault", json={"name": "v"}, answer={"State": state}) for state in states]
    kept = needed([call("CreateBackupVault"), *looks], [])
    assert [each.operation for each in kept] == ["CreateBackupVault", "DescribeBackupVault", "DescribeBackupVault"]
    assert [each.answer for each in kept] == [None, None, None]


def test_the_same_look_in_two_accounts_is_two_looks() -> None:
    looks = [call("GetEbsEncryptionByDefault", answer={"on": True}, account=account) for account in ("1", "2")]
    assert len(needed(looks, [])) == 2


def test_the_answer_of_a_look_stays_where_an_id_is_first_seen_that_is_used_later() -> None:
    listed = call("GetResourceShareInvitations", answer={"arn": "invitation/1a2b3c4d"})
    accepted = call("AcceptResourceShareInvitation", json={"arn": "invitation/1a2b3c4d"})
    assert needed([listed, accepted], [])[0].answer == listed.answer
    assert needed([listed], {"outputs": {"arn": "invitation/1a2b3c4d"}})[0].answer == listed.answer
    assert needed([listed], [])[0].answer is None


def test_equal_sessions_become_one_and_unused_ones_none() -> None:
    roles = [("deployer", "ASIA1"), ("deployer", "ASIA2"), ("reader", "ASIA3")]
    opened = [call("AssumeRole", form={"RoleArn": role}, opens=key) for role, key in roles]
    used = [call("CreateBackupVault", principal=key) for key in ("ASIA1", "ASIA2")]
    kept = needed([*opened, *used], [])
    assert [(each.operation, each.principal, each.opens) for each in kept] == [
        ("AssumeRole", "444444444444", "session-1"),
        ("CreateBackupVault", "session-1", ""),
        ("CreateBackupVault", "session-1", ""),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"json": {}},
        {"json": {"a": [1, None]}},
        {"form": {"Action": "X"}},
        {"text": "<a/>"},
        {"headers": {"x-amz-target": "T"}},
    ],
)
def test_a_call_is_the_same_after_it_was_written_and_read(body: dict[str, Any]) -> None:
    written = call("CreateBackupVault", **body)
    assert Call.parsed(written.line()) == written
