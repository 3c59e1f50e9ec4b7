"""cloudtrail:LookupEvents: the management events of an account and Region, newest first."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from emulator.events.cloudtrail import documents, history, resources
from emulator.events.cloudtrail.history import Row
from emulator.protocol import paging
from emulator.protocol.answers import Refusal

_PAGE = 50
Test = Callable[[Row, str], bool]


def events(account: str, region: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The output of LookupEvents for its input. Refuses what the API refuses, with its error codes."""
    if asked.get("EventCategory") not in (None, "insight"):
        raise _refused("InvalidEventCategoryException", "The event category that you specified is not valid.")
    size = asked.get("MaxResults") or (_PAGE if asked.get("MaxResults") is None else 0)
    if not isinstance(size, int) or not 1 <= size <= _PAGE:
        raise _refused("InvalidMaxResultsException", f"MaxResults must be between 1 and {_PAGE}.")
    start, end = asked.get("StartTime"), asked.get("EndTime")
    after = 0.0 if start is None else _moment(start)
    before = float("inf") if end is None else _moment(end)
    if after > before:
        raise _refused("InvalidTimeRangeException", "The start time must not be after the end time.")
    matches = _matcher(asked.get("LookupAttributes") or [])
    token = asked.get("NextToken")
    first = _position(account, region, token) if token is not None else None
    found: list[Row] = []
    if asked.get("EventCategory") == "insight":
        return {"Events": []}
    for row in history.newest_first(account, region):
        if first is not None and row.number > first:
            continue
        if after <= int(row.time) <= before and matches(row):
            found.append(row)
            if len(found) > size:
                break
    answer: dict[str, Any] = {"Events": [_event(row) for row in found[:size]]}
    if len(found) > size:
        answer["NextToken"] = paging.token_at(_listing(account, region), found[size].number)
    return answer


def _event(row: Row) -> dict[str, Any]:
    document = documents.of(row)
    event: dict[str, Any] = {
        "EventId": document["eventID"],
        "EventName": document["eventName"],
        "ReadOnly": "true" if row.read_only else "false",
        "EventTime": int(row.time),
        "EventSource": document["eventSource"],
        "Resources": _resources(row),
        "CloudTrailEvent": json.dumps(document),
    }
    if row.key and not row.shared:
        event["AccessKeyId"] = row.key
    user = documents.user_name(row)
    if user:
        event["Username"] = user
    return event


def _resources(row: Row) -> list[dict[str, str]]:
    return resources.found(row, documents.request_parameters(row), documents.response_elements(row))


_TESTS: dict[str, Test] = {
    "EventId": lambda row, value: documents.event_id(row) == value,
    "EventName": lambda row, value: row.operation == value,
    "ReadOnly": lambda row, value: row.read_only == (value == "true"),
    "Username": lambda row, value: documents.user_name(row) == value,
    "ResourceType": lambda row, value: any(found["ResourceType"] == value for found in _resources(row)),
    "ResourceName": lambda row, value: any(found["ResourceName"] == value for found in _resources(row)),
    "EventSource": lambda row, value: documents.event_source(row) == value,
    "AccessKeyId": lambda row, value: row.key == value and not row.shared,
}


def _matcher(attributes: Any) -> Callable[[Row], bool]:
    """The one attribute that may be asked for, as a test."""
    if not isinstance(attributes, list) or len(attributes) > 1:
        raise _refused("InvalidLookupAttributesException", "You can specify a list of one lookup attribute.")
    if not attributes:
        return lambda _: True
    attribute = attributes[0] if isinstance(attributes[0], dict) else {}
    key, value = attribute.get("AttributeKey"), attribute.get("AttributeValue")
    test = _TESTS.get(str(key))
    if test is None or not isinstance(value, str) or not value:
        raise _refused("InvalidLookupAttributesException", f"The lookup attribute {key!r} is not valid.")
    return lambda row: test(row, value)


def _moment(given: Any) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    moment = given if isinstance(given, datetime) else _read(str(given))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise _refused("InvalidTimeRangeException", f"{text!r} is not a time.") from error


def _listing(account: str, region: str) -> str:
    return f"LookupEvents|{account}|{region}"


def _position(account: str, region: str, token: Any) -> int:
    try:
        return paging.position(_listing(account, region), str(token))
    except ValueError as error:
        raise _refused("InvalidNextTokenException", "The token is not valid, or it is of another lookup.") from error


def _refused(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)
