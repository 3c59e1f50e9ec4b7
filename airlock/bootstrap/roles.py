"""The deployment role and its sibling for tear-down, as CloudFormation resources."""

from typing import Any

from airlock.domain.names import BREAK_GLASS_ROLE, DEPLOY_ROLE
from airlock.domain.policy_documents import policy_document, trust_of_account


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
            "AssumeRolePolicyDocument": trust_of_account(own_root()),
            "Policies": [
                {
                    "PolicyName": name,
                    "PolicyDocument": policy_document([{"Effect": "Allow", "Action": "*", "Resource": "*"}]),
                }
            ],
            "Tags": [{"Key": "airlock", "Value": "bootstrap"}],
        },
    }


def own_root() -> dict[str, str]:
    """The account that the template is deployed into, as a principal."""
    return own_arn("root")


def own_arn(resource: str) -> dict[str, str]:
    """An IAM resource of the account that the template is deployed into."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{resource}"}
