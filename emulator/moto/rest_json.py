"""Requests of rest-json services, read by their model and signature.

moto's own parser fails on values of a wrong type; here they are refused.
"""

import json
from typing import Any
from urllib.parse import parse_qs

from botocore import xform_name
from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

from emulator.protocol.shapes import violations

_LONGEST = 1000


class _CommonValidation(ServiceException):
    """One of the errors that any operation of AWS can have."""

    code = "ValidationException"

    def __init__(self, message: str) -> None:
        super().__init__(message)


class RestJsonResponse(BaseResponse):
    """From HTTP to the inputs of an operation. A service says which of its errors answers what the model forbids."""

    bad_input: type[ServiceException]

    def get_region_from_url(self, request: Any, full_url: str) -> str:
        """The Region that the request was signed for. moto would search the whole URL, ARNs in the path included."""
        scope = request.headers.get("Authorization", "").partition("Credential=")[2].split("/")
        return scope[2] if len(scope) > 2 else super().get_region_from_url(request, full_url)

    @property
    def _inputs(self) -> dict[str, Any]:
        """The members of the request by their Python names, after the model's own limits were checked."""
        shape = get_service_model(self.service_name).operation_model(self._get_action()).input_shape
        if shape is None:
            return {}
        given = _given(shape, self.uri_match, self.parsed_url.query, self.body)
        broken = violations(shape, given)
        if broken:
            count = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''} detected"
            raise self._refusal(_cut(f"{count}: {'; '.join(broken)}"))
        return {xform_name(member): value for member, value in given.items()}

    def _refusal(self, message: str) -> ServiceException:
        """The service's error for bad input, or the one of all services where the operation does not have it."""
        operation = get_service_model(self.service_name).operation_model(self._get_action())
        declared = {shape.name for shape in operation.error_shapes}
        return self.bad_input(message) if self.bad_input.code in declared else _CommonValidation(message)


def _cut(message: str) -> str:
    """The models allow a message of an error a thousand characters."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST - 3]}..."


def _given(shape: Any, uri_members: dict[str, str], query: str, body: str) -> dict[str, Any]:
    """The members that a request has, from wherever the model places them."""
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
    return {member: value for member, value in given.items() if value is not None}


def _from_query(shape: Any, text: str | None) -> str | int | None:
    if text is not None and shape.type_name == "integer" and text.removeprefix("-").isdecimal():
        return int(text)
    return text
