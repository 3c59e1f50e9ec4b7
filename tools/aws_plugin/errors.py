"""What the plugin says when something cannot be done: always one sentence for a person, never a traceback."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

# Everything by which boto3 says that a call did not work; an answer that is not AWS's is not a BotoCoreError.
AWS_ERRORS = (BotoCoreError, ClientError, ResponseParserError)


class PluginError(Exception):
    """Something that the person at the engine has to know: an unknown type or property, or a state that never came."""


def code_of(error: ClientError) -> str:
    """The AWS error code."""
    return str(error.response.get("Error", {}).get("Code", ""))


def sentence(error: Exception, doing: str) -> str:
    """`doing` says what was attempted: "create aws:backup/vault:Vault `payments-local`"."""
    match error:
        case PluginError():
            return f"Could not {doing}: {error}"
        case ClientError():
            message = error.response.get("Error", {}).get("Message") or "no reason given"
            return f"Could not {doing}: AWS refused {error.operation_name} with {code_of(error)}: {message}"
        case EndpointConnectionError() | ConnectTimeoutError() | ReadTimeoutError():
            remedy = "Check the network and the endpoint_url of the profile, then run again."
            return f"Could not {doing}: AWS does not answer ({error}). {remedy}"
        case _:
            return f"Could not {doing}: {error}"
