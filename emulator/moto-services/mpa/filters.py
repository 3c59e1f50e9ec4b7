"""The filters of ListSessions: which field takes which operators, as data, and what each means."""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .exceptions import ValidationException
from .sessions import Session

Filter = dict[str, str]

_TEXT: dict[str, Callable[[str, str], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "CONTAINS": lambda actual, wanted: wanted in actual,
    "NOT_CONTAINS": lambda actual, wanted: wanted not in actual,
}
_TIME: dict[str, Callable[[datetime, datetime], bool]] = {
    "GT": operator.gt,
    "LT": operator.lt,
    "GTE": operator.ge,
    "LTE": operator.le,
}
OPERATORS = {
    "ActionName": ("EQ", "NE", "CONTAINS", "NOT_CONTAINS"),
    "SessionStatus": ("EQ", "NE"),
    "InitiationTime": ("GT", "LT", "GTE", "LTE", "BETWEEN"),
}


def check(filters: list[Filter]) -> None:
    """Refuse a filter that ListSessions does not know, before anything is looked up."""
    for wanted in filters:
        field, chosen = wanted.get("FieldName", ""), wanted.get("Operator", "")
        if field not in OPERATORS:
            raise ValidationException(f"ListSessions cannot filter by {field!r}, only by {', '.join(OPERATORS)}.")
        if chosen not in OPERATORS[field]:
            raise ValidationException(f"{field} takes the operators {', '.join(OPERATORS[field])}, not {chosen!r}.")
        if not wanted.get("Value"):
            raise ValidationException(f"The filter on {field} has no Value to compare with.")
        if field == "InitiationTime":
            _moments(wanted)


def matches(session: Session, shown: dict[str, Any], wanted: Filter) -> bool:
    """Whether a session, as it would be shown, passes one filter."""
    chosen, value = wanted["Operator"], wanted.get("Value", "")
    match wanted["FieldName"]:
        case "ActionName":
            return _TEXT[chosen](session.request.action_name, value)
        case "SessionStatus":
            return _TEXT[chosen](shown["Status"], value)
        case _:
            moments = _moments(wanted)
            if chosen == "BETWEEN":
                return moments[0] <= session.initiated <= moments[1]
            return _TIME[chosen](session.initiated, moments[0])


def _moments(wanted: Filter) -> list[datetime]:
    value = wanted.get("Value", "")
    parts = re.split(r"\s+AND\s+", value, flags=re.IGNORECASE) if wanted["Operator"] == "BETWEEN" else [value]
    try:
        moments = [datetime.fromisoformat(part.strip()) for part in parts]
    except ValueError:
        moments = []
    if len(moments) != (2 if wanted["Operator"] == "BETWEEN" else 1):
        raise ValidationException(
            "InitiationTime is compared with an ISO 8601 time, and BETWEEN with two of them: 'a AND b'."
        )
    return [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments]
