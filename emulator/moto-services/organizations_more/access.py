"""Who may call which operation of AWS Organizations.

As the service model says of each operation: some are the management account's own, some are also open to delegated
administrators, and some to every member. What is said here holds whether or not IAM policies are evaluated.
"""

from typing import Any

from emulator.authorization import policy_documents
from emulator.world import organizations
from emulator.world.caller import Caller

from .exceptions import AccessDeniedException, AWSOrganizationsNotInUseException
from .models import OrganizationsMoreBackend
from .resource_policies import DELEGABLE_READS, DELEGABLE_WRITES

# Also for accounts that are in no organization.
ANYBODY = frozenset(
    {"CreateOrganization", "AcceptHandshake", "DeclineHandshake", "CancelHandshake", "DescribeHandshake"}
    | {"ListHandshakesForAccount"}
)
_ANY_MEMBER = frozenset({"DescribeOrganization", "LeaveOrganization"})


def admit(backend: OrganizationsMoreBackend, caller: Caller, action: str, parameters: dict[str, Any]) -> None:
    """Raise what AWS raises when this caller may not call this operation of its organization."""
    if caller.account == backend.account_id or action in _ANY_MEMBER:
        return
    if action == "DescribeEffectivePolicy" and parameters.get("TargetId", caller.account) == caller.account:
        return
    delegated = any(admin.account.id == caller.account for admin in backend.admins)
    if action in DELEGABLE_READS and (delegated or _granted(backend, caller, action, parameters)):
        return
    if action in DELEGABLE_WRITES and delegated and _granted(backend, caller, action, parameters):
        return
    raise AccessDeniedException


def backend_for(caller: Caller, action: str) -> OrganizationsMoreBackend:
    """The organization of the caller: the model of its management account."""
    from moto.organizations.models import organizations_backends

    management = organizations.management_account_of(caller.account)
    if management is None:
        if action not in ANYBODY:
            raise AWSOrganizationsNotInUseException
        management = caller.account
    backend: Any = organizations_backends[management]["aws"]
    found: OrganizationsMoreBackend = backend
    return found


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
    if isinstance(named, str):
        return named
    wanted = parameters.get("PolicyId") or parameters.get("ResourceId")
    return next((policy.type for policy in backend.policies if policy.id == wanted), "")
