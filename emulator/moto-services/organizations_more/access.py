"""Who may call which operation of AWS Organizations.

The management account may call all of them. A member may describe its organization and its own effective policies. A
delegated administrator may also read; and it may write policies when the organization's resource policy lets it.
"""

from typing import Any

from moto.organizations.exceptions import AWSOrganizationsNotInUseException
from moto.organizations_more.exceptions import AccessDenied
from moto.organizations_more.models import OrganizationsMoreBackend

from emulator import policy_documents, world
from emulator.caller import Caller

_ANY_MEMBER = frozenset({"DescribeOrganization"})
_WITHOUT_ORGANIZATION = frozenset({"CreateOrganization"})
_POLICY_WRITES = frozenset(
    {"CreatePolicy", "UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy", "TagResource", "UntagResource"}
)
# Reads that even a delegated administrator does not have.
_MANAGEMENT_READS = frozenset({"ListHandshakesForOrganization", "ListCreateAccountStatus"})


def admit(backend: OrganizationsMoreBackend, caller: Caller, action: str, parameters: dict[str, Any]) -> None:
    """Raise what AWS raises when this caller may not call this operation of its organization."""
    management = backend.account_id
    if caller.account == management or action in _ANY_MEMBER | _WITHOUT_ORGANIZATION:
        return
    if action == "DescribeEffectivePolicy" and parameters.get("TargetId", caller.account) == caller.account:
        return
    delegated = any(admin.account.id == caller.account for admin in backend.admins)
    reading = action.startswith(("Describe", "List")) and action not in _MANAGEMENT_READS
    if reading and (delegated or _granted(backend, caller, action, parameters)):
        return
    if delegated and action in _POLICY_WRITES and _granted(backend, caller, action, parameters):
        return
    raise AccessDenied


def backend_for(caller: Caller, action: str) -> OrganizationsMoreBackend:
    """The organization of the caller: the model of its management account."""
    from moto.organizations.models import organizations_backends

    management = world.management_account_of(caller.account)
    if management is None:
        if action not in _WITHOUT_ORGANIZATION:
            raise AWSOrganizationsNotInUseException
        management = caller.account
    backend: OrganizationsMoreBackend = organizations_backends[management]["aws"]
    return backend


def _granted(backend: OrganizationsMoreBackend, caller: Caller, action: str, parameters: dict[str, Any]) -> bool:
    if backend.resource_policy is None:
        return False
    context = {"aws:PrincipalAccount": caller.account, "aws:PrincipalArn": caller.role_arn or caller.principal_arn}
    policy_type = _policy_type(backend, parameters)
    if policy_type:
        context["organizations:PolicyType"] = policy_type
    return policy_documents.allows(backend.resource_policy.content, f"organizations:{action}", caller, context)


def _policy_type(backend: OrganizationsMoreBackend, parameters: dict[str, Any]) -> str:
    """The policy type that a request is about, which is what `organizations:PolicyType` is compared with."""
    named = parameters.get("Type") or parameters.get("PolicyType") or parameters.get("Filter")
    if named:
        return str(named)
    wanted = parameters.get("PolicyId") or parameters.get("ResourceId")
    return next((str(policy.type) for policy in backend.policies if policy.id == wanted), "")
