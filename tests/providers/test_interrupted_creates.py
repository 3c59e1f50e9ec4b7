"""A run that was killed between the call and the state file, provider by provider; tokens that name the dead."""

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.dynamic import ResourceProvider

from airlock.providers.approval_team import ApprovalTeamProvider
from airlock.providers.delegation_policy import DelegationPolicyProvider
from airlock.providers.identity_source import IdentitySourceProvider
from airlock.providers.policy_type import EnabledPolicyTypeProvider
from tests.clients.conftest import Stubs, stubs
from tests.providers.conftest import MANAGEMENT, PEOPLE, RECOVERY, Program, World

__all__ = ["stubs"]

SOURCE = "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter"
TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-"


class KilledError(Exception):
    """Stands for SIGKILL: the effect is there, the answer never arrives."""


def team(world: World) -> dict[str, Any]:
    source = {"identity_center_region": "us-east-1", "owner": "s", "connection": world.connection(RECOVERY)}
    return {
        "connection": world.connection(RECOVERY),
        "name": "quorum",
        "description": "d",
        "threshold": 2,
        "approvers": PEOPLE,
        "identity_source_arn": IdentitySourceProvider().create(source).id,
        "identity_center_region": "us-east-1",
        "owner": "airlock/recovery/quorum",
    }


def identity_source(world: World) -> dict[str, Any]:
    return {"connection": world.connection(RECOVERY), "identity_center_region": "us-east-1", "owner": "o"}


def policy_type(world: World) -> dict[str, Any]:
    return {"connection": world.connection(MANAGEMENT), "policy_type": "BACKUP_POLICY", "owner": "o"}


def delegation(world: World) -> dict[str, Any]:
    statement = {"Sid": "Airlock", "Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "organizations:*"}
    return {"connection": world.connection(MANAGEMENT), "statements": [{**statement, "Resource": "*"}], "owner": "o"}


CASES = [
    (ApprovalTeamProvider, team, "CreateApprovalTeam"),
    (IdentitySourceProvider, identity_source, "CreateIdentitySource"),
    (EnabledPolicyTypeProvider, policy_type, "EnablePolicyType"),
    (DelegationPolicyProvider, delegation, "PutResourcePolicy"),
]


@pytest.mark.parametrize(("provider", "inputs", "operation"), CASES, ids=[case[2] for case in CASES])
def test_a_create_that_was_killed_after_the_effect_is_repeated_without_a_second_effect(
    provider: type[ResourceProvider],
    inputs: Callable[[World], dict[str, Any]],
    operation: str,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: object) -> None:
        raise KilledError

    program = Program(provider(), world, inputs(world))
    since = world.seq()
    with monkeypatch.context() as interrupted:
        interrupted.setattr(provider, "outputs", killed)
        with pytest.raises(KilledError):
            program.up()
    assert world.writes_since(since) == [operation], "The effect must have happened, or the test shows nothing."
    assert program.settle() == [], "A second effect would be a duplicate, and the first one an orphan."
    assert program.id


def test_a_token_that_answers_with_a_team_that_is_gone_is_followed_by_another_token(stubs: Stubs) -> None:
    tokens: list[str] = []
    mpa = stubs.of("mpa")
    mpa.client.meta.events.register(
        "before-parameter-build.mpa.CreateApprovalTeam", lambda params, **_: tokens.append(params["ClientToken"])
    )
    instance = {"InstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef", "IdentityStoreId": "d-1234567890"}
    stubs.of("sso-admin").add_response("list_instances", {"Instances": [instance]})
    for user in PEOPLE:
        found = {
            "IdentityStoreId": "d-1234567890",
            "UserId": f"id-of-{user}",
            "UserArn": f"arn:aws:identitystore::777777777777:user/d-1234567890/{user}-0000",
        }
        stubs.of("identitystore").add_response("get_user_id", found)
    mpa.add_response("list_approval_teams", {"ApprovalTeams": []})
    mpa.add_response("create_approval_team", {"Arn": TEAM + "dead"})
    mpa.add_client_error("get_approval_team", "ResourceNotFoundException")
    mpa.add_response("create_approval_team", {"Arn": TEAM + "new"})
    for _ in range(2):
        mpa.add_response("get_approval_team", {"Arn": TEAM + "new", "Status": "PENDING", "StatusCode": "VALIDATING"})
    made = ApprovalTeamProvider().create(
        {
            "connection": {"account_id": "777777777777", "region": "us-east-1"},
            "name": "quorum",
            "description": "d",
            "threshold": 2.0,
            "approvers": PEOPLE,
            "identity_source_arn": SOURCE,
            "identity_center_region": "us-east-1",
            "owner": "o",
        }
    )
    assert made.id == TEAM + "new"
    assert len(set(tokens)) == 2
