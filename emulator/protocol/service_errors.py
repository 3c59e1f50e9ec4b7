"""The errors that any call of a service can end with, in that service's own words: throttled, denied, failed."""

from functools import cache
from typing import Any

from emulator.protocol.answers import Refusal
from emulator.protocol.service_models import Operation

# Where the service model declares no error for the case (the names are those of AWS's common errors).
_THROTTLED = {
    "s3": (503, "SlowDown", "Please reduce your request rate."),
    "ec2": (503, "RequestLimitExceeded", "Request limit exceeded."),
    "query": (400, "Throttling", "Rate exceeded"),
    "other": (400, "ThrottlingException", "Rate exceeded"),
}
_DENIED = {
    "ec2": (403, "UnauthorizedOperation"),
    "query": (403, "AccessDenied"),
    "rest-xml": (403, "AccessDenied"),
    "rest-json": (403, "AccessDeniedException"),
    "json": (400, "AccessDeniedException"),
}
_FAILED = {
    "ec2": (500, "InternalError"),
    "rest-xml": (500, "InternalError"),
    "query": (500, "InternalFailure"),
    "rest-json": (500, "InternalFailure"),
    "json": (500, "InternalFailure"),
}
# What the models call these errors; the first name that a model declares is the service's.
_THROTTLED_NAMES = (
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "TooManyRequests",
)
_DENIED_NAMES = ("AccessDeniedException", "AccessDenied")
_FAILED_NAMES = (
    "InternalServerException",
    "ServerInternalException",
    "InternalServerError",
    "InternalServiceException",
    "InternalException",
    "InternalErrorException",
    "KMSInternalException",
    "ServiceFailureException",
)


def throttled(operation: Operation) -> Refusal:
    """Too many calls, as this service says it; boto3 and the engine retry it."""
    status, code, message = _THROTTLED[_throttling_family(operation)]
    declared = _declared(operation, _THROTTLED_NAMES)
    if declared is None:
        return Refusal(status, code, message)
    return Refusal(_status(declared, 400), str(declared.error_code), "Rate exceeded")


def denied(operation: Operation, message: str) -> Refusal:
    """The caller may not: AccessDenied, AccessDeniedException or UnauthorizedOperation, as this service names it."""
    status, code = _DENIED[_protocol(operation)]
    declared = _declared(operation, _DENIED_NAMES)
    if declared is None:
        return Refusal(status, code, message)
    return Refusal(_status(declared, status), str(declared.error_code), message)


def failed(operation: Operation) -> Refusal:
    """AWS itself failed (500): nobody knows whether the call took effect, and SDKs retry it."""
    status, code = _FAILED[_protocol(operation)]
    message = "We encountered an internal error. Please try again."
    declared = _declared(operation, _FAILED_NAMES)
    if declared is None:
        return Refusal(status, code, message)
    return Refusal(_status(declared, status), str(declared.error_code), message)


def _throttling_family(operation: Operation) -> str:
    if operation.service in ("s3", "ec2"):
        return operation.service
    return "query" if operation.protocol in ("query", "ec2") else "other"


def _protocol(operation: Operation) -> str:
    return operation.protocol if operation.protocol in _DENIED else "json"


def _declared(operation: Operation, names: tuple[str, ...]) -> Any | None:
    if operation.model is None or operation.protocol == "ec2":
        return None
    return _error_shape(operation.model.service_model, names)


@cache
def _error_shape(service: Any, names: tuple[str, ...]) -> Any | None:
    shapes = {shape.name: shape for shape in service.error_shapes}
    return next((shapes[name] for name in names if name in shapes), None)


def _status(shape: Any, otherwise: int) -> int:
    return int(shape.metadata.get("error", {}).get("httpStatusCode", otherwise))
