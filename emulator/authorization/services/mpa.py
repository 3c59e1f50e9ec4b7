"""Multi-party approval: its resources, and what its condition keys compare."""

from importlib import import_module
from typing import Any

from emulator.authorization.needs import Asking, Need, Values, Where, through

Parameters = dict[str, Any]

_BY_PARAMETER = (
    "SessionArn",
    "ApprovalTeamArn",
    "IdentitySourceArn",
    "ResourceArn",
    "Arn",
    "PolicyVersionArn",
    "PolicyArn",
)
_CREATES = {
    "CreateApprovalTeam": "approval-team/{Name}-*",
    "CreateIdentitySource": "identity-source/IamIdentityCenter",
}
# What creating an identity source does in IAM Identity Center, in the caller's name.
_IDENTITY_CENTER = (
    "sso:CreateApplication",
    "sso:DescribeApplication",
    "sso:DescribeInstance",
    "sso:ListInstances",
    "sso:PutApplicationAccessScope",
    "sso:PutApplicationAssignmentConfiguration",
    "sso:PutApplicationAuthenticationMethod",
    "sso:PutApplicationGrant",
)
_ALSO = {
    "CreateIdentitySource": _IDENTITY_CENTER,
    "DeleteIdentitySource": ("sso:DeleteApplication",),
}


def needs(asking: Asking) -> list[Need]:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    resource = _resource(operation, parameters, where)
    found = [Need(f"mpa:{operation}", resource)]
    if operation in _CREATES and parameters.get("Tags"):
        found.append(Need("mpa:TagResource", resource))
    return found + [Need(action, None, through("mpa")) for action in _ALSO.get(operation, ())]


def _resource(operation: str, parameters: Parameters, where: Where) -> str:
    if operation in _CREATES:
        return where.arn("mpa", _CREATES[operation].format(**{"Name": "", **parameters}))
    return next((str(parameters[name]) for name in _BY_PARAMETER if parameters.get(name)), "*")


def values(asking: Asking) -> Values:
    """What the session that is read or cancelled is about."""
    operation, parameters = asking.operation, asking.parameters
    if operation not in ("GetSession", "CancelSession"):
        return {}
    session = import_module("moto.mpa.models").session(str(parameters.get("SessionArn", "")))
    return {} if session is None else about(session.request.action_name, session.request.protected_resource_arn)


def about(operation: str, protected_resource_arn: str) -> Values:
    """The keys of a session: the protected operation, and the account of the protected resource."""
    account = protected_resource_arn.split(":")[4]
    return {"mpa:requestedoperation": (operation,), "mpa:protectedresourceaccount": (account,)}


def start_session(team_arn: str, operation: str, protected_resource_arn: str, service: str) -> Need:
    """The permission that an integrating service uses in the caller's name to put a request to the vote."""
    return Need("mpa:StartSession", team_arn, {**about(operation, protected_resource_arn), **through(service)})
