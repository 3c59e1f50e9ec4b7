"""AWS IAM: the ARNs of users, roles, groups and policies, with their paths, and its condition keys."""

from typing import Any

from emulator.authorization.needs import Asking, Need, Values, Where, given, pass_role

Parameters = dict[str, Any]

# In this order: AttachRolePolicy names a role and a policy, and the role is the resource.
_BY_PARAMETER = (
    ("RoleName", "role"),
    ("UserName", "user"),
    ("GroupName", "group"),
    ("InstanceProfileName", "instance-profile"),
    ("PolicyName", "policy"),
)
_BY_ARN = ("PolicyArn", "PolicySourceArn", "SAMLProviderArn", "OpenIDConnectProviderArn")
# Without a user name these are about the user who calls.
_OWN_USER = ("GetUser", "ChangePassword", "CreateAccessKey", "ListAccessKeys", "DeleteAccessKey", "UpdateAccessKey")
_BOUND = ("CreateRole", "CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary")
# The condition key of these is the boundary that the role or user has already.
_OF_THE_BOUND = (
    "AttachRolePolicy",
    "AttachUserPolicy",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DeleteUserPermissionsBoundary",
    "DeleteUserPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
)
_COLONS_OF_AN_ARN = 5
_TAG = {"CreateRole": "TagRole", "CreateUser": "TagUser", "CreatePolicy": "TagPolicy"}


def needs(asking: Asking) -> list[Need]:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    resource = _resource(operation, parameters, where, asking.user_name)
    found = [Need(f"iam:{operation}", resource)]
    if operation in _TAG and parameters.get("Tags"):
        found.append(Need(f"iam:{_TAG[operation]}", resource))
    if operation == "AddRoleToInstanceProfile":
        found.append(pass_role(_arn("role", str(parameters.get("RoleName", "")), where), "ec2"))
    return found


def _resource(operation: str, parameters: Parameters, where: Where, user_name: str) -> str:
    if operation == "CreateServiceLinkedRole":
        service = str(parameters.get("AWSServiceName", ""))
        return f"arn:aws:iam::{where.account}:role/aws-service-role/{service}/*"
    if operation.startswith("List") and not any(parameters.get(name) for name, _ in _BY_PARAMETER):
        return str(parameters.get("PolicyArn") or "*")
    for name, kind in _BY_PARAMETER:
        if parameters.get(name):
            return _arn(kind, str(parameters[name]), where, str(parameters.get("Path") or "/"))
    if operation in _OWN_USER and user_name:
        return _arn("user", user_name, where)
    return next((str(parameters[name]) for name in _BY_ARN if parameters.get(name)), "*")


def _arn(kind: str, name: str, where: Where, path: str = "/") -> str:
    """With the path that the thing has, or (when it does not exist yet) the one that it is asked to have."""
    found = _find(kind, name, where.account)
    return f"arn:aws:iam::{where.account}:{kind}{path}{name}" if found is None else str(found.arn)


def _find(kind: str, name: str, account: str) -> Any | None:
    from moto.iam.models import iam_backends

    if account not in iam_backends:
        return None
    backend = iam_backends[account]["aws"]
    if kind == "user":
        return backend.users.get(name)
    if kind == "group":
        return backend.groups.get(name)
    if kind not in ("role", "instance-profile"):
        return None
    held = backend.roles if kind == "role" else backend.instance_profiles
    return next((each for each in held.values() if each.name == name), None)


def role(role_arn: str) -> Any | None:
    """moto's role, by its whole ARN."""
    if role_arn.count(":") != _COLONS_OF_AN_ARN:
        return None
    found = _find("role", role_arn.rpartition("/")[2], role_arn.split(":")[4])
    return found if found is not None and found.arn == role_arn else None


def policy_of(role_arn: str) -> str | None:
    """The trust policy of a role."""
    found = role(role_arn)
    return None if found is None else str(found.assume_role_policy_document)


def tags_of(arn: str) -> dict[str, str]:
    """The tags of a role, a user or a customer managed policy."""
    from moto.iam.models import iam_backends

    account, rest = arn.split(":")[4], arn.split(":", 5)[5]
    kind, _, path = rest.partition("/")
    if account not in iam_backends:
        return {}
    backend = iam_backends[account]["aws"]
    if kind == "user":
        return {tag["Key"]: tag["Value"] for tag in backend.tagger.list_tags_for_resource(arn)["Tags"]}
    found = backend.managed_policies.get(arn) if kind == "policy" else _find(kind, path.rpartition("/")[2], account)
    return tags_in(getattr(found, "tags", None))


def tags_in(tags: Any) -> dict[str, str]:
    """moto keeps tags in several forms."""
    if isinstance(tags, dict):
        return {key: value["Value"] if isinstance(value, dict) else str(value) for key, value in tags.items()}
    return {tag["Key"]: tag["Value"] for tag in tags or []}


def values(asking: Asking) -> Values:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    found = given(iam__PolicyARN=parameters.get("PolicyArn"), iam__AWSServiceName=parameters.get("AWSServiceName"))
    if operation in _BOUND:
        found |= given(iam__PermissionsBoundary=parameters.get("PermissionsBoundary"))
    if operation in _OF_THE_BOUND:
        kind, name = ("role", "RoleName") if parameters.get("RoleName") else ("user", "UserName")
        held = _find(kind, str(parameters.get(name, "")), where.account)
        found |= given(iam__PermissionsBoundary=getattr(held, "permissions_boundary_arn", None) or None)
    return found
