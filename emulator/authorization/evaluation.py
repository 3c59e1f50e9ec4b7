"""AWS's order of evaluation, as a function from documents and a request to a decision. It knows nothing of moto.

1. A matching Deny anywhere ends it.
2. Service control policies: every level from the root to the caller's account must allow.
3. Resource control policies: every level from the root to the resource's account must allow.
4. Inside one account a resource's policy may grant by itself, as far as it names the principal (see `Named`); else the
   identity policies must allow, and the permissions boundary and the session policies as well.
5. Across accounts both sides must allow.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from emulator.authorization import conditions, patterns
from emulator.authorization.documents import Document, Statement
from emulator.authorization.patterns import Get
from emulator.authorization.principals import Named, Principal, named

IDENTITY = "identity-based policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"
SERVICE_CONTROL = "service control policy"
RESOURCE_CONTROL = "resource control policy"
RESOURCE = "resource-based policy"
TRUST = "role trust policy"

Documents = tuple[Document, ...]


@dataclass(frozen=True)
class Request:
    """What is asked. `resource` is None where only the action counts; `get` gives the values of a condition key."""

    who: Principal
    action: str
    resource: str | None
    get: Get
    resource_account: str = ""

    @property
    def crosses_accounts(self) -> bool:
        return bool(self.resource_account) and self.resource_account != self.who.account


@dataclass(frozen=True)
class Policies:
    """Every document that has a say. None: there is no policy of that kind, so it does not limit.

    `identity` is None for root users (and for services), who need no policy of their own. `service_control` and
    `resource_control` hold one entry per level, from the root down; empty where they do not apply. `granted` is a grant
    outside of documents (of a KMS key). `resource_must_allow`: the resource's policy is the only source of access (KMS
    keys, trust policies).
    """

    identity: Documents | None = ()
    boundary: Document | None = None
    session: Documents | None = None
    service_control: tuple[Documents, ...] = ()
    resource_control: tuple[Documents, ...] = ()
    resource: Document | None = None
    resource_kind: str = RESOURCE
    resource_must_allow: bool = False
    granted: bool = False

    def by_kind(self) -> Iterator[tuple[str, Documents]]:
        yield SERVICE_CONTROL, _flat(self.service_control)
        yield RESOURCE_CONTROL, _flat(self.resource_control)
        yield self.resource_kind, () if self.resource is None else (self.resource,)
        yield IDENTITY, self.identity or ()
        yield BOUNDARY, () if self.boundary is None else (self.boundary,)
        yield SESSION, self.session or ()


@dataclass(frozen=True)
class Decision:
    """`denied_by` is the kind of policy that denied; `is_explicit` whether by a Deny or by not allowing."""

    allowed: bool
    denied_by: str = ""
    is_explicit: bool = False


ALLOWED = Decision(allowed=True)


def decide(request: Request, policies: Policies) -> Decision:
    """The decision, and for a denial the kind of policy to blame."""
    for kind, documents in policies.by_kind():
        if any(_denies(document, request) for document in documents):
            return Decision(allowed=False, denied_by=kind, is_explicit=True)
    blamed = _not_allowed_by(request, policies)
    return Decision(allowed=False, denied_by=blamed) if blamed else ALLOWED


def _not_allowed_by(request: Request, policies: Policies) -> str:
    """The kind of policy that would have had to allow and does not; empty when none is missing."""
    for kind, levels in (
        (SERVICE_CONTROL, policies.service_control),
        (RESOURCE_CONTROL, policies.resource_control),
    ):
        if not all(_allows(level, request) for level in levels):
            return kind
    names = Named.ITSELF if policies.granted else _named_by(policies.resource, request)
    if request.crosses_accounts:
        missing = _own_policies(request, policies)
        return missing or (policies.resource_kind if names is Named.NOT else "")
    if names is Named.ITSELF:
        return ""
    if policies.resource_must_allow and names is Named.NOT:
        return policies.resource_kind
    return _own_policies(request, policies, identity=names is not Named.ROLE)


def _own_policies(request: Request, policies: Policies, *, identity: bool = True) -> str:
    """What is missing among the caller's own policies."""
    if identity and policies.identity is not None and not _allows(policies.identity, request):
        return IDENTITY
    if policies.boundary is not None and not _allows((policies.boundary,), request):
        return BOUNDARY
    if policies.session is not None and not _allows(policies.session, request):
        return SESSION
    return ""


def _denies(document: Document, request: Request) -> bool:
    return any(not statement.allows and matches(statement, request) for statement in document)


def _allows(documents: Iterable[Document], request: Request) -> bool:
    return any(statement.allows and matches(statement, request) for document in documents for statement in document)


def _named_by(document: Document | None, request: Request) -> Named:
    """How strongly the Allow statements of a resource's policy name the caller."""
    allowing = (statement for statement in document or () if statement.allows and matches(statement, request))
    return max((named(statement, request.who) for statement in allowing), default=Named.NOT)


def matches(statement: Statement, request: Request) -> bool:
    """Whether a statement speaks about the request at all."""
    action = request.action.lower()
    return (
        any(patterns.like(action, pattern) for pattern in statement.actions) is not statement.all_but_actions
        and _speaks_about_resource(statement, request)
        and (statement.principals is None or named(statement, request.who) is not Named.NOT)
        and conditions.hold(statement.conditions, request.get, has_variables=statement.has_variables)
    )


def _speaks_about_resource(statement: Statement, request: Request) -> bool:
    if request.resource is None:
        return statement.allows or (not statement.all_but_resources and "*" in statement.resources)
    if not statement.resources:
        return True  # Trust policies name no resource: they hang on it.
    found = False
    for written in statement.resources:
        pattern = patterns.expand(written, request.get) if statement.has_variables else written
        found = found or (pattern is not None and patterns.like(request.resource, pattern))
    return found is not statement.all_but_resources


def _flat(levels: tuple[Documents, ...]) -> Documents:
    return tuple(document for level in levels for document in level)
