"""Which pending creates are put into the state to be looked for, and under which id."""

from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from airlock.deploy.adoption import adopt_pending_creates
from airlock.deploy.state import State

PROVIDER = "urn:pulumi:s::airlock::pulumi:providers:aws::payments"
SHARE = "arn:aws:ram:us-east-1:777777777777:resource-share/1"
TEAM = "pulumi-python:dynamic/airlock:ApprovalTeam"


def pending(kind: str, inputs: dict[str, Any], operation: str = "creating") -> dict[str, Any]:
    resource = {
        "urn": f"urn:pulumi:s::airlock::{kind}::thing",
        "custom": True,
        "type": kind,
        "inputs": inputs,
        "outputs": {"arn": "guess"},
        "provider": f"{PROVIDER}::p1",
    }
    return {"resource": resource, "type": operation}


def state(*operations: dict[str, Any]) -> State:
    provider = {
        "urn": PROVIDER,
        "id": "p1",
        "type": "pulumi:providers:aws",
        "inputs": {"allowedAccountIds": '["444444444444"]', "region": "eu-west-1"},
    }
    return State({"version": 3, "deployment": {"resources": [provider], "pending_operations": list(operations)}})


@pytest.mark.parametrize(
    ("kind", "inputs", "id_"),
    [
        ("aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault", {"name": "v"}, "v"),
        ("aws:backup/vault:Vault", {"name": "v"}, "v"),
        ("aws:backup/restoreTestingPlan:RestoreTestingPlan", {"name": "p"}, "p"),
        (
            "aws:backup/restoreTestingSelection:RestoreTestingSelection",
            {"name": "s", "restoreTestingPlanName": "p"},
            "s:p",
        ),
        ("aws:iam/role:Role", {"name": "r"}, "r"),
        ("aws:iam/policy:Policy", {"name": "b"}, "arn:aws:iam::444444444444:policy/b"),
        ("aws:kms/alias:Alias", {"name": "alias/a"}, "alias/a"),
        (
            "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
            {"accountId": "222222222222", "servicePrincipal": "backup.amazonaws.com"},
            "222222222222/backup.amazonaws.com",
        ),
        (
            "aws:organizations/policyAttachment:PolicyAttachment",
            {"targetId": "r-1", "policyId": "p-1"},
            "r-1:p-1",
        ),
        (
            "aws:ram/resourceAssociation:ResourceAssociation",
            {"resourceShareArn": SHARE, "resourceArn": "arn:aws:mpa:us-east-1:777777777777:approval-team/q"},
            f"{SHARE},arn:aws:mpa:us-east-1:777777777777:approval-team/q",
        ),
        (
            "aws:ram/principalAssociation:PrincipalAssociation",
            {"resourceShareArn": SHARE, "principal": "444444444444"},
            f"{SHARE},444444444444",
        ),
    ],
)
def test_what_takes_its_name_only_once_is_adopted_by_its_id(kind: str, inputs: dict[str, Any], id_: str) -> None:
    before = state(pending(kind, inputs))
    after, adopted = adopt_pending_creates(before)
    assert adopted == [f"urn:pulumi:s::airlock::{kind}::thing"]
    assert after.pending == []
    assert (after.resources[-1]["id"], after.resources[-1]["outputs"]) == (id_, {}), "outputs were a guess"
    assert before.pending == ["thing"], "the state that was given must stay as it is"


@pytest.mark.parametrize(
    ("kind", "inputs", "id_"),
    [
        ("aws:backup/vault:Vault", {"name": "v", "region": "eu-west-1"}, "v"),
        ("aws:backup/vault:Vault", {"name": "v", "region": "eu-north-1"}, "v@eu-north-1"),
        ("aws:iam/role:Role", {"name": "r", "region": "eu-north-1"}, "r"),
        (
            "aws:ram/principalAssociation:PrincipalAssociation",
            {"resourceShareArn": SHARE, "principal": "444444444444", "region": "us-east-1"},
            f"{SHARE},444444444444@us-east-1",
        ),
    ],
)
def test_another_region_than_the_providers_is_part_of_the_id(kind: str, inputs: dict[str, Any], id_: str) -> None:
    after, _ = adopt_pending_creates(state(pending(kind, inputs)))
    assert after.resources[-1]["id"] == id_, "the plugin reads by the id alone, in its own Region [tf guide]"


def test_what_is_named_by_something_not_yet_known_stays_pending() -> None:
    kind, inputs = "aws:ram/principalAssociation:PrincipalAssociation", {"principal": "444444444444"}
    after, adopted = adopt_pending_creates(state(pending(kind, {**inputs, "resourceShareArn": UNKNOWN})))
    assert (adopted, after.pending) == ([], ["thing"])


def test_what_has_an_id_of_its_own_stays_pending() -> None:
    after, adopted = adopt_pending_creates(state(pending("aws:kms/key:Key", {}), pending(TEAM, {"name": "q"})))
    assert adopted == []
    assert after.pending == ["thing", "thing"]


def test_an_operation_that_is_no_create_stays_pending() -> None:
    after, adopted = adopt_pending_creates(state(pending("aws:iam/role:Role", {"name": "r"}, "updating")))
    assert (adopted, after.pending) == ([], ["thing"])
