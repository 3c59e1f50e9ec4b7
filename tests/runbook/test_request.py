"""A request is new each time, says who has to answer, and never waits."""

import dataclasses
from typing import Any

import pytest

from airlock.domain.errors import RefusedByAws, UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.calls import LandingCalls
from airlock.runbook.journal import Journal
from airlock.runbook.request import new_request_id, request


def test_access_is_asked_for_in_the_region_of_the_vault(inventory: Inventory, journal: Journal, calls: Any) -> None:
    asked = request(
        inventory, "ledger-2026", "INC-7", "it is gone", calls=calls, journal=journal, new_id=lambda: "id-1"
    )

    assert calls.regions["eu-central-1"].asked == [
        {
            "source": "arn:aws:backup:eu-central-1:444444444444:backup-vault:ledger-2026",
            "name": "ledger-2026-INC-7-1",
            "request_id": "id-1",
            "comment": "INC-7: it is gone",
        }
    ]
    assert asked.access_vault == "ledger-2026-INC-7-1"
    assert asked.access_vault_arn.endswith(":backup-vault:ledger-2026-INC-7-1")
    assert "2 of ada.lind, bo.berg, cleo.dahl" in asked.sentence
    assert "https://portal.example" in asked.sentence


def test_a_second_request_takes_a_new_name_and_a_new_id(inventory: Inventory, journal: Journal, calls: Any) -> None:
    names = [
        request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal).access_vault for _ in range(2)
    ]
    assert names == ["payments-2026-INC-7-1", "payments-2026-INC-7-2"]
    first, second = calls.regions["eu-west-1"].asked
    assert first["request_id"] != second["request_id"], "AWS would answer with the earlier, refused request"
    assert len(new_request_id()) <= 50


def test_a_name_that_aws_forgot_is_not_taken_again(inventory: Inventory, journal: Journal, calls: Any) -> None:
    request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal)
    calls.backups("eu-west-1").vaults.clear()
    assert request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal).access_vault.endswith("-2")


def test_a_name_that_another_journal_took_is_seen_in_aws(inventory: Inventory, journal: Journal, calls: Any) -> None:
    calls.backups("eu-west-1").put("payments-2026-INC-7-1")
    assert request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal).access_vault.endswith("-2")


def test_the_incident_stands_in_what_approvers_read_once(inventory: Inventory, journal: Journal, calls: Any) -> None:
    asked = request(inventory, "payments-2026", "INC-7", "lost in INC-7", calls=calls, journal=journal)
    assert asked.comment == "lost in INC-7"


def test_a_comment_that_would_be_cut_off_is_refused_before_anything_is_asked(
    inventory: Inventory, journal: Journal, calls: Any
) -> None:
    with pytest.raises(UsageError, match=r"at most 200.*Nothing was asked for"):
        request(inventory, "payments-2026", "INC-7", "x" * 195, calls=calls, journal=journal)
    assert calls.regions == {}


def test_an_unknown_vault_is_named_with_those_that_are_known(
    inventory: Inventory, journal: Journal, calls: Any
) -> None:
    with pytest.raises(UsageError, match="knows: payments-2026, ledger-2026"):
        request(inventory, "orders-2026", "INC-7", "why", calls=calls, journal=journal)


def test_the_journal_knows_of_a_request_that_aws_refused(
    inventory: Inventory, journal: Journal, calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> None:
        raise RefusedByAws("AWS refused CreateRestoreAccessBackupVault.", code="InvalidRequestException")

    backups = calls.backups("eu-west-1")
    monkeypatch.setattr(backups, "create_restore_access_vault", refuse)
    with pytest.raises(RefusedByAws):
        request(inventory, "payments-2026", "INC-7", "why", calls=calls, journal=journal)
    (entry,) = journal.entries()
    assert entry["step"] == "access is asked for"
    assert entry["call"] == "backup:CreateRestoreAccessBackupVault"


def test_an_inventory_with_a_strangers_role_is_refused_before_any_call(inventory: Inventory) -> None:
    landing = dataclasses.replace(
        inventory.landing, requester_role_arn="arn:aws:iam::999999999999:role/airlock-requester"
    )
    with pytest.raises(UsageError, match=r"888888888888, but the role .*999999999999.*Nothing was asked for"):
        LandingCalls(dataclasses.replace(inventory, landing=landing))
