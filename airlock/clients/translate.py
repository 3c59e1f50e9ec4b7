"""AWS's errors become sentences, once: every client method carries `@needs(...)`, which also names its permissions.

The kind of error follows AWS's error code, never its text: the text of most refusals is not documented.

botocore is loaded by the first call, not by the import: `sessions` says why.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, AirlockError, Conflict, NotFound, RefusedByAws, Unreachable

if TYPE_CHECKING:
    from botocore import exceptions as aws

_NOT_FOUND = frozenset(
    {"ResourceNotFoundException", "UnknownResourceException", "ResourcePolicyNotFoundException", "NoSuchEntity"}
    | {"ResourceShareInvitationArnNotFoundException", "RootNotFoundException", "AWSOrganizationsNotInUseException"}
)
_CONFLICT = frozenset(
    {
        "ConflictException",
        "ConcurrentModificationException",
        "AlreadyExistsException",
        "InvalidStateTransitionException",
    }
)
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_STALE = frozenset({"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"})
_BUSY = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "ServiceUnavailableException"})


class _HasConnection(Protocol):
    @property
    def connection(self) -> Connection: ...


P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=_HasConnection)


def needs(*permissions: str) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Declares the IAM permissions of a client method and turns what AWS raises in it into our errors."""

    def declare(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @wraps(method)
        def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with translated(self.connection):
                return method(self, *args, **kwargs)

        call.__dict__["permissions"] = permissions
        return call

    return declare


def permissions_of(client: type) -> dict[str, tuple[str, ...]]:
    """The permissions that each public method of a client declares, by method name."""
    methods = {name: value for name, value in vars(client).items() if callable(value) and not name.startswith("_")}
    return {name: getattr(method, "permissions", ()) for name, method in methods.items()}


@contextmanager
def translated(connection: Connection) -> Iterator[None]:
    """Everything that botocore raises inside comes out as one of our errors, with the account in the sentence."""
    from botocore import exceptions as aws

    try:
        yield
    except aws.ClientError as error:
        raise refusal(error, connection) from error
    except (aws.EndpointConnectionError, aws.ConnectTimeoutError, aws.ReadTimeoutError, aws.HTTPClientError) as error:
        raise unreachable(error, connection) from error
    except aws.BotoCoreError as error:
        raise no_way_in(error, connection) from error


def refusal(error: "aws.ClientError", connection: Connection) -> RefusedByAws:
    """The sentence for an answer of AWS that is an error."""
    details: Mapping[str, Any] = error.response.get("Error", {})
    code, text = str(details.get("Code", "")), str(details.get("Message", "")).strip().rstrip(".")
    operation = error.operation_name
    said = f"AWS refused {operation} in {described(connection)}: {code}: {text or 'no reason given'}."
    if operation == "AssumeRole" and code in _DENIED:
        return AccessDenied(_may_not_assume(connection), code=code, operation=operation)
    if code in _STALE:
        advice = f"The credentials {_origin(connection)} are not valid or no longer so. {_sign_in(connection)}"
        return AccessDenied(f"{said} {advice}", code=code, operation=operation)
    if code in _BUSY:
        return RefusedByAws(f"{said} AWS is busy: run it again later.", code=code, operation=operation)
    kind: type[RefusedByAws] = RefusedByAws
    if code in _NOT_FOUND:
        kind = NotFound
    elif code in _CONFLICT:
        kind = Conflict
    elif code in _DENIED:
        kind = AccessDenied
    return kind(said, code=code, operation=operation)


def unreachable(error: "aws.BotoCoreError", connection: Connection) -> Unreachable:
    """The sentence for an endpoint that does not answer."""
    from botocore.exceptions import ReadTimeoutError

    address = error.kwargs.get("endpoint_url") or "its endpoint"
    advice = f"Check the network and the endpoint of {_profile(connection)}, then try: {_probe(connection)}"
    if isinstance(error, ReadTimeoutError):
        return Unreachable(
            f"{address} did not answer in time for {described(connection)}, so nobody knows whether the call took "
            f"effect. Running it again is safe. {advice}"
        )
    return Unreachable(
        f"Nothing answers at {address}, so {described(connection)} cannot be reached. This call changed nothing. "
        f"{advice}"
    )


def no_way_in(error: "aws.BotoCoreError", connection: Connection) -> AirlockError:
    """The sentence for credentials that are missing, unreadable or expired before AWS was asked."""
    from botocore import exceptions as aws

    account = connection.account_id
    match error:
        case aws.ProfileNotFound():
            return AccessDenied(
                f"There is no AWS profile `{connection.profile}` in the AWS configuration, though account {account} "
                "is to be reached by it. Add the profile, or correct `profile` of that account in estate.yaml (of a "
                "kit: in inventory.json)."
            )
        case aws.NoCredentialsError() | aws.PartialCredentialsError() | aws.CredentialRetrievalError():
            return AccessDenied(
                f"No usable AWS credentials were found {_origin(connection)}, so account {account} cannot be reached. "
                f"{_sign_in(connection)}"
            )
        case aws.TokenRetrievalError() | aws.UnauthorizedSSOTokenError() | aws.SSOTokenLoadError():
            return AccessDenied(
                f"The single sign-on session {_origin(connection)} is over, so account {account} cannot be reached. "
                f"{_sign_in(connection)}"
            )
        case _:
            return RefusedByAws(f"The call to {described(connection)} could not be made: {error}.")


def described(connection: Connection) -> str:
    """The account as a person would name it in a sentence."""
    return f"account {connection.account_id} ({connection.region}, {_profile(connection)})"


def _profile(connection: Connection) -> str:
    return f"profile `{connection.profile}`" if connection.profile else "ambient credentials"


def _origin(connection: Connection) -> str:
    return f"of profile `{connection.profile}`" if connection.profile else "in the environment"


def _sign_in(connection: Connection) -> str:
    if connection.profile:
        return f"Sign in again (for single sign-on: aws sso login --profile {connection.profile}), then repeat."
    return "Sign in, or name a `profile` for the account in estate.yaml (of a kit: in inventory.json), then repeat."


def _probe(connection: Connection) -> str:
    return f"aws sts get-caller-identity{f' --profile {connection.profile}' if connection.profile else ''}"


def _may_not_assume(connection: Connection) -> str:
    return (
        f"{_profile(connection).capitalize()} may not assume the role {connection.role_arn}, so account "
        f"{connection.account_id} cannot be reached. Either the role is not there yet: `airlock bootstrap` writes the "
        f"template that makes it. Or its trust policy does not let these credentials in: see {_probe(connection)}"
    )
