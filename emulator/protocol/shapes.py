"""Refuses inputs that the service model forbids: missing members, lengths, ranges, patterns and enums.

The model is botocore's own, so a limit is never written down twice. Values are not repeated in the message, because the
model marks some of them as sensitive.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_KINDS: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "list": list,
    "map": dict,
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
}
_NUMBERS = frozenset({"integer", "long", "float", "double"})


def violations(shape: Any, value: Any, name: str = "") -> list[str]:
    """Every way in which `value` breaks `shape`, each as a sentence in the words of AWS."""
    return list(_walk(shape, value, name))


def _walk(shape: Any, value: Any, name: str) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    kind = _KINDS.get(shape.type_name)
    if kind is not None and (not isinstance(value, kind) or _is_no_number(shape, value)):
        yield f"Value at '{name}' failed to satisfy constraint: Member must be a {shape.type_name}"
        return
    yield from _own_limits(shape, value, name)
    if shape.type_name == "structure":
        yield from _members(shape, value, name)
    elif shape.type_name == "list":
        for position, item in enumerate(value, start=1):
            yield from _walk(shape.member, item, f"{name}.{position}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _walk(shape.key, key, f"{name}.key")
            yield from _walk(shape.value, item, f"{name}.value")


def _is_no_number(shape: Any, value: Any) -> bool:
    """Python takes True for 1."""
    return shape.type_name in _NUMBERS and isinstance(value, bool)


def _members(shape: Any, value: dict[str, Any], name: str) -> Iterator[str]:
    path = f"{name}." if name else ""
    for required in shape.required_members:
        if value.get(required) is None:
            yield f"Value at '{path}{required}' failed to satisfy constraint: Member must not be null"
    if shape.metadata.get("union") and len([member for member in value.values() if member is not None]) != 1:
        yield f"Value at '{name}' failed to satisfy constraint: Exactly one member of the union must be set"
    for member, member_shape in shape.members.items():
        if value.get(member) is not None:
            yield from _walk(member_shape, value[member], f"{path}{member}")


def _own_limits(shape: Any, value: Any, name: str) -> Iterator[str]:
    limits = shape.metadata
    size, what = (value, "value") if shape.type_name in _NUMBERS else (_length(value), "length")
    if size is not None and "min" in limits and size < limits["min"]:
        yield (
            f"Value at '{name}' failed to satisfy constraint: "
            f"Member must have {what} greater than or equal to {limits['min']}"
        )
    if size is not None and "max" in limits and size > limits["max"]:
        yield (
            f"Value at '{name}' failed to satisfy constraint: "
            f"Member must have {what} less than or equal to {limits['max']}"
        )
    if "enum" in limits and value not in limits["enum"]:
        allowed = ", ".join(limits["enum"])
        yield f"Value at '{name}' failed to satisfy constraint: Member must satisfy enum value set: [{allowed}]"
    pattern = _in_python(limits.get("pattern", ""))
    if pattern is not None and not pattern.fullmatch(value):
        yield (
            f"Value at '{name}' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {limits['pattern']}"
        )


@cache
def _in_python(pattern: str) -> re.Pattern[str] | None:
    """A pattern of the model with what Python has for its letters, separators and numbers.

    None where there is no pattern, or where it uses a class that Python's expressions lack altogether.
    """
    for ours, theirs in ((r"\w", r"\p{L}"), (r"\s", r"\p{Z}"), (r"\d", r"\p{N}")):
        pattern = pattern.replace(theirs, ours)
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, str | list | dict) else None
