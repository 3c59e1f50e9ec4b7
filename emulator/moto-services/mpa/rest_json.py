"""Reads a rest-json request by its model. moto's own parser fails on values of a wrong type; here they are refused."""

import json
from typing import Any
from urllib.parse import parse_qs

from botocore import xform_name

from .validation import violations


class BadInput(ValueError):
    """The model forbids this request; the message says all that is wrong with it."""


def inputs(operation: Any, uri_members: dict[str, str], query: str, body: str) -> dict[str, Any]:
    """The members of a request by their Python names, after every limit of the model was checked."""
    shape = operation.input_shape
    if shape is None:
        return {}
    document = json.loads(body) if body.strip() else {}
    in_query = parse_qs(query, keep_blank_values=True)
    given: dict[str, Any] = {}
    for member, member_shape in shape.members.items():
        place = member_shape.serialization.get("location")
        name = member_shape.serialization.get("name", member)
        if place == "uri":
            given[member] = uri_members.get(member)
        elif place == "querystring":
            given[member] = _from_query(member_shape, in_query.get(name, [None])[0])
        else:
            given[member] = document.get(name)
    given = {member: value for member, value in given.items() if value is not None}
    broken = violations(shape, given)
    if broken:
        count = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''} detected"
        raise BadInput(f"{count}: {'; '.join(broken)}")
    return {xform_name(member): value for member, value in given.items()}


def _from_query(shape: Any, text: str | None) -> str | int | None:
    if text is not None and shape.type_name == "integer" and text.removeprefix("-").isdecimal():
        return int(text)
    return text
