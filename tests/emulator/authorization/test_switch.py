"""Enforcement is off until somebody switches it on, and a reset switches it off."""

from typing import Any

import pytest

from tests.emulator.authorization.people import enforce, refused, says, user
from tests.emulator.conftest import PAYMENTS, TWO_ORGANIZATIONS, ControlRefused, Emulator


def test_it_is_off_at_first_and_a_user_without_a_policy_may_do_everything(emulator: Emulator) -> None:
    emulator.seed()
    assert emulator.control("GET", "enforcement") == {"on": False}
    emulator.client("backup", PAYMENTS, **user(emulator)).create_backup_vault(BackupVaultName="any-vault")


def test_switched_on_a_user_without_a_policy_may_do_nothing(emulator: Emulator) -> None:
    emulator.seed()
    backup = emulator.client("backup", PAYMENTS, **user(emulator))
    assert emulator.control("POST", "enforcement", {"on": True}) == {"on": True}
    assert "no identity-based policy allows" in says(refused(backup.list_backup_vaults))
    assert emulator.control("POST", "enforcement", {"on": False}) == {"on": False}
    backup.list_backup_vaults()


def test_a_reset_switches_it_off(emulator: Emulator) -> None:
    emulator.seed()
    enforce(emulator)
    emulator.control("POST", "reset")
    assert emulator.control("GET", "enforcement") == {"on": False}


def test_a_seed_can_switch_it_on_and_then_it_is_on_after_each_reset(emulator: Emulator) -> None:
    emulator.seed({**TWO_ORGANIZATIONS, "enforcement": True})
    assert emulator.control("GET", "enforcement") == {"on": True}
    emulator.control("POST", "enforcement", {"on": False})
    emulator.control("POST", "reset")
    assert emulator.control("GET", "enforcement") == {"on": True}


@pytest.mark.parametrize("body", [{}, {"on": "yes"}, {"on": 1}, {"on": True, "for": "a day"}])
def test_anything_but_true_or_false_is_refused_and_changes_nothing(emulator: Emulator, body: dict[str, Any]) -> None:
    with pytest.raises(ControlRefused) as refusal:
        emulator.control("POST", "enforcement", body)
    assert refusal.value.status == 400
    assert emulator.control("GET", "enforcement") == {"on": False}


def test_a_seed_with_another_value_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ControlRefused) as refusal:
        emulator.seed({**TWO_ORGANIZATIONS, "enforcement": "on"})
    assert refusal.value.status == 400
