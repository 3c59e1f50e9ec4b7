"""Refuses what AWS's model of an operation forbids, for the services that moto answers.

Multi-party approval, AWS Backup, RAM and Organizations do it themselves, with their own errors. moto mostly does not,
and then either fails inside or takes what AWS would have refused.
"""

from typing import Any

from emulator.protocol.answers import Refusal
from emulator.protocol.shapes import violations

# Signing name -> the service's own error for a value that its model forbids.
_ERRORS = {
    "cloudtrail": "ValidationException",
    "dynamodb": "ValidationException",
    "ebs": "ValidationException",
    "events": "ValidationException",
    "iam": "ValidationError",
    "identitystore": "ValidationException",
    "kms": "ValidationException",
    "sns": "InvalidParameter",
    "sso": "ValidationException",
    "sts": "ValidationError",
}

# Inputs for which the service has errors of its own, such as InvalidMaxResultsException.
_CHECKED_ELSEWHERE = frozenset({"LookupEventsRequest"})
# The models allow a message of an error no more, those that limit it.
_LONGEST = 256


def check(service: str, shape: Any, parameters: dict[str, Any]) -> None:
    """Refuse parameters that break the input `shape` of an operation of this service."""
    code = _ERRORS.get(service)
    if shape is None or shape.name in _CHECKED_ELSEWHERE:
        return
    broken = violations(shape, parameters) if code else []
    if not code or not broken:
        return
    mistyped = [sentence for sentence in broken if "Member must be a" in sentence]
    if mistyped:
        # AWS does not get as far as the limits when a value has another type.
        raise Refusal(400, "SerializationException", "; ".join(mistyped))
    count = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''} detected"
    message = f"{count}: {'; '.join(broken)}"
    raise Refusal(400, code, message if len(message) <= _LONGEST else f"{message[: _LONGEST - 3]}...")


def checks(service: str) -> bool:
    """Whether the requests of a service are checked here; reading their parameters costs time."""
    return service in _ERRORS
