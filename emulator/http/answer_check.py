"""Holds every answer against AWS's own model of its operation. Off by default; tests start the emulator with it.

A success must have the model's status, every required member, no member that the model lacks, and values of the
modelled type, enum, length, range and pattern. An error must be one that the operation's model or AWS's list of common
errors has, with the model's status. An answer that is none of this becomes a 500 whose message names the member, so
that whatever test meets it fails.
"""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from emulator.protocol import answers
from emulator.protocol.answers import Answer, Refusal
from emulator.protocol.service_models import Operation

# The services whose every answer is ours to answer for.
CHECKED = frozenset({"mpa", "backup", "ram", "organizations", "sts", "ebs"})

# What AWS documents as errors of any action, and what stands for it in front of every service.
COMMON_ERRORS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InternalError",
        "InternalFailure",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MalformedQueryString",
        "MissingAction",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "MissingParameter",
        "InvalidAction",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "NotImplemented",
        "OptInRequired",
        "RequestEntityTooLarge",
        "RequestExpired",
        "SerializationException",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "Throttling",
        "ThrottlingException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "ValidationError",
        "ValidationException",
    }
)
# Shapes whose pattern AWS's own documentation breaks: its list of resource types has "SAP HANA on Amazon EC2".
_LOOSE = frozenset({"ResourceType"})
_ENVELOPE = frozenset({"__type", "code", "message", "Message"})
_NUMBERS: dict[str, tuple[type[int] | type[float], ...]] = {
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
_on = False


def switch(on: bool) -> None:
    """Check the answers of this process, or stop it."""
    global _on
    _on = on


def checked(operation: Operation, answer: Answer, request_id: str) -> Answer:
    """The answer itself, or the 500 that says how it breaks the model of its operation."""
    if not _on or operation.model is None or operation.service not in CHECKED:
        return answer
    broken = list(violations(operation, answer))
    if not broken:
        return answer
    message = f"{operation.service}:{operation.name} gave an answer that its model forbids: {'; '.join(broken)}"
    return answers.refused(Refusal(500, "InternalFailure", message), operation, request_id)


def violations(operation: Operation, answer: Answer) -> Iterator[str]:
    """Every way in which an answer breaks the model of its operation, as sentences."""
    if answer.code >= 400:
        yield from _error(operation, answer)
        return
    expected = int(operation.model.http.get("responseCode", 200))
    if answer.code != expected:
        yield f"the status is {answer.code}, the model has {expected}"
    shape = operation.model.output_shape
    if shape is None:
        return
    payload = shape.serialization.get("payload")
    if operation.protocol in ("json", "rest-json") and payload is None:
        yield from _body(shape, answer)
    else:
        yield from _parsed(operation, shape, answer)


def _body(shape: Any, answer: Answer) -> Iterator[str]:
    """A JSON body, read as it is: botocore's parser would pass over what it does not know."""
    try:
        document = json.loads(answer.body or b"{}")
    except ValueError as error:
        yield f"the body is not JSON: {error}"
        return
    in_body = {name: one for name, one in shape.members.items() if "location" not in one.serialization}
    elsewhere = set(shape.members) - set(in_body)
    required = [name for name in shape.required_members if name not in elsewhere]
    yield from _structure(in_body, required, document, "", _Wire)


def _parsed(operation: Operation, shape: Any, answer: Answer) -> Iterator[str]:
    """Any other protocol: what botocore makes of it."""
    from botocore.parsers import ResponseParserError, create_parser

    # Content is the caller's own bytes: botocore hands it on as a stream, and would read anything else as text.
    body = io.BytesIO(answer.body) if operation.model.has_streaming_output else answer.body
    raw = {"headers": _headers(answer), "body": body, "status_code": answer.code}
    try:
        document = create_parser(operation.protocol).parse(raw, shape)
    except (ResponseParserError, ValueError, TypeError) as error:
        yield f"botocore cannot read it: {error}"
        return
    document.pop("ResponseMetadata", None)
    yield from _structure(shape.members, shape.required_members, document, "", _Read)


def _headers(answer: Answer) -> Any:
    from botocore.awsrequest import HeadersDict

    return HeadersDict(answer.headers)


class _Wire:
    """Values as they stand in a JSON document."""

    @staticmethod
    def name(member: str, shape: Any) -> str:
        return str(shape.serialization.get("name", member))

    @staticmethod
    def fits(shape: Any, value: Any) -> bool:
        if shape.type_name == "timestamp":
            return _is_time(shape.serialization.get("timestampFormat", "unixTimestamp"), value)
        return isinstance(value, str) if shape.type_name == "blob" else True


class _Read(_Wire):
    """Values as botocore's parser hands them out."""

    @staticmethod
    def name(member: str, shape: Any) -> str:
        del shape  # The parser has translated the names already.
        return member

    @staticmethod
    def fits(shape: Any, value: Any) -> bool:
        return isinstance(value, datetime) if shape.type_name == "timestamp" else True


def _is_time(written: str, value: Any) -> bool:
    if written == "unixTimestamp":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    try:
        if written == "iso8601":
            datetime.fromisoformat(value.replace("Z", "+00:00"))
        else:
            parsedate_to_datetime(value)
    except ValueError:
        return False
    return True


def _structure(members: dict[str, Any], required: list[str], value: Any, path: str, form: type[_Wire]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path or 'the body'} is {_short(value)} and not a structure"
        return
    names = {form.name(member, shape): (member, shape) for member, shape in members.items()}
    for unknown in sorted(value.keys() - names.keys()):
        yield f"{_join(path, unknown)} is not in the model"
    for member in required:
        if value.get(form.name(member, members[member])) is None:
            yield f"{_join(path, member)} is required and missing"
    for name, (member, shape) in names.items():
        if value.get(name) is not None:
            yield from _value(shape, value[name], _join(path, member), form)


def _value(shape: Any, value: Any, path: str, form: type[_Wire]) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    kind = shape.type_name
    if kind == "structure":
        yield from _structure(shape.members, shape.required_members, value, path, form)
        if getattr(shape, "is_tagged_union", False) and isinstance(value, dict) and len(value) != 1:
            yield f"{path} is a union and has {len(value)} members"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{path} is {_short(value)} and not a list"
            return
        yield from _limits(shape, len(value), path, "entries")
        for index, item in enumerate(value):
            yield from _value(shape.member, item, f"{path}[{index}]", form)
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"{path} is {_short(value)} and not a map"
            return
        yield from _limits(shape, len(value), path, "entries")
        for key, item in value.items():
            yield from _value(shape.key, key, f"{path}.{key} (key)", form)
            yield from _value(shape.value, item, f"{path}.{key}", form)
    else:
        yield from _scalar(shape, value, path, form)


def _scalar(shape: Any, value: Any, path: str, form: type[_Wire]) -> Iterator[str]:
    kind = shape.type_name
    number = _NUMBERS.get(kind)
    if number is not None:
        if isinstance(value, number) and not isinstance(value, bool):
            yield from _limits(shape, float(value), path, "as value")
        else:
            yield f"{path} is {_short(value)} and not of type {kind}"
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{path} is {_short(value)} and not a boolean"
    elif kind == "string":
        yield from _text(shape, value, path)
    elif not form.fits(shape, value):
        yield f"{path} is {_short(value)} and not a {kind} as this protocol writes it"


def _text(shape: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{path} is {_short(value)} and not a string"
        return
    yield from _limits(shape, len(value), path, "characters")
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"{path} is {_short(value)}, which is none of the enum's values"
    pattern = None if shape.name in _LOOSE else _pattern(shape.metadata.get("pattern", ""))
    if pattern is not None and not pattern.search(value):
        yield f"{path} is {_short(value)}, which does not match {pattern.pattern}"


def _limits(shape: Any, size: float, path: str, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield f"{path} has {size} {what}, the least is {low}"
    if high is not None and size > high:
        yield f"{path} has {size} {what}, the most is {high}"


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """Patterns of the models are of Java's kind; the few that Python cannot read are not looked at."""
    if not text:
        return None
    try:
        return re.compile(text)
    except re.error:
        return None


def _error(operation: Operation, answer: Answer) -> Iterator[str]:
    code = answers.error_code(answer)
    declared = next((shape for shape in operation.model.error_shapes if code in (shape.name, shape.error_code)), None)
    if declared is None:
        if code not in COMMON_ERRORS:
            yield f"the error {code!r} is neither one of the operation's nor one that AWS has everywhere"
        return
    status = int((declared.metadata.get("error") or {}).get("httpStatusCode", 400))
    if answer.code != status:
        yield f"the error {code} has status {answer.code}, the model has {status}"
    if operation.protocol in ("json", "rest-json"):
        yield from _error_body(declared, answer)


def _error_body(declared: Any, answer: Answer) -> Iterator[str]:
    try:
        document = json.loads(answer.body or b"{}")
    except ValueError as error:
        yield f"the body of {declared.name} is not JSON: {error}"
        return
    if not document.get("message") and not document.get("Message"):
        yield f"{declared.name} has no message"
    members = declared.members
    body = {name: value for name, value in document.items() if name in members or name not in _ENVELOPE}
    required = [name for name in declared.required_members if name.lower() != "message"]
    yield from _structure(members, required, body, declared.name, _Wire)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
