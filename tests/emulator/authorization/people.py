"""Callers of the enforcement tests: users and roles with policies, and what a refusal says."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import MANAGEMENT, PAYMENTS, Emulator

Statement = dict[str, Any]


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, resource: Any = "*", **rest: Any) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **rest}


def deny(*actions: str, resource: Any = "*", **rest: Any) -> Statement:
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **rest}


def enforce(emulator: Emulator) -> None:
    emulator.control("POST", "enforcement", {"on": True})


def user(emulator: Emulator, *statements: Statement, name: str = "ada", account: str = PAYMENTS) -> dict[str, str]:
    """A user with these statements as its inline policy; its keys, as keyword arguments for `client`."""
    iam = emulator.client("iam", account)
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def role(
    emulator: Emulator, *statements: Statement, name: str = "worker", account: str = PAYMENTS, **options: Any
) -> str:
    """A role that its account's administrators may take on, with these statements as its inline policy; its ARN."""
    iam = emulator.client("iam", account)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
    options = {"AssumeRolePolicyDocument": document(trust), **options}
    arn = iam.create_role(RoleName=name, **options)["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
    return str(arn)


def service_control(emulator: Emulator, *statements: Statement, target: str = "") -> str:
    """A service control policy on the root of the organization (or on `target`); its id."""
    return organization_policy(emulator, "SERVICE_CONTROL_POLICY", *statements, target=target)


def organization_policy(emulator: Emulator, policy_type: str, *statements: Statement, target: str = "") -> str:
    organizations = emulator.client("organizations", MANAGEMENT)
    root = organizations.list_roots()["Roots"][0]
    if policy_type not in {enabled["Type"] for enabled in root["PolicyTypes"]}:
        organizations.enable_policy_type(RootId=root["Id"], PolicyType=policy_type)
    known = len(organizations.list_policies(Filter=policy_type)["Policies"])
    made = organizations.create_policy(
        Name=f"limit-{known}", Description="", Type=policy_type, Content=document(*statements)
    )
    policy_id = str(made["Policy"]["PolicySummary"]["Id"])
    organizations.attach_policy(PolicyId=policy_id, TargetId=target or root["Id"])
    return policy_id


def refused(call: Callable[..., object], **parameters: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value


def says(refusal: ClientError) -> str:
    return str(refusal.response["Error"]["Message"])
