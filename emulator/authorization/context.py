"""The condition keys of a request. Each is looked up when a policy asks for it, and remembered."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from emulator.authorization import policies_of, resources
from emulator.authorization.needs import Need, Values, Where
from emulator.authorization.services import iam, s3
from emulator.world import clock, organizations
from emulator.world.caller import Caller

_TAGS_OF_A_REQUEST = ("Tags", "tags", "BackupVaultTags", "BackupPlanTags", "FrameworkTags", "ReportPlanTags")
_KEYS_OF_A_REQUEST = ("TagKeys", "tagKeys", "TagKeyList")
# Their one endpoint is in this Region, whatever Region a client is configured for.
_GLOBAL = frozenset({"iam", "organizations", "account"})
_GLOBAL_REGION = "us-east-1"


class Context:
    """The values of the condition keys for one permission of one call.

    `of_the_service` gives the keys of the called service; `environ` is the HTTP request, where there is one.
    """

    def __init__(
        self,
        caller: Caller,
        where: Where,
        need: Need,
        parameters: dict[str, Any],
        of_the_service: Callable[[], Values],
        environ: dict[str, Any],
    ) -> None:
        self.caller = caller
        self.where = where
        self.need = need
        self.parameters = parameters
        self.environ = environ
        self._of_the_service = of_the_service
        self._known: dict[str, tuple[str, ...]] = {}
        self._service_keys: Values | None = None

    @property
    def resource(self) -> str:
        return self.need.resource or "*"

    @property
    def resource_account(self) -> str:
        return resources.account_of(self.resource, self.where.account)

    def get(self, key: str) -> tuple[str, ...]:
        """The values for a key in small letters; none when the request has not that key."""
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def _find(self, key: str) -> tuple[str, ...]:
        if key in self.need.values:
            return self.need.values[key]
        read = _KEYS.get(key)
        if read is not None:
            return read(self)
        name, _, tag = key.partition("/")
        if tag and name in _TAG_KEYS:
            tags = {known.lower(): value for known, value in _TAG_KEYS[name](self).items()}
            return (tags[tag],) if tag in tags else ()
        if self._service_keys is None:
            self._service_keys = self._of_the_service()
        return self._service_keys.get(key, ())


def request_tags(parameters: dict[str, Any]) -> dict[str, str]:
    """The tags that a request gives, in whichever form its service takes them."""
    given: Any = next((parameters[name] for name in _TAGS_OF_A_REQUEST if parameters.get(name)), {})
    if isinstance(given, dict):
        return {str(key): str(value) for key, value in given.items()}
    lowered = [{name.lower(): value for name, value in tag.items()} for tag in given]
    return {
        str(tag.get("key", tag.get("tagkey", ""))): str(tag.get("value", tag.get("tagvalue", ""))) for tag in lowered
    }


def _request_tags(context: Context) -> dict[str, str]:
    return request_tags(context.parameters)


def _tag_keys(context: Context) -> tuple[str, ...]:
    removed = next((context.parameters[name] for name in _KEYS_OF_A_REQUEST if context.parameters.get(name)), None)
    return tuple(removed) if removed is not None else tuple(request_tags(context.parameters))


def _principal_tags(context: Context) -> dict[str, str]:
    """The tags of the user or role; a session's own tags stand over those of its role."""
    held = policies_of.entity(context.caller) if not context.caller.is_root else None
    own = {} if held is None else iam.tags_of(str(held.arn))
    return own | dict(context.caller.session_tags)


def _resource_tags(context: Context) -> dict[str, str]:
    return resources.tags_of(context.resource)


def _object_tags(context: Context) -> dict[str, str]:
    return s3.object_tags(context.resource)


_TAG_KEYS: dict[str, Callable[[Context], dict[str, str]]] = {
    "aws:principaltag": _principal_tags,
    "aws:requesttag": _request_tags,
    "aws:resourcetag": _resource_tags,
    "iam:resourcetag": _resource_tags,
    "s3:existingobjecttag": _object_tags,
}


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _organization_id(account: str) -> tuple[str, ...]:
    organization = organizations.organization_of(account)
    return () if organization is None else (organization.id,)


def organization_path(account: str) -> tuple[str, ...]:
    """An account's place as AWS writes it: o-.../r-.../ou-.../"""
    backend = organizations.organization_backend(account)
    if backend is None:
        return ()
    units = [str(unit.id) for unit in policies_of.path_to(backend, account)[:-1]]
    return ("/".join([str(backend.org.id), *units]) + "/",)


def _principal_type(context: Context) -> tuple[str, ...]:
    caller = context.caller
    return ("AssumedRole" if caller.role_arn else "User" if caller.user_name else "Account",)


def _with_mfa(context: Context) -> tuple[str, ...]:
    """Long-term keys have no such key in their requests; temporary ones say true or false."""
    caller = context.caller
    return (str(caller.with_mfa).lower(),) if caller.issued else ()


def _mfa_age(context: Context) -> tuple[str, ...]:
    caller = context.caller
    return (str(int(clock.now().timestamp()) - caller.issued),) if caller.with_mfa else ()


def _issued(context: Context) -> tuple[str, ...]:
    issued = context.caller.issued
    return (datetime.fromtimestamp(issued, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),) if issued else ()


def _region(context: Context) -> tuple[str, ...]:
    service = context.need.action.partition(":")[0]
    return (_GLOBAL_REGION if service in _GLOBAL else context.where.region,)


def _user_name(context: Context) -> tuple[str, ...]:
    return _one(context.caller.user_name)


def _header(context: Context, name: str) -> tuple[str, ...]:
    return _one(str(context.environ.get(name, "")))


_KEYS: dict[str, Callable[[Context], tuple[str, ...]]] = {
    "aws:currenttime": lambda _: (clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),),
    "aws:epochtime": lambda _: (str(int(clock.now().timestamp())),),
    "aws:multifactorauthage": _mfa_age,
    "aws:multifactorauthpresent": _with_mfa,
    "aws:principalaccount": lambda context: (context.caller.account,),
    "aws:principalarn": lambda context: (context.caller.iam_arn,),
    "aws:principalisawsservice": lambda _: ("false",),
    "aws:principalorgid": lambda context: _organization_id(context.caller.account),
    "aws:principalorgpaths": lambda context: organization_path(context.caller.account),
    "aws:principaltype": _principal_type,
    "aws:referer": lambda context: _header(context, "HTTP_REFERER"),
    "aws:requestedregion": _region,
    "aws:resourceaccount": lambda context: (context.resource_account,),
    "aws:resourceorgid": lambda context: _organization_id(context.resource_account),
    "aws:resourceorgpaths": lambda context: organization_path(context.resource_account),
    # The loopback has no TLS; a client that reaches AWS would use it.
    "aws:securetransport": lambda _: ("true",),
    "aws:sourceidentity": lambda context: _one(context.caller.source_identity),
    "aws:sourceip": lambda context: _header(context, "REMOTE_ADDR"),
    "aws:tagkeys": _tag_keys,
    "aws:tokenissuetime": _issued,
    "aws:useragent": lambda context: _header(context, "HTTP_USER_AGENT"),
    "aws:userid": lambda context: _one(context.caller.user_id),
    "aws:username": _user_name,
    "aws:viaawsservice": lambda _: ("false",),
    "s3:resourceaccount": lambda context: (context.resource_account,),
    "kms:resourcealiases": lambda context: _aliases(context),
}


def _aliases(context: Context) -> tuple[str, ...]:
    from emulator.authorization.services import kms

    found = kms.key(context.resource)
    return () if found is None else tuple(str(alias) for alias in found.aliases)
