"""One permission of one caller: which policies apply, and what they decide."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.authorization import policies_of, resources
from emulator.authorization.context import Context
from emulator.authorization.documents import Document
from emulator.authorization.evaluation import Decision, Documents, Policies, Request, decide
from emulator.authorization.needs import Need, Values, Where
from emulator.authorization.principals import Principal
from emulator.authorization.services import kms, s3
from emulator.world.caller import Caller

# Their resources can be reached from another account by the resource's own policy. Of the other services it is the
# service itself that knows what is shared with whom (RAM shares, approved requests, delegation).
_OPEN_TO_OTHERS = frozenset({"kms", "s3", "sts"})


def _nothing() -> Values:
    return {}


@dataclass(frozen=True)
class Asked:
    """A request as far as its conditions can ask about it: who, where, its parameters and its HTTP environment."""

    caller: Caller
    where: Where
    parameters: dict[str, Any] = field(default_factory=dict)
    of_the_service: Callable[[], Values] = _nothing
    environ: dict[str, Any] = field(default_factory=dict)


def judge(asked: Asked, need: Need) -> Decision:
    """Whether the caller has the permission; a denial says which kind of policy denied."""
    who = policies_of.principal_of(asked.caller)
    context = Context(asked.caller, asked.where, need, asked.parameters, asked.of_the_service, asked.environ)
    owner = asked.caller.account if need.resource is None else context.resource_account
    service = need.action.partition(":")[0]
    request = Request(who, need.action, need.resource, context.get, owner if service in _OPEN_TO_OTHERS else "")
    return decide(request, _policies(asked, need, who, owner, service))


def _policies(asked: Asked, need: Need, who: Principal, owner: str, service: str) -> Policies:
    caller = asked.caller
    resource = need.resource or "*"
    key = kms.key(resource) if service == "kms" else None
    return Policies(
        identity=policies_of.identity(caller),
        boundary=policies_of.boundary(caller),
        session=policies_of.session(caller),
        service_control=_of_the_organization(who, caller.account, policies_of.SERVICE_CONTROL_TYPE),
        resource_control=_resource_control(who, owner, service),
        resource=_of_the_resource(need, owner, caller.account, service),
        resource_kind=resources.kind_of_policy(need.action),
        resource_must_allow=key is not None or (service == "sts" and resource != "*"),
        granted=key is not None and kms.is_granted(resource, need.action, who, asked.parameters),
    )


def _of_the_organization(who: Principal, account: str, policy_type: str) -> tuple[Documents, ...]:
    return () if who.is_service_linked else policies_of.organization(account, policy_type)


def _resource_control(who: Principal, owner: str, service: str) -> tuple[Documents, ...]:
    if service not in resources.UNDER_RESOURCE_CONTROL:
        return ()
    return _of_the_organization(who, owner, policies_of.RESOURCE_CONTROL_TYPE)


def _of_the_resource(need: Need, owner: str, account: str, service: str) -> Document | None:
    if need.resource in (None, "*") or (service not in _OPEN_TO_OTHERS and owner != account):
        return None
    document = resources.policy_of(str(need.resource), need.action)
    if document is None or owner == account or service != "s3" or not s3.restricts_public_access(str(need.resource)):
        return document
    return tuple(statement for statement in document if not (statement.allows and _is_public(statement.principals)))


def _is_public(principals: tuple[tuple[str, str], ...] | None) -> bool:
    return ("AWS", "*") in (principals or ())
