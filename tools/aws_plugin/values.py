"""Properties on the wire (protobuf structs) as plain Python values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2

Properties = dict[str, Any]

# What the engine sends for a value that is not known yet, whatever its type: part of the protocol.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def read(struct: struct_pb2.Struct | None) -> Properties:
    """Every number on the wire is a float; whole ones become integers, because boto3 refuses 7.0 where it wants 7."""
    if struct is None:
        return {}
    return {name: _whole(value) for name, value in json_format.MessageToDict(struct).items()}


def write(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update({name: value for name, value in values.items() if value is not None})
    return struct


def _whole(value: Any) -> Any:
    match value:
        case dict():
            return {name: _whole(item) for name, item in value.items()}
        case list():
            return [_whole(item) for item in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
