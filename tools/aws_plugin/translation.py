"""Nested blocks between Pulumi's names and AWS's, by the `aws` names in the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.aws_plugin.fields import Field, with_defaults
from tools.aws_plugin.values import Properties


def aws_name(name: str, field: Field) -> str:
    return field.aws or name[0].upper() + name[1:]


def to_aws(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the program gave and the plugin's defaults; to the rest AWS's own defaults apply."""
    full = with_defaults(fields, values)
    return {
        aws_name(name, field): _each(field, full[name], to_aws)
        for name, field in fields.items()
        if not field.local and name in full and not (field.zero_is_none and full[name] == 0)
    }


def from_aws(fields: Mapping[str, Field], found: Mapping[str, Any]) -> Properties:
    return {
        name: _each(field, found[aws_name(name, field)], from_aws)
        for name, field in fields.items()
        if not field.local and found.get(aws_name(name, field)) is not None
    }


def _each(field: Field, value: Any, translate: Any) -> Any:
    if field.kind == "object" and field.fields is not None:
        return translate(field.fields, value)
    if field.kind == "list" and field.items is not None:
        return [_each(field.items, item, translate) for item in value]
    return value
