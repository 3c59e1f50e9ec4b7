"""What a property of a resource may hold, and when two values of it mean the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from tools.aws_plugin.values import UNKNOWN

Kind = Literal["string", "integer", "boolean", "list", "map", "object"]

_PYTHON_TYPES: Mapping[Kind, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "list": (list,),
    "map": (dict,),
    "object": (dict,),
}


# Values that say nothing. Not among them: 0 and False, which a top-level property may mean.
ABSENT: tuple[Any, ...] = (None, {}, [], "", [{}])


@dataclass(frozen=True, kw_only=True)
class Field:
    """One property.

    * `replaces`: a changed value means a new object.
    * `default`: filled in before the engine compares, as the real plugin does.
    * `local`: steers the plugin and is not known to AWS (how many days until a key is gone): comes from state only.
    * `document`: a JSON text, compared as AWS's policies are: order means nothing, nor does a list around one value.
    * `exact`: a document that is compared as JSON, where the order of lists counts.
    * `rule`: what is wrong with a value of the right kind, as the end of a sentence that begins with the property.
    * `unordered`: a list that AWS returns in any order.
    * `from_aws`: when the program says nothing AWS chooses, so absence is no change.
    * `zero_is_none`: 0 is what the older SDK shows for absent, and is never sent.
    * `last_part`: an ARN and the id at its end mean the same.
    * `aws`: AWS's name for it, where that is not the same with a capital.
    """

    kind: Kind
    required: bool = False
    replaces: bool = False
    default: Any = None
    local: bool = False
    document: bool = False
    exact: bool = False
    rule: Callable[[Any], str | None] | None = None
    unordered: bool = False
    from_aws: bool = False
    zero_is_none: bool = False
    last_part: bool = False
    aws: str | None = None
    items: Field | None = None
    fields: Mapping[str, Field] | None = None


def string(**options: Any) -> Field:
    return Field(kind="string", **options)


def document(**options: Any) -> Field:
    """A JSON text, such as a policy."""
    return Field(kind="string", document=True, **options)


def integer(**options: Any) -> Field:
    return Field(kind="integer", **options)


def boolean(**options: Any) -> Field:
    return Field(kind="boolean", **options)


def strings(**options: Any) -> Field:
    """A list of strings in which order means nothing."""
    return Field(kind="list", unordered=True, items=string(), **options)


def mapping(values: Field | None = None, **options: Any) -> Field:
    return Field(kind="map", items=values or string(), **options)


def nested(fields: Mapping[str, Field], **options: Any) -> Field:
    return Field(kind="object", fields=fields, **options)


def blocks(fields: Mapping[str, Field], **options: Any) -> Field:
    """A list of objects in which order means nothing."""
    return Field(kind="list", unordered=True, items=nested(fields), **options)


def tags() -> Field:
    return mapping()


def table(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """The properties of a resource type, never to be written to."""
    return MappingProxyType(dict(fields))


def problems(
    owner: str, fields: Mapping[str, Field], values: Mapping[str, Any], at: str = ""
) -> Iterator[tuple[str, str]]:
    """Every (path, sentence) that is wrong with the values, unknown names included."""
    for name, value in values.items():
        if name.startswith("__"):
            continue
        if name not in fields:
            known = ", ".join(sorted(fields)) or "none at all"
            yield at + name, f"{owner} has no property `{at}{name}` that this plugin knows; it knows {known}."
        else:
            yield from _value_problems(owner, fields[name], value, at + name)
    for name, field in fields.items():
        if field.required and values.get(name) is None:
            yield (
                at + name,
                f"{owner} needs a value for `{at}{name}`: this plugin makes up no names and no defaults here.",
            )


def _value_problems(owner: str, field: Field, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if value is None or value == UNKNOWN:
        return
    wrong_kind = not isinstance(value, _PYTHON_TYPES[field.kind]) or (
        field.kind == "integer" and isinstance(value, bool)
    )
    if wrong_kind:
        yield path, f"Property `{path}` of {owner} must be of the kind {field.kind}, not {type(value).__name__}."
    elif field.kind == "list" and field.items is not None:
        for index, item in enumerate(value):
            yield from _value_problems(owner, field.items, item, f"{path}[{index}]")
    elif field.kind == "map" and field.items is not None:
        for key, item in value.items():
            yield from _value_problems(owner, field.items, item, f"{path}.{key}")
    elif field.kind == "object":
        yield from problems(owner, field.fields or {}, value, f"{path}.")
    elif field.document and _document(field, value) is None:
        yield path, f"Property `{path}` of {owner} must be JSON text, and what it holds is not."
    elif field.rule is not None and (problem := field.rule(value)):
        yield path, f"Property `{path}` of {owner} {problem}"


def with_defaults(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with absent ones filled in, and without those that are null."""
    filled = {name: value for name, value in values.items() if value is not None}
    for name, field in fields.items():
        if name not in filled and field.default is not None:
            filled[name] = field.default
    return filled


def meaning(field: Field, value: Any) -> Any:
    """The value in a form in which two that mean the same are equal."""
    if value is None or value == UNKNOWN:
        return value
    if field.document:
        return _document(field, value)
    if field.last_part:
        return str(value).rsplit("/", 1)[-1]
    if field.kind == "list":
        items = [meaning(field.items or string(), item) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if field.unordered else items
    if field.kind == "object":
        known = field.fields or {}
        full = with_defaults(known, value)
        found = {name: meaning(known[name], full[name]) for name in full if name in known}
        # To the older SDK an absent value is an empty one: a block without content, a switch that is off, zero.
        return {name: item for name, item in found.items() if item}
    return value


def same(field: Field, one: Any, other: Any) -> bool:
    """Whether AWS has (`other`) what the program says (`one`)."""
    left, right = meaning(field, one), meaning(field, other)
    if field.kind == "object" and field.fields and isinstance(left, dict) and isinstance(right, dict):
        chosen = [name for name in right if name not in left and field.fields[name].from_aws]
        right = {name: item for name, item in right.items() if name not in chosen}
    if UNKNOWN in (left, right):
        return False
    return bool(left == right or (left in ABSENT and right in ABSENT))


def _document(field: Field, text: Any) -> Any:
    """What the JSON text says; None where it is none."""
    try:
        said = json.loads(text)
    except (TypeError, ValueError):
        return None
    return said if field.exact else _settle(said)


def _settle(value: Any) -> Any:
    match value:
        case dict():
            return {key: _settle(item) for key, item in value.items()}
        case [only]:
            return _settle(only)
        case list():
            return sorted((_settle(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        case _:
            return value
