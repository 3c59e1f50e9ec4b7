"""The demo reports what an attack did, not what was expected of it."""

from __future__ import annotations

from typing import Any

from demo.attack import NEEDS_VOTE, WORKED, Attempt, carry_out, put_to_the_vote


class Vault:
    """A vault service of two answers: before and after the change was asked for."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)

    def describe_backup_vault(self, **_: str) -> dict[str, Any]:
        return self._answers.pop(0)


OPEN = {"LatestMpaApprovalTeamUpdate": {"Status": "PENDING"}}


def attempt(vault: Vault) -> Attempt:
    return Attempt(
        "attacker", "change the team", NEEDS_VOTE, "documented", "", lambda: put_to_the_vote(vault, "v", str)
    )


def test_a_change_that_waits_for_the_team_is_reported_as_waiting() -> None:
    (seen,) = carry_out([attempt(Vault({"MpaApprovalTeamArn": "ours"}, {"MpaApprovalTeamArn": "ours", **OPEN}))])
    assert (seen.outcome, seen.as_expected) == (NEEDS_VOTE, True)


def test_a_team_that_is_exchanged_at_once_is_reported_as_a_success_of_the_attacker() -> None:
    (seen,) = carry_out([attempt(Vault({"MpaApprovalTeamArn": "ours"}, {"MpaApprovalTeamArn": "theirs", **OPEN}))])
    assert (seen.outcome, seen.as_expected) == (WORKED, False), "an open door would read as a vote"


def test_a_change_without_an_open_vote_is_not_reported_as_waiting() -> None:
    (seen,) = carry_out([attempt(Vault({"MpaApprovalTeamArn": "ours"}, {"MpaApprovalTeamArn": "ours"}))])
    assert (seen.outcome, seen.as_expected) == (WORKED, False)
