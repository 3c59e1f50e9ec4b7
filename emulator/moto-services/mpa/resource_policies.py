"""The policies on a team: AWS's own that it was created with, and the one that RAM puts there while it is shared."""

import json
from typing import Any

from . import policies, sharing
from .exceptions import ResourceNotFoundException
from .teams import Team

READS = ["mpa:GetApprovalTeam", "mpa:GetSession", "mpa:ListSessions", "mpa:StartSession"]


def of_team(team: Team) -> list[dict[str, Any]]:
    managed = [{"PolicyArn": arn, "PolicyType": "AWS_MANAGED", "PolicyName": _name(arn)} for arn in team.policies]
    shared = [
        {"PolicyArn": arn, "PolicyType": "AWS_RAM", "PolicyName": arn.rpartition("/")[2]}
        for arn in sharing.permissions_on(team.arn)
    ]
    return managed + shared


def _name(qualified_arn: str) -> str:
    return qualified_arn.split("/")[-2]


def document(team: Team, name: str, policy_type: str) -> dict[str, Any]:
    found = next(
        (p for p in of_team(team) if p["PolicyName"] == name and p["PolicyType"] == policy_type),
        None,
    )
    if found is None:
        raise ResourceNotFoundException(f"Team {team.name} has no {policy_type} policy named {name}.")
    answer = {"ResourceArn": team.arn, "PolicyType": policy_type, "PolicyName": name}
    if policy_type == "AWS_MANAGED":
        version = policies.get_version(found["PolicyArn"])
        return answer | {"PolicyVersionArn": version["Arn"], "PolicyDocument": version["Document"]}
    return answer | {"PolicyVersionArn": f"{found['PolicyArn']}/1", "PolicyDocument": json.dumps(_sharing(team))}


def _sharing(team: Team) -> dict[str, Any]:
    consumers = sharing.consumers_of(team.arn)
    statement = {"Effect": "Allow", "Principal": {"AWS": consumers}, "Action": READS, "Resource": team.arn}
    return {"Version": "2012-10-17", "Statement": [statement]}
