"""Which management events a trail logs, by its event selectors."""

from collections.abc import Callable
from typing import Any

from emulator.events.cloudtrail import documents
from emulator.events.cloudtrail.history import Row

Test = Callable[[Row], bool]

_FIELDS: dict[str, Callable[[Row], str]] = {
    "eventCategory": lambda _: "Management",
    "readOnly": lambda row: "true" if row.read_only else "false",
    "eventName": lambda row: row.operation,
    "eventSource": documents.event_source,
    "eventType": lambda row: "AwsApiCall" if row.details is None else "AwsServiceEvent",
}
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Equals": lambda value, wanted: value == wanted,
    "StartsWith": lambda value, wanted: value.startswith(wanted),
    "EndsWith": lambda value, wanted: value.endswith(wanted),
}


def matcher(basic: list[dict[str, Any]], advanced: list[dict[str, Any]]) -> Test:
    """All management events without selectors, else those that one of them takes."""
    if basic:
        return lambda row: any(_takes(selector, row) for selector in basic)
    if advanced:
        return lambda row: any(all(_fits(one, row) for one in _fields(selector)) for selector in advanced)
    return lambda _: True


def _takes(selector: dict[str, Any], row: Row) -> bool:
    if not selector.get("IncludeManagementEvents", True):
        return False
    if documents.event_source(row) in (selector.get("ExcludeManagementEventSources") or []):
        return False
    kind = selector.get("ReadWriteType", "All")
    return kind == "All" or bool(row.read_only == (kind == "ReadOnly"))


def _fields(selector: dict[str, Any]) -> list[dict[str, Any]]:
    return selector.get("FieldSelectors") or []


def _fits(field: dict[str, Any], row: Row) -> bool:
    """A field that management events do not have makes the selector one for data events."""
    read = _FIELDS.get(str(field.get("Field")))
    if read is None:
        return False
    value = read(row)
    for name, test in _OPERATORS.items():
        if field.get(name) and not any(test(value, str(wanted)) for wanted in field[name]):
            return False
        if field.get(f"Not{name}") and any(test(value, str(wanted)) for wanted in field[f"Not{name}"]):
            return False
    return True
