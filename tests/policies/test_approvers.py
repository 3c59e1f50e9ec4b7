"""Teams: enough people, none of them twice, none of them indispensable."""

from __future__ import annotations

import pytest

from tests.policies.bags import OTHER, TEAM, team, told
from vault_rules import approvers


class TestCanLoseOne:
    rule = approvers.can_lose_one()

    def test_two_of_three_pass(self) -> None:
        assert told(self.rule, TEAM, team()) == []

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"approvers": ["ada.lind", "bo.berg"]}, "has 2 approvers"),
            ({"approvers": [f"user{number}" for number in range(21)]}, "has 21 approvers"),
            ({"threshold": 1.0}, "one person alone could take the backups"),
            ({"threshold": 3.0}, "needs 3 approvals of 3 people"),
        ],
    )
    def test_one_change_is_refused(self, changes: dict[str, object], expected: str) -> None:
        (message,) = told(self.rule, TEAM, team(**changes))
        assert "Team `quorum`" in message
        assert expected in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, team(threshold=1.0)) == []


class TestAreDistinct:
    rule = approvers.are_distinct()

    def test_three_people_pass(self) -> None:
        assert told(self.rule, TEAM, team()) == []

    def test_one_person_under_two_spellings_is_refused(self) -> None:
        (message,) = told(self.rule, TEAM, team(approvers=["ada.lind", "bo.berg", "Ada.Lind"]))
        assert "names `Ada.Lind` twice" in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, team(approvers=["ada.lind", "ada.lind"])) == []
