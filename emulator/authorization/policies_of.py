"""Which documents have a say about a caller, an organization's member, and a resource: read from moto's models."""

from typing import Any

from emulator.authorization import documents
from emulator.authorization.documents import Document
from emulator.authorization.evaluation import Documents
from emulator.authorization.principals import Principal
from emulator.world import organizations
from emulator.world.caller import Caller

SERVICE_CONTROL_TYPE = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL_TYPE = "RESOURCE_CONTROL_POLICY"
_NONE: Documents = ()


def principal_of(caller: Caller) -> Principal:
    """The facts about a caller that the evaluation needs."""
    return Principal(
        account=caller.account,
        arn=caller.principal_arn,
        user_id=caller.user_id,
        role_arn=caller.role_arn,
        is_root=caller.is_root,
    )


def identity(caller: Caller) -> Documents | None:
    """What allows or denies by the caller's own policies; nothing for a user or role that is gone; None for root."""
    if caller.is_root:
        return None
    held = entity(caller)
    if held is None:
        return _NONE
    holders = [held]
    if caller.user_name:
        holders += _iam(caller.account).get_groups_for_user(caller.user_name)
    return tuple(document for holder in holders for document in _attached(holder))


def boundary(caller: Caller) -> Document | None:
    """The permissions boundary. A boundary that was deleted allows nothing any more."""
    held = None if caller.is_root else entity(caller)
    arn = None if held is None else getattr(held, "permissions_boundary_arn", None)
    return managed(caller.account, str(arn)) if arn else None


def session(caller: Caller) -> Documents | None:
    """The session policies that were given with AssumeRole; None when there were none."""
    if not caller.session_policies:
        return None
    return tuple(documents.read(text) for text in caller.session_policies)


def entity(caller: Caller) -> Any | None:
    """moto's user or role behind a caller; None when it is gone (also when another was made under its name)."""
    backend = _iam(caller.account)
    if caller.user_name:
        found = backend.users.get(caller.user_name)
        return found if found is not None and found.id == caller.user_id else None
    role_id = caller.user_id.partition(":")[0]
    return backend.roles.get(role_id)


def managed(account: str, arn: str) -> Document:
    """The default version of a managed policy; a document that allows nothing when there is no such policy."""
    policy = _iam(account).managed_policies.get(arn)
    return () if policy is None else documents.read(_default_version(policy))


def managed_text(account: str, arn: str) -> str | None:
    """The text of a managed policy's default version; None when there is no such policy."""
    policy = _iam(account).managed_policies.get(arn)
    return None if policy is None else _default_version(policy)


def organization(account: str, policy_type: str) -> tuple[Documents, ...]:
    """One entry per level from the root to the account; empty where policies of the type do not apply.

    They do not bind the management account, and nobody while the type is not enabled. A level without any policy of
    the type cannot exist on AWS (the last one cannot be detached) and does not limit.
    """
    backend = organizations.organization_backend(account)
    if backend is None or backend.account_id == account or not backend.policy_type_enabled(policy_type):
        return ()
    levels = []
    for target in path_to(backend, account):
        texts = [str(policy.content) for policy in target.attached_policies if policy.type == policy_type]
        if texts:
            levels.append(tuple(documents.read(text) for text in texts))
    return tuple(levels)


def path_to(backend: Any, account: str) -> list[Any]:
    """The root, the organizational units and the account itself."""
    units = {unit.id: unit for unit in backend.ou}
    path = [found for found in backend.accounts if found.id == account]
    while path and getattr(path[0], "parent_id", None) in units:
        path.insert(0, units[path[0].parent_id])
    return path


def _iam(account: str) -> Any:
    from moto.iam.models import iam_backends

    return iam_backends[account]["aws"]


def _attached(holder: Any) -> list[Document]:
    inline = [documents.read(str(text)) for text in holder.policies.values()]
    return inline + [documents.read(_default_version(policy)) for policy in holder.managed_policies.values()]


def _default_version(policy: Any) -> str:
    version = next(version for version in policy.versions if version.version_id == policy.default_version_id)
    return str(version.document)
