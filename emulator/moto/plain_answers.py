"""Answers that are made of dictionaries in the words of the service model already, written out by that model.

moto looks for each member of an answer under several names and in several places, which costs more than all else in a
list of a thousand items. Answers of our own services need none of that.
"""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult


class PlainResult(ActionResult):
    """The result of an operation of a JSON service: plain dictionaries, lists and values; times are datetimes."""

    def execute_result(self, context: Any) -> Any:
        shape = context.operation_model.output_shape
        if shape is None or not isinstance(self.result, dict) or _is_spread(shape):
            return super().execute_result(context)
        status = context.operation_model.http.get("responseCode", 200)
        body = json.dumps(document(shape, self.result))
        return status, {"Content-Type": "application/json"}, body


def _is_spread(shape: Any) -> bool:
    """Whether parts of the answer travel in headers, or one member is the whole body."""
    return "payload" in shape.serialization or any("location" in one.serialization for one in shape.members.values())


def document(shape: Any, value: Any) -> Any:
    """The JSON form of a value of that shape; members without a value, and those that the model lacks, are left out."""
    kind = shape.type_name
    if kind == "structure":
        members = shape.members
        return {
            members[name].serialization.get("name", name): document(members[name], part)
            for name, part in value.items()
            if part is not None and name in members
        }
    if kind == "list":
        return [document(shape.member, part) for part in value]
    if kind == "map":
        return {key: document(shape.value, part) for key, part in value.items()}
    if kind == "timestamp":
        return _moment(shape, value)
    if kind == "blob":
        return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()
    return value


def _moment(shape: Any, value: datetime) -> float | str:
    """Seconds since 1970 with milliseconds, or ISO 8601 where the model asks for it."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    if shape.serialization.get("timestampFormat") == "iso8601":
        return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return int(aware.timestamp() * 1000) / 1000
