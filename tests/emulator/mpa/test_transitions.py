"""The transition tables against botocore's model: every state of the model is reached, and none is made up."""

import importlib
from typing import Any

import pytest
from botocore.session import get_session

from emulator.moto import install


@pytest.fixture(scope="module")
def tables() -> Any:
    install.install()
    return importlib.import_module("moto.mpa.transitions")


def enum(shape: str) -> set[str]:
    values: list[str] = get_session().get_service_model("mpa").shape_for(shape).metadata["enum"]
    return set(values)


def reached(table: Any, *first: Any) -> set[Any]:
    """The states that rows lead to, and those in which a thing begins."""
    return {*table.values(), *first}


def test_teams_reach_every_state_of_the_model_and_no_other(tables: Any) -> None:
    states = reached(tables.TEAM, tables.VALIDATING) - {tables.GONE}
    assert {state.status for state in states} == enum("ApprovalTeamStatus")
    assert {state.code for state in states if state.code} == enum("ApprovalTeamStatusCode")


def test_sessions_reach_every_state_of_the_model_and_no_other(tables: Any) -> None:
    states = reached(tables.SESSION, tables.SESSION_CREATING)
    assert {state.status for state in states} == enum("SessionStatus")
    assert {state.code for state in states if state.code} == enum("SessionStatusCode")


def test_invitations_reach_every_state_of_the_model_and_no_other(tables: Any) -> None:
    assert {state.status for state in reached(tables.INVITATION, tables.INVITED)} == enum("IdentityStatus")


def test_a_decided_session_never_moves_again(tables: Any) -> None:
    ended = {to for to in reached(tables.SESSION) if to not in tables.SESSION_OPEN}
    assert not [state for state, _ in tables.SESSION if state in ended], "A decision could be undone."


def test_a_step_without_a_row_is_a_conflict(tables: Any) -> None:
    with pytest.raises(Exception, match="Team quorum is PENDING/VALIDATING, which does not allow this: start deletion"):
        tables.follow(tables.TEAM, tables.VALIDATING, "start_deletion", "Team quorum")
