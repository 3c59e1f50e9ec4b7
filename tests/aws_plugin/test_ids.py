"""The ids that the state keeps, and those by which an import names an object.

Sources: [pu ids] [br sdk] [tf ebsenc] [tf ratt].
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws_plugin.talking import Plugin
from tests.aws_plugin.test_half_way import SERVICE, TESTED_INPUTS
from tests.aws_plugin.test_identity_and_keys import ATTACHED, ENCRYPTION, POLICY, ROLE, allow, trust
from tests.aws_plugin.test_plans import POINTS, SCHEDULE, TESTED, TESTS
from tests.emulator.conftest import Emulator

BACKUP = "backup.amazonaws.com"


@pytest.fixture
def monthly(payments: Plugin) -> Plugin:
    payments.create(ROLE, "role", name="airlock-backup", assumeRolePolicy=trust(BACKUP))
    payments.create(TESTS, "plan", name="monthly", scheduleExpression=SCHEDULE, recoveryPointSelection=POINTS)
    return payments


def test_a_restore_testing_selection_is_named_by_itself_and_its_plan(monthly: Plugin) -> None:
    """[pu ids]"""
    made = monthly.create(TESTED, **TESTED_INPUTS)
    assert made.id == "objects:monthly"
    assert made.refresh()
    imported = monthly.read(TESTED, "objects:monthly")
    assert imported is not None
    assert imported[0] == "objects:monthly"
    assert monthly.read(TESTED, "objects") is None, "an import says nothing but the id"


def test_a_selection_of_an_older_state_is_found_by_its_names(monthly: Plugin) -> None:
    """States that earlier versions left have its name for an id; the real plugin reads by names."""
    made = monthly.create(TESTED, **TESTED_INPUTS)
    made.id = "objects"
    assert made.refresh()
    made.delete()
    assert not made.refresh()


def test_trusted_access_has_no_id(management: Plugin) -> None:
    """The bridge's placeholder. [br sdk]"""
    made = management.create(SERVICE, servicePrincipal=BACKUP)
    assert made.id == "missing ID"
    assert made.refresh()
    imported = management.read(SERVICE, BACKUP)
    assert imported is not None
    assert imported[0] == "missing ID"
    assert imported[2] == {"servicePrincipal": BACKUP}
    assert management.read(SERVICE, "missing ID") is None


def test_encryption_by_default_has_an_id_that_says_nothing(payments: Plugin) -> None:
    """[tf ebsenc]"""
    one, two = (payments.create(ENCRYPTION, name) for name in ("one", "two"))
    assert one.id != two.id
    assert payments.read(ENCRYPTION, "whatever") is not None, "an import takes any text"


def test_an_attachment_has_an_id_that_says_little(aws: Emulator, payments: Plugin) -> None:
    """[tf ratt]"""
    payments.create(ROLE, name="backup", assumeRolePolicy=trust(BACKUP))
    arn = payments.create(POLICY, name="p", policy=allow("s3:A")).id
    made = payments.create(ATTACHED, role="backup", policyArn=arn)
    assert made.id.startswith("backup-")
    assert arn not in made.id
    assert made.refresh()
    imported = payments.read(ATTACHED, f"backup/{arn}")
    assert imported is not None
    assert imported[2] == {"role": "backup", "policyArn": arn}
    assert payments.read(ATTACHED, made.id) is None
    made.id = f"backup/{arn}"
    assert made.refresh(), "states that earlier versions left"
    made.delete()
    assert not made.refresh()


@pytest.mark.parametrize("more", [{}, {"protectedResourceArns": ["arn:aws:s3:::ledger"]}])
def test_other_arns_alone_are_never_sent_and_then_stored_as_done(
    aws: Emulator, monthly: Plugin, more: dict[str, Any]
) -> None:
    """The update of a restore testing selection compares the other fields only. [tf rts]"""
    made = monthly.create(TESTED, **TESTED_INPUTS)
    before = aws.calls()[-1]["seq"]
    news = {**TESTED_INPUTS, **more}
    assert made.diff(**news) == (set(more), set())
    made.update(**news)
    assert "UpdateRestoreTestingSelection" not in [call["operation"] for call in aws.calls(before)]
    assert made.state["protectedResourceArns"] == news["protectedResourceArns"]
    assert made.diff(**news) == (set(), set()), "nothing shows that AWS has something else"
    made.update(**{**news, "validationWindowHours": 3})
    assert "UpdateRestoreTestingSelection" in [call["operation"] for call in aws.calls(before)]


def test_a_restore_testing_plan_is_written_only_when_something_moved(aws: Emulator, monthly: Plugin) -> None:
    """[tf rtp]"""
    inputs: dict[str, Any] = {"name": "weekly", "scheduleExpression": SCHEDULE, "recoveryPointSelection": POINTS}
    made = monthly.create(TESTS, **inputs)
    assert made.diff(**inputs) == (set(), set()), "the window that AWS chose is no change"
    before = aws.calls()[-1]["seq"]
    made.update(**inputs, tags={"a": "b"})
    assert [call["operation"] for call in aws.calls(before)] == ["TagResource"], "and its state is what was planned"
    assert made.state["tagsAll"] == {"a": "b"}
    assert made.refresh()
    assert made.diff(**inputs, tags={"a": "b"}) == (set(), set())
