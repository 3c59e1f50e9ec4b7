"""STS as AWS does it: a role must exist, its trust policy must let the caller in, and its credentials are our own.

moto hands out credentials for roles that do not exist to callers that nobody trusts. What is not here (SAML, web
identity, federation) is not modelled and says so.
"""

from datetime import datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.responses import TokenResponse

from emulator.authorization import policy_documents
from emulator.authorization import switch as enforcement
from emulator.moto import session_grants
from emulator.protocol.answers import Refusal
from emulator.world import access_keys, clock, organizations
from emulator.world import caller as _caller
from emulator.world.caller import Caller

_CHAINED_LIMIT = 3600


class SecurityTokens(TokenResponse):
    """The operations of STS."""

    def get_caller_identity(self) -> ActionResult:
        caller = _caller.current()
        return ActionResult({"UserId": caller.user_id, "Account": caller.account, "Arn": caller.principal_arn})

    def assume_role(self) -> ActionResult:
        caller = _caller.current()
        if caller.is_root and enforcement.refuses_root_sessions():
            raise Refusal(403, "AccessDenied", "Roles may not be assumed by root accounts.")
        arn, session = str(self._get_param("RoleArn")), str(self._get_param("RoleSessionName"))
        role = _role(arn)
        context = _context(caller, session, self._get_param("ExternalId"))
        # Where enforcement is on, the trust policy was evaluated with all others before the call came here.
        if role is None or not (enforcement.is_on() or _trusts(role, caller, context)):
            raise Refusal(
                403,
                "AccessDenied",
                f"User: {caller.principal_arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            )
        seconds = self._get_int_param("DurationSeconds", _CHAINED_LIMIT)
        _check_duration(seconds, int(role.max_session_duration or _CHAINED_LIMIT), chained=bool(caller.role_arn))
        return _granted(session_grants.complete(self, caller, _session_of(role, session)), seconds)

    def get_session_token(self) -> ActionResult:
        caller = _caller.current()
        if caller.role_arn:
            raise Refusal(403, "AccessDenied", "Cannot call GetSessionToken with session credentials")
        seconds = self._get_int_param("DurationSeconds", 43200)
        session = session_grants.of_a_user(self, caller)
        return ActionResult({"Credentials": _credentials(access_keys.start_session(session, _in(seconds)))})

    def get_access_key_info(self) -> ActionResult:
        account = access_keys.account_of(str(self._get_param("AccessKeyId")))
        if account is None:
            raise Refusal(403, "AccessDenied", "The access key does not belong to any account.")
        return ActionResult({"Account": account})

    def get_federation_token(self) -> ActionResult:
        raise NotImplementedError

    def assume_role_with_saml(self) -> ActionResult:
        raise NotImplementedError

    def assume_role_with_web_identity(self) -> ActionResult:
        raise NotImplementedError


def _role(arn: str) -> Any | None:
    parts = arn.split(":")
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):
        raise Refusal(400, "ValidationError", f"{arn} is invalid")
    if parts[4] not in iam_backends or organizations.suspended(parts[4]):
        return None
    try:
        return iam_backends[parts[4]]["aws"].get_role_by_arn(arn)
    except NotFoundException:
        return None


def _context(caller: Caller, session: str, external_id: str | None) -> dict[str, str]:
    context = {
        "aws:PrincipalArn": caller.role_arn or caller.principal_arn,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalType": "AssumedRole" if caller.role_arn else "User" if caller.user_name else "Account",
        "aws:MultiFactorAuthPresent": "false",
        "sts:RoleSessionName": session,
    }
    organization = organizations.organization_of(caller.account)
    if organization is not None:
        context["aws:PrincipalOrgID"] = organization.id
    if external_id:
        context["sts:ExternalId"] = external_id
    return context


def _trusts(role: Any, caller: Caller, context: dict[str, str]) -> bool:
    return policy_documents.allows(str(role.assume_role_policy_document), "sts:AssumeRole", caller, context)


def _check_duration(seconds: int, limit: int, *, chained: bool) -> None:
    if not 900 <= seconds <= 43200:
        raise Refusal(400, "ValidationError", f"Value '{seconds}' at 'durationSeconds' must be between 900 and 43200")
    if chained and seconds > _CHAINED_LIMIT:
        raise Refusal(
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
    if seconds > limit:
        raise Refusal(
            400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )


def _session_of(role: Any, session: str) -> Caller:
    return Caller(
        account=str(role.account_id),
        principal_arn=f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{session}",
        user_id=f"{role.id}:{session}",
        role_arn=str(role.arn),
        session_name=session,
    )


def _granted(caller: Caller, seconds: int) -> ActionResult:
    credentials = access_keys.start_session(caller, _in(seconds))
    user = {"AssumedRoleId": caller.user_id, "Arn": caller.principal_arn}
    return ActionResult({"Credentials": _credentials(credentials), "AssumedRoleUser": user, "PackedPolicySize": 6})


def _credentials(credentials: access_keys.Credentials) -> dict[str, Any]:
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": credentials.expiration,
    }


def _in(seconds: int) -> datetime:
    return clock.now().replace(microsecond=0) + timedelta(seconds=seconds)


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `sts.urls` was imported."""
    module.url_paths = {"{0}/$": SecurityTokens.dispatch}
