"""The demo reports what an attack did, not what was expected of it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.attack import NEEDS_VOTE, REFUSED, SCP, WORKED, Attempt, carry_out, put_to_the_vote


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


def refusal(message: str) -> Any:
    def act() -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, "DeleteBackupVault")

    return act


@pytest.mark.parametrize(
    ("message", "denied_by"),
    [
        (
            "User: u is not authorized to perform: a on resource: r with an explicit deny in a service control policy",
            SCP,
        ),
        ("User: u is not authorized to perform: a because no service control policy allows the a action", SCP),
        ("... because no permissions boundary allows the a action", "permissions boundary"),
        ("... with an explicit deny in an identity-based policy", "identity-based policy"),
        ("Backup vault v cannot be deleted because it contains recovery points.", None),
    ],
)
def test_a_refusal_is_reported_with_the_policy_that_it_names(message: str, denied_by: str | None) -> None:
    (seen,) = carry_out([Attempt("attacker", "", REFUSED, "documented", "", refusal(message), by=SCP)])
    assert seen.denied_by == denied_by
    assert seen.as_expected is (denied_by == SCP), "a refusal for another reason than the stated one is a surprise"
