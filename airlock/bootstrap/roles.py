"""The deployment role and its sibling for tear-down, as CloudFormation resources."""

from typing import Any

from airlock.domain.names import BREAK_GLASS_ROLE, DEPLOY_ROLE


def deploy_roles() -> dict[str, Any]:
    """Both roles. The account's administrators may take them on; the organization's guardrails exempt them by name."""
    return {
        "DeployRole": _role(DEPLOY_ROLE, "Airlock deploys this account through it. Nobody else needs it."),
        "BreakGlassRole": _role(BREAK_GLASS_ROLE, "Ends drills and emergency access. Every use should raise an alarm."),
    }


def _role(name: str, description: str) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        # A lost role locks the deployment out behind its own guardrail.
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "RoleName": name,
            "Description": description,
            "AssumeRolePolicyDocument": statement_document(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                    "Action": "sts:AssumeRole",
                }
            ),
            "Policies": [
                {
                    "PolicyName": name,
                    "PolicyDocument": statement_document({"Effect": "Allow", "Action": "*", "Resource": "*"}),
                }
            ],
            "Tags": [{"Key": "airlock", "Value": "bootstrap"}],
        },
    }


def statement_document(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}
