"""AWS RAM: its resources and condition keys."""

from importlib import import_module
from typing import Any

from emulator.authorization.needs import Asking, Need, Values, Where, given

Parameters = dict[str, Any]

_BY_PARAMETER = ("resourceShareInvitationArn", "resourceShareArn", "permissionArn", "resourceArn")
_LISTS = ("GetResourceShareAssociations", "ListPermissionAssociations", "ListPrincipals")
_CREATES = {"CreateResourceShare": "resource-share/*", "CreatePermission": "permission/*"}
# How `ram:RequestedResourceType` names what an ARN is.
_TYPES = {"mpa:approval-team": "mpa:ApprovalTeam", "backup:backup-vault": "backup:BackupVault"}


def needs(asking: Asking) -> list[Need]:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    resource = _resource(operation, parameters, where)
    found = [Need(f"ram:{operation}", resource)]
    if operation in _CREATES and parameters.get("tags"):
        found.append(Need("ram:TagResource", resource))
    return found


def _resource(operation: str, parameters: Parameters, where: Where) -> str:
    if operation in _CREATES:
        return where.arn("ram", _CREATES[operation])
    if operation in _LISTS:
        return "*"
    return next((str(parameters[name]) for name in _BY_PARAMETER if parameters.get(name)), "*")


def values(asking: Asking) -> Values:
    """What is shared with whom; of an existing share also what it is."""
    operation, parameters = asking.operation, asking.parameters
    resources = parameters.get("resourceArns")
    named = given(
        ram__RequestedResourceType=None if resources is None else [_type(arn) for arn in resources],
        ram__ResourceArn=resources,
        ram__Principal=parameters.get("principals"),
        ram__PermissionArn=parameters.get("permissionArns") or parameters.get("permissionArn"),
    )
    if operation == "CreateResourceShare":
        external = parameters.get("allowExternalPrincipals", True)
        return named | given(
            ram__RequestedAllowsExternalPrincipals=external, ram__ResourceShareName=parameters.get("name")
        )
    if operation == "UpdateResourceShare":
        named |= given(ram__RequestedAllowsExternalPrincipals=parameters.get("allowExternalPrincipals"))
    return named | _of_the_share(str(parameters.get("resourceShareArn", "")), operation, parameters)


def _of_the_share(arn: str, operation: str, parameters: Parameters) -> Values:
    state = import_module("moto.ram.state")
    if operation.endswith("ResourceShareInvitation"):
        asked = parameters.get("resourceShareInvitationArn")
        invited = (invitation for found in state.everywhere() for invitation in found.invitations.values())
        arn = next((invitation.share_arn for invitation in invited if invitation.arn == asked), "")
    share = next((share for share in state.shares() if share.arn == arn), None)
    if share is None:
        return {}
    return given(
        ram__ResourceShareName=share.name,
        ram__AllowsExternalPrincipals=share.allow_external,
        ram__ShareOwnerAccountId=share.owner,
    )


def _type(arn: str) -> str:
    service, _, rest = arn.removeprefix("arn:aws:").partition(":")
    kind = rest.split(":", 2)[-1].replace("/", ":").split(":")[0]
    return _TYPES.get(f"{service}:{kind}", f"{service}:{kind}")
