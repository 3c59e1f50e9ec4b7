"""An access is closed from the landing side, and nothing else is ever removed."""

from typing import Any

import pytest

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.journal import Journal
from airlock.runbook.teardown import teardown


def test_the_access_vault_is_removed_wherever_it_lies(inventory: Inventory, journal: Journal, calls: Any) -> None:
    calls.backups("eu-west-1").put("ledger-2026-INC-1-1", state="AVAILABLE")
    closed = teardown(inventory, "ledger-2026-INC-1-1", calls=calls, journal=journal)
    assert closed.was_open
    assert calls.backups("eu-west-1").vaults == {}
    assert [entry["step"] for entry in journal.entries()] == ["access is being closed", "access closed"]


def test_closing_twice_is_no_error(inventory: Inventory, journal: Journal, calls: Any) -> None:
    calls.backups("eu-west-1").put("a-1", state="AVAILABLE")
    teardown(inventory, "a-1", calls=calls, journal=journal)
    again = teardown(inventory, "a-1", calls=calls, journal=journal)
    assert not again.was_open
    assert "nothing had to be closed" in again.sentence


def test_a_vault_with_data_is_never_removed(inventory: Inventory, journal: Journal, calls: Any) -> None:
    calls.backups("eu-west-1").put("Default", type="BACKUP_VAULT", state="AVAILABLE")
    with pytest.raises(UsageError, match="Nothing was removed"):
        teardown(inventory, "Default", calls=calls, journal=journal)
    assert calls.backups("eu-west-1").deleted == []


def test_a_name_that_nobody_asked_for_is_a_mistake(inventory: Inventory, journal: Journal, calls: Any) -> None:
    with pytest.raises(UsageError, match="no access vault `typo`"):
        teardown(inventory, "typo", calls=calls, journal=journal)
