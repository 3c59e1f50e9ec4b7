"""Requests are judged by botocore's own model of their operation, before any rule of ours looks at them."""

import re
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape
from moto.core.utils import get_service_model

from ..exceptions import InvalidParameterValueException, MissingParameterValueException

# What the model calls these types, and what a parsed request holds.
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
}


# Lists and summaries of jobs take these in the place of an account, as documented; their pattern does not.
_ALL_ACCOUNTS = ("*", "ANY", "AGGREGATE_ALL")


def check_request(operation: OperationModel, params: dict[str, Any]) -> None:
    """Refuse a request that lacks a required member or breaks a type, pattern, enum or range of the model."""
    if operation.input_shape is not None:
        _check(operation.input_shape, params, "")


def check_shape(name: str, value: Any) -> None:
    """The same for a value that is no request, by the name of its shape in AWS Backup's model."""
    _check(get_service_model("backup").shape_for(name), value, name)


def _check(shape: Shape, value: Any, path: str) -> None:
    _check_type(shape, value, path)
    if isinstance(shape, StructureShape):
        _check_structure(shape, value, path)
    elif isinstance(shape, ListShape):
        _check_length(shape, value, path)
        for index, element in enumerate(value):
            _check(shape.member, element, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        for key, element in value.items():
            _check(shape.value, element, f"{path}.{key}")
    elif isinstance(shape, StringShape):
        _check_string(shape, value, path)
    else:
        _check_range(shape, value, path)


def _check_type(shape: Shape, value: Any, path: str) -> None:
    expected = _PYTHON_TYPES.get(shape.type_name)
    wrong = expected is not None and not isinstance(value, expected)
    if wrong or (isinstance(value, bool) and shape.type_name in ("integer", "long")):
        message = f"The parameter {path} has to be of type {shape.type_name}: {value!r} is not."
        raise InvalidParameterValueException(message)


def _check_structure(shape: StructureShape, value: dict[str, Any], path: str) -> None:
    for name in shape.required_members:
        if value.get(name) in (None, ""):
            raise MissingParameterValueException(f"The parameter {_join(path, name)} is required and is missing.")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            _check(member, value[name], _join(path, name))


def _check_string(shape: StringShape, value: str, path: str) -> None:
    if shape.enum and value not in shape.enum:
        message = f"The parameter {path} is {value!r}; allowed are: {', '.join(shape.enum)}."
        raise InvalidParameterValueException(message)
    _check_length(shape, value, path)
    if shape.name == "AccountId" and value in _ALL_ACCOUNTS:
        return
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        raise InvalidParameterValueException(f"The parameter {path} is {value!r}, which does not match {pattern}.")


def _check_length(shape: Shape, value: str | list[Any], path: str) -> None:
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    if (lowest is not None and len(value) < lowest) or (highest is not None and len(value) > highest):
        message = f"The parameter {path} has a length of {len(value)}; it has to lie between {lowest} and {highest}."
        raise InvalidParameterValueException(message)


def _check_range(shape: Shape, value: Any, path: str) -> None:
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        message = f"The parameter {path} is {value}; it has to lie between {lowest} and {highest}."
        raise InvalidParameterValueException(message)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
