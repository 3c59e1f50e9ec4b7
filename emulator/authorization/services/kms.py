"""AWS KMS: the key that an operation means, its policy and grants, and the condition keys of KMS."""

from typing import Any

from emulator.authorization.needs import Asking, Need, Values, Where, given
from emulator.authorization.principals import Principal

Parameters = dict[str, Any]

_WITHOUT_KEY = ("CreateKey", "ListKeys", "ListAliases", "GenerateRandom", "ListRetirableGrants")
_ALIASES = ("CreateAlias", "DeleteAlias", "UpdateAlias")
_LENGTH_OF_A_KEY_ID = 36  # at the start of moto's ciphertexts


def needs(asking: Asking) -> list[Need]:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    if operation in _ALIASES:
        return _of_an_alias(operation, parameters, where)
    if operation == "ReEncrypt":
        source = parameters.get("SourceKeyId") or _key_of(parameters.get("CiphertextBlob"))
        target = parameters.get("DestinationKeyId", "")
        return [
            Need("kms:ReEncryptFrom", key_arn(source, where)),
            Need("kms:ReEncryptTo", key_arn(target, where)),
        ]
    if operation in _WITHOUT_KEY:
        found = [Need(f"kms:{operation}")]
        return [*found, Need("kms:TagResource")] if parameters.get("Tags") else found
    named = parameters.get("KeyId") or _key_of(parameters.get("CiphertextBlob"))
    return [Need(f"kms:{operation}", key_arn(named, where) if named else "*")]


def _of_an_alias(operation: str, parameters: Parameters, where: Where) -> list[Need]:
    """An alias is changed with permission on the alias and on every key that it points to, before and after."""
    name = str(parameters.get("AliasName", ""))
    before = key_arn(name, where)
    keys = {before} if ":key/" in before else set()
    if parameters.get("TargetKeyId"):
        keys.add(key_arn(str(parameters["TargetKeyId"]), where))
    arns = [where.arn("kms", name), *sorted(keys)]
    return [Need(f"kms:{operation}", arn) for arn in arns]


def _key_of(ciphertext: Any) -> str:
    return ciphertext[:_LENGTH_OF_A_KEY_ID].decode("ascii", "replace") if isinstance(ciphertext, bytes) else ""


def key_arn(named: str, where: Where) -> str:
    """The ARN of a key that is named by id, ARN, alias or alias ARN."""
    parts = named.split(":", 5)
    account, region, name = (parts[4], parts[3], parts[5]) if len(parts) == 6 else (where.account, where.region, named)
    there = Where(account, region)
    if not name.startswith("alias/"):
        return there.arn("kms", f"key/{name.removeprefix('key/')}")
    backend = _backend(account, region)
    identifier = None if backend is None else backend.get_key_id_from_alias(name)
    return there.arn("kms", name if identifier is None else f"key/{identifier}")


def key(arn: str) -> Any | None:
    """moto's key, or None."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("key/"):
        return None
    backend = _backend(parts[4], parts[3])
    return None if backend is None else backend.keys.get(parts[5].removeprefix("key/"))


def _backend(account: str, region: str) -> Any | None:
    from moto.kms.models import kms_backends

    known = account in kms_backends and region in kms_backends[account]
    return kms_backends[account][region] if known else None


def policy_of(arn: str) -> str | None:
    found = key(arn)
    return None if found is None else str(found.policy)


def tags_of(arn: str) -> dict[str, str]:
    if key(arn) is None:
        return {}
    parts = arn.split(":", 5)
    backend: Any = _backend(parts[4], parts[3])
    listed = backend.list_resource_tags(arn)["Tags"]
    return {tag["TagKey"]: tag["TagValue"] for tag in listed}


def is_granted(arn: str, action: str, who: Principal, parameters: Parameters) -> bool:
    """Whether a grant on the key gives the caller this operation."""
    found = key(arn)
    if found is None:
        return False
    own = {who.arn, who.role_arn or who.arn, who.root_arn if who.is_root else who.arn}
    operation = action.removeprefix("kms:")
    return any(
        grant.grantee_principal in own and operation in grant.operations and _constraints_hold(grant, parameters)
        for grant in found.grants.values()
    )


def _constraints_hold(grant: Any, parameters: Parameters) -> bool:
    constraints = grant.constraints or {}
    context = dict(parameters.get("EncryptionContext") or {})
    equals, subset = constraints.get("EncryptionContextEquals"), constraints.get("EncryptionContextSubset")
    return (equals is None or equals == context) and (subset is None or subset.items() <= context.items())


def values(asking: Asking) -> Values:
    """`kms:ViaService` and the like are absent: they come with the permissions that a service uses (see backup)."""
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    context = dict(parameters.get("EncryptionContext") or {})
    found = given(
        kms__CallerAccount=where.account,
        kms__EncryptionContextKeys=list(context) or None,
        kms__GrantOperations=parameters.get("Operations"),
        kms__GranteePrincipal=parameters.get("GranteePrincipal"),
        kms__RetiringPrincipal=parameters.get("RetiringPrincipal"),
        kms__KeySpec=parameters.get("KeySpec") if operation == "CreateKey" else None,
        kms__KeyUsage=parameters.get("KeyUsage") if operation == "CreateKey" else None,
        kms__ScheduleKeyDeletionPendingWindowInDays=parameters.get("PendingWindowInDays"),
        kms__BypassPolicyLockoutSafetyCheck=parameters.get("BypassPolicyLockoutSafetyCheck"),
        kms__RequestAlias=_alias_in(str(parameters.get("KeyId") or "")),
    )
    if operation == "CreateGrant":
        found |= given(kms__GrantIsForAWSResource=False)
    return found | {f"kms:encryptioncontext:{name.lower()}": (value,) for name, value in context.items()}


def _alias_in(named: str) -> str | None:
    name = named.rpartition(":")[2]
    return name if name.startswith("alias/") else None
