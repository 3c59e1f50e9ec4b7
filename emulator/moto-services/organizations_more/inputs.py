"""Requests as the service model allows them, and answers in pages."""

from collections.abc import Sequence
from typing import Any

from botocore import xform_name
from moto.core.utils import get_service_model

from emulator.protocol import paging
from emulator.protocol.shapes import violations

from . import limits
from .exceptions import ConstraintViolationException, InvalidInputException

_REASONS = (
    ("must not be null", "INPUT_REQUIRED"),
    ("length greater than", "MIN_LENGTH_EXCEEDED"),
    ("length less than", "MAX_LENGTH_EXCEEDED"),
    ("value greater than", "MIN_VALUE_EXCEEDED"),
    ("value less than", "MAX_VALUE_EXCEEDED"),
    ("enum value set", "INVALID_ENUM"),
    ("regular expression", "INVALID_PATTERN"),
)
_POLICY_TYPE_MEMBERS = ("Type", "PolicyType", "Filter")


def checked(operation: str, document: dict[str, Any]) -> dict[str, Any]:
    """The members of a request by their Python names; InvalidInputException with the reason of the first mistake."""
    shape = get_service_model("organizations").operation_model(operation).input_shape
    if shape is None:
        return {}
    given = {name: document[name] for name in shape.members if document.get(name) is not None}
    broken = violations(shape, given)
    if broken:
        raise InvalidInputException(_reason(broken[0]), f"You specified an invalid value. {'; '.join(broken)}")
    return {xform_name(name): value for name, value in given.items()}


def _reason(sentence: str) -> str:
    reason = next((reason for words, reason in _REASONS if words in sentence), "INVALID_LIST_MEMBER")
    member = sentence.partition("'")[2].partition("'")[0]
    if reason == "INVALID_ENUM" and member in _POLICY_TYPE_MEMBERS:
        return "INVALID_ENUM_POLICY_TYPE"
    if reason == "INVALID_PATTERN":
        return {"TargetId": "INVALID_PATTERN_TARGET_ID", "PolicyId": "INVALID_SYNTAX_POLICY_ID"}.get(member, reason)
    return reason


def page(
    items: Sequence[Any], member: str, max_results: int | None, next_token: str | None, about: str = ""
) -> dict[str, Any]:
    """One page of a listing as its answer; the token belongs to this listing `about` this thing."""
    try:
        chosen, token = paging.page(items, f"{member}/{about}", max_results or limits.PAGE, next_token)
    except ValueError as error:
        raise InvalidInputException("INVALID_NEXT_TOKEN", str(error)) from error
    return {member: chosen} if token is None else {member: chosen, "NextToken": token}


def tags_of(given: list[dict[str, str]] | None, before: dict[str, str] | None = None) -> dict[str, str]:
    """Tags after adding some."""
    keys = [tag["Key"] for tag in given or []]
    if len(set(keys)) < len(keys):
        raise InvalidInputException("DUPLICATE_TAG_KEY", "Tag keys must be unique.")
    if any(key.lower().startswith("aws:") for key in keys):
        raise InvalidInputException("INVALID_SYSTEM_TAGS_PARAMETER", "Tag keys that begin with aws: are AWS's own.")
    after = (before or {}) | {tag["Key"]: tag["Value"] for tag in given or []}
    if len(after) > limits.TAGS:
        raise ConstraintViolationException("MAX_TAG_LIMIT_EXCEEDED", f"A resource has at most {limits.TAGS} tags.")
    return after
