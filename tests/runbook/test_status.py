"""Where a request stands, whatever AWS does with a vault that was refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from airlock.domain.errors import Unreachable, UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.journal import Journal
from airlock.runbook.request import request
from airlock.runbook.status import AccessStatus, all_status, status

NAME = "payments-2026-INC-7-1"


@pytest.fixture
def look(inventory: Inventory, journal: Journal, calls: Any, now: datetime) -> Any:
    request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal)

    def look(hours: int = 1) -> AccessStatus:
        return status(inventory, NAME, calls=calls, journal=journal, now=lambda: now + timedelta(hours=hours))

    return look


def test_a_fresh_request_waits_for_its_vote(look: Any) -> None:
    found = look()
    assert (found.outcome, found.exit_code, found.state, found.session_arn) == ("WAITING", 3, "CREATING", "")


def test_votes_are_counted_as_far_as_they_are_seen(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME)
    calls.mpa.put("PENDING", votes=("APPROVED", "NO_RESPONSE", "REJECTED"))
    found = look()
    assert (found.approvals, found.rejections, found.threshold, found.approvers) == (1, 1, 2, 3)
    assert "1 of 2 approvals so far" in found.sentence
    assert found.expires == "2026-11-21T12:00:00+00:00"
    assert found.exit_code == 3


def test_an_open_vault_is_open_even_if_its_vote_is_out_of_sight(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME, state="AVAILABLE")
    found = look()
    assert (found.outcome, found.exit_code) == ("OPEN", 0)
    assert f"airlock restore --access-vault {NAME}" in found.sentence


def test_an_open_vault_is_open_even_if_us_east_1_is_out(look: Any, calls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: str) -> None:
        raise Unreachable("Nothing answers at mpa.us-east-1.")

    calls.backups("eu-west-1").put(NAME, state="AVAILABLE")
    monkeypatch.setattr(calls.mpa, "get_session", silent)
    assert look().outcome == "OPEN"


@pytest.mark.parametrize("vault", ["CREATING", "FAILED", "GONE"])
@pytest.mark.parametrize(
    ("status", "code", "outcome", "words"),
    [
        ("FAILED", "REJECTED", "REJECTED", "was rejected by the team"),
        ("FAILED", "EXPIRED", "EXPIRED", "within 24 hours"),
        ("FAILED", "CONFIGURATION_CHANGED", "ENDED", "approval team was changed"),
        ("CANCELLED", "CONFIGURATION_CHANGED", "ENDED", "approval team was changed"),
        ("CANCELLED", "", "ENDED", "was cancelled"),
        ("FAILED", "SOMETHING_NEW", "ENDED", "SOMETHING_NEW"),
    ],
)
def test_a_vote_that_ended_without_access_is_told_whatever_the_vault_says(
    look: Any, calls: Any, vault: str, status: str, code: str, outcome: str, words: str
) -> None:
    calls.backups("eu-west-1").put(NAME)
    calls.mpa.put("PENDING")
    look()
    calls.mpa.put(status, code)
    if vault == "GONE":
        calls.backups("eu-west-1").vaults.clear()
    else:
        calls.backups("eu-west-1").put(NAME, state=vault)

    found = look()

    assert (found.outcome, found.exit_code) == (outcome, 1)
    assert words in found.sentence
    assert "airlock request" in found.sentence, "the responder must learn how to go on"


def test_an_approved_request_that_aws_could_not_carry_out_is_a_failure(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME)
    calls.mpa.put("APPROVED", execution="FAILED")
    found = look()
    assert (found.outcome, found.exit_code) == ("FAILED", 1)
    assert "lost its rights" in found.sentence


def test_an_approved_request_opens_in_a_minute(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME)
    calls.mpa.put("APPROVED", votes=("APPROVED", "APPROVED"), execution="EXECUTED")
    assert (look().outcome, look().exit_code) == ("WAITING", 3)


def test_a_cancelled_request_is_over(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME)
    calls.mpa.put("CANCELLED")
    assert (look().outcome, look().exit_code) == ("ENDED", 1)


def test_an_unseen_vote_is_over_when_no_vote_lasts_that_long(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME)
    waiting = look(23)
    assert waiting.exit_code == 3
    assert "not shared with this account" in waiting.sentence
    assert (look(25).outcome, look(25).exit_code) == ("EXPIRED", 1)


def test_an_access_that_was_closed_is_not_open(look: Any, calls: Any) -> None:
    calls.backups("eu-west-1").put(NAME, state="AVAILABLE")
    calls.mpa.put("APPROVED", execution="EXECUTED")
    look()
    calls.backups("eu-west-1").vaults.clear()
    found = look()
    assert (found.state, found.outcome, found.exit_code) == ("GONE", "GONE", 1)
    assert "was open and has been removed" in found.sentence


def test_looking_writes_the_session_once(look: Any, calls: Any, journal: Journal) -> None:
    calls.backups("eu-west-1").put(NAME)
    look()
    look()
    assert [entry["step"] for entry in journal.entries()].count("vote seen") == 1


def test_an_unknown_name_is_a_mistake_not_a_refusal(inventory: Inventory, journal: Journal, calls: Any) -> None:
    with pytest.raises(UsageError, match="no access vault `typo`"):
        status(inventory, "typo", calls=calls, journal=journal)


def test_a_vault_of_another_kind_is_refused(inventory: Inventory, journal: Journal, calls: Any) -> None:
    calls.backups("eu-west-1").put("Default", type="BACKUP_VAULT", state="AVAILABLE")
    with pytest.raises(UsageError, match="type BACKUP_VAULT, not an access vault"):
        status(inventory, "Default", calls=calls, journal=journal)


def test_all_of_them_are_found_in_every_region_and_in_the_journal(
    inventory: Inventory, journal: Journal, calls: Any
) -> None:
    request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal)
    calls.backups("eu-west-1").vaults.clear()
    calls.backups("eu-central-1").put("ledger-2026-INC-1-1", state="AVAILABLE")
    found = all_status(inventory, calls=calls, journal=journal)
    assert [(one.access_vault, one.outcome) for one in found] == [("ledger-2026-INC-1-1", "OPEN"), (NAME, "GONE")]
