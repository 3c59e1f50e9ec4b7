"""The opt-in of the organization stays on, and keys die slowly."""

from __future__ import annotations

import pytest

from tests.policies.bags import KEY, OTHER, SETTINGS, SETTINGS_SWITCHED_ON, told
from vault_rules import keys, settings


class TestKeepApprovalsOn:
    rule = settings.keep_approvals_on()

    def test_switched_on_passes(self) -> None:
        assert told(self.rule, SETTINGS, {"globalSettings": {"isMpaEnabled": "true"}}) == []

    @pytest.mark.parametrize("found", [{"isMpaEnabled": "false"}, {"isCrossAccountBackupEnabled": "true"}, {}])
    def test_off_or_left_out_is_refused(self, found: dict[str, str]) -> None:
        (message,) = told(self.rule, SETTINGS, {"globalSettings": found})
        assert "no vault of the organization takes an approval team" in message

    def test_our_own_type_lists_what_is_on(self) -> None:
        both = ["isCrossAccountBackupEnabled", "isMpaEnabled"]
        assert told(self.rule, SETTINGS_SWITCHED_ON, {"settings": both}) == []
        (message,) = told(self.rule, SETTINGS_SWITCHED_ON, {"settings": both[:1]})
        assert "Switch isMpaEnabled on" in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, {"globalSettings": {"isMpaEnabled": "false"}}) == []


class TestDeletionTakesAMonth:
    rule = keys.deletion_takes_a_month()

    def test_thirty_days_pass(self) -> None:
        assert told(self.rule, KEY, {"deletionWindowInDays": 30.0}) == []

    def test_nothing_said_passes_because_aws_takes_thirty(self) -> None:
        assert told(self.rule, KEY, {}) == []

    def test_a_week_is_refused(self) -> None:
        (message,) = told(self.rule, KEY, {"deletionWindowInDays": 7.0})
        assert "gone 7 days after somebody schedules its deletion" in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, {"deletionWindowInDays": 7.0}) == []
