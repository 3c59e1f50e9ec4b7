"""Tags, which every service spells differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tools.aws_plugin.values import Properties


def pairs(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in (tags or {}).items()]


def from_pairs(found: Iterable[Mapping[str, Any]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    return ours({item[key]: item[value] for item in found})


def ours(found: Mapping[str, str]) -> dict[str, str]:
    """Without the tags of AWS itself, which nobody else may write."""
    return {name: text for name, text in found.items() if not name.startswith("aws:")}


def bring_up_to_date(
    old: Properties, new: Properties, put: Callable[[dict[str, str]], Any], remove: Callable[[list[str]], Any]
) -> None:
    """Write what changed and nothing else, so that an update of something else makes no tag call."""
    before, after = old.get("tags") or {}, new.get("tags") or {}
    if gone := sorted(set(before) - set(after)):
        remove(gone)
    if moved := {name: text for name, text in after.items() if before.get(name) != text}:
        put(moved)
