"""AWS Organizations: the ARNs of what its operations name by id, and its condition keys."""

from typing import Any

from emulator.authorization.needs import Asking, Need, Values, Where, given
from emulator.world import organizations

Parameters = dict[str, Any]

_BY_PARAMETER = (
    "PolicyId",
    "TargetId",
    "AccountId",
    "OrganizationalUnitId",
    "ParentId",
    "ChildId",
    "RootId",
    "ResourceId",
    "HandshakeId",
)
# Both the policy and what it is put on are resources of these.
_TWO = {
    "AttachPolicy": ("PolicyId", "TargetId"),
    "DetachPolicy": ("PolicyId", "TargetId"),
    "MoveAccount": ("AccountId", "SourceParentId", "DestinationParentId"),
}
_WITHOUT_RESOURCE = ("DescribeEffectivePolicy", "ListPolicies", "ListDelegatedServicesForAccount")
_CREATES = {"CreatePolicy": "policy/{organization}/{kind}/*", "CreateOrganizationalUnit": "ou/{organization}/*"}


def needs(asking: Asking) -> list[Need]:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    action = f"organizations:{operation}"
    if operation in _TWO:
        found = [Need(action, _arn(parameters.get(name, ""), where)) for name in _TWO[operation]]
    else:
        found = [Need(action, _resource(operation, parameters, where))]
    if operation.startswith("Create") and parameters.get("Tags"):
        found.append(Need("organizations:TagResource", found[0].resource))
    return found


def _resource(operation: str, parameters: Parameters, where: Where) -> str:
    organization = organizations.organization_of(where.account)
    if operation in _WITHOUT_RESOURCE or organization is None:
        return "*"
    if operation in _CREATES:
        kind = str(parameters.get("Type", "")).lower()
        rest = _CREATES[operation].format(organization=organization.id, kind=kind)
        return f"arn:aws:organizations::{organization.management}:{rest}"
    name = next((name for name in _BY_PARAMETER if parameters.get(name)), None)
    return "*" if name is None else _arn(str(parameters[name]), where)


def _arn(identifier: str, where: Where) -> str:
    found = _object(identifier, where)
    return "*" if found is None else str(found.arn)


def _object(identifier: str, where: Where) -> Any | None:
    backend = organizations.organization_backend(where.account)
    if backend is None:
        return None
    known = [*backend.policies, *backend.ou, *backend.accounts]
    return next((each for each in known if each.id == identifier), None)


def tags_of(arn: str) -> dict[str, str]:
    backend = organizations.organization_backend(arn.split(":")[4])
    known = [] if backend is None else [*backend.policies, *backend.ou, *backend.accounts]
    return next((dict(each.tags) for each in known if each.arn == arn), {})


def values(asking: Asking) -> Values:
    """The type of the policy that a request is about, and the service that it names."""
    parameters = asking.parameters
    return given(
        organizations__PolicyType=_policy_type(parameters, asking.where),
        organizations__ServicePrincipal=parameters.get("ServicePrincipal"),
    )


def _policy_type(parameters: Parameters, where: Where) -> str | None:
    for name in ("Type", "PolicyType", "Filter"):
        if parameters.get(name):
            return str(parameters[name])
    found = _object(str(parameters.get("PolicyId") or parameters.get("ResourceId") or ""), where)
    return getattr(found, "type", None) if hasattr(found, "content") else None
