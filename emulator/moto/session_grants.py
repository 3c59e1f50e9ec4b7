"""What AssumeRole gives a session beside its role: session policies, tags, a source identity, and whether with MFA."""

import json
from dataclasses import replace
from typing import Any

from emulator.authorization import policies_of
from emulator.protocol.answers import Refusal
from emulator.world import clock
from emulator.world.caller import Caller

_LONGEST_POLICY = 2048
_MOST_POLICIES = 10
_MOST_TAGS = 50


def complete(request: Any, caller: Caller, session: Caller) -> Caller:
    """The session with everything that the request (moto's, of the query protocol) and the caller's session give it.

    Raises: Refusal for what STS refuses.
    """
    tags, transitive = _tags(request, caller)
    return replace(
        session,
        session_policies=_policies(request, session.account),
        session_tags=tuple(tags.items()),
        transitive_tags=transitive,
        source_identity=_source_identity(request, caller),
        issued=int(clock.now().timestamp()),
        with_mfa=_proven(request, caller),
    )


def of_a_user(request: Any, caller: Caller) -> Caller:
    """The session of GetSessionToken: the user itself, from now on with temporary credentials."""
    return replace(caller, issued=int(clock.now().timestamp()), with_mfa=_proven(request, caller))


def _policies(request: Any, account: str) -> tuple[str, ...]:
    arns = [str(each["arn"]) for each in (request._get_param("PolicyArns") or [])]  # noqa: SLF001 - moto's reader
    inline = request._get_param("Policy")  # noqa: SLF001 - moto's reader
    if len(arns) > _MOST_POLICIES:
        raise _invalid(f"At most {_MOST_POLICIES} managed policies can be passed, not {len(arns)}.")
    texts = [_managed(account, arn) for arn in arns]
    if inline is not None:
        texts.append(_checked(str(inline)))
    return tuple(texts)


def _managed(account: str, arn: str) -> str:
    text = policies_of.managed_text(account, arn)
    if text is None:
        raise _invalid(f"The policy {arn} does not exist in the account of the role, or is not attachable.")
    return text


def _checked(text: str) -> str:
    if len(text) > _LONGEST_POLICY:
        raise _invalid(f"The session policy is longer than {_LONGEST_POLICY} characters.")
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "Statement" not in document:
        raise Refusal(400, "MalformedPolicyDocument", "The session policy is not a policy document.")
    return text


def _tags(request: Any, caller: Caller) -> tuple[dict[str, str], tuple[str, ...]]:
    """The session's tags, and which of them a further session inherits. What is inherited cannot be given anew."""
    given = {
        str(tag["Key"]): str(tag.get("Value", ""))
        for tag in (request._get_param("Tags") or [])  # noqa: SLF001 - moto's reader
    }
    wanted = [str(key) for key in (request._get_param("TransitiveTagKeys") or [])]  # noqa: SLF001 - moto's reader
    inherited = {key: value for key, value in caller.session_tags if key in caller.transitive_tags}
    lowered = {key.lower() for key in inherited}
    if len(given) > _MOST_TAGS:
        raise _invalid(f"At most {_MOST_TAGS} session tags can be passed, not {len(given)}.")
    if any(key.lower() in lowered for key in given):
        raise _invalid("One of the session tags is transitive in the calling session, so it cannot be set anew.")
    if any(key not in given for key in wanted):
        raise _invalid("TransitiveTagKeys names a key that is not among the session tags.")
    return inherited | given, tuple(dict.fromkeys([*inherited, *wanted]))


def _source_identity(request: Any, caller: Caller) -> str:
    given = str(request._get_param("SourceIdentity") or "")  # noqa: SLF001 - moto's reader
    if caller.source_identity and given not in ("", caller.source_identity):
        raise Refusal(403, "AccessDenied", "The source identity of a session cannot be changed by a further session.")
    return given or caller.source_identity


def _proven(request: Any, caller: Caller) -> bool:
    """Whether the caller proved a second factor. Codes are not computed here: six digits of a known device count."""
    device, code = request._get_param("SerialNumber"), request._get_param("TokenCode")  # noqa: SLF001 - moto's reader
    if device is None and code is None:
        return False
    held = policies_of.entity(caller) if caller.user_name else None
    known = () if held is None else tuple(held.mfa_devices)
    if device in known and str(code).isdecimal() and len(str(code)) == 6:
        return True
    raise Refusal(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")


def _invalid(message: str) -> Refusal:
    return Refusal(400, "ValidationError", message)
