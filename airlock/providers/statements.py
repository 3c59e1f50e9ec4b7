"""Policy statements, merged by Sid into a policy that others write too. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from airlock.domain.errors import Conflict
from airlock.providers.properties import Props

_ACCOUNT = re.compile(r"\d{12}")


def statements_of(policy: Mapping[str, Any] | None) -> list[Props]:
    """The statements of a policy; AWS allows a single one without a list."""
    found = (policy or {}).get("Statement", [])
    return [dict(found)] if isinstance(found, Mapping) else [dict(one) for one in found]


def same(one: Any, other: Any) -> bool:
    """Whether two statements mean the same: AWS turns lists of one into texts, and account ids into root ARNs."""
    return bool(_normal(one) == _normal(other))


def merged(
    policy: Mapping[str, Any] | None, ours: Sequence[Props], before: Sequence[Props], *, adopt: bool
) -> dict[str, Any]:
    """The policy with our statements in it and everything else as found.

    A Sid of ours that an earlier run did not write, with another content, belongs to somebody else: refused.
    """
    found = statements_of(policy)
    wrote = {one["Sid"] for one in before}
    wanted = {one["Sid"]: one for one in ours}
    for one in found:
        sid = one.get("Sid", "")
        if sid in wanted and sid not in wrote and not adopt and not same(one, wanted[sid]):
            raise Conflict(
                f"The organization's delegation policy already has a statement `{sid}` with another content, written "
                "by somebody else. It was not touched. Give ours another Sid, or set `adopt: true` to replace that "
                "very statement.",
                operation="PutResourcePolicy",
            )
    kept = [
        wanted.get(one.get("Sid", ""), one) for one in found if one.get("Sid", "") in wanted or _is_foreign(one, wrote)
    ]
    there = {one.get("Sid") for one in kept}
    added = [one for one in ours if one["Sid"] not in there]
    version = (policy or {}).get("Version", "2012-10-17")
    return {**(policy or {}), "Version": version, "Statement": [*kept, *added]}


def without(policy: Mapping[str, Any] | None, ours: Sequence[Props]) -> dict[str, Any]:
    """The policy without the statements that are ours and unchanged since."""
    left = [
        one
        for one in statements_of(policy)
        if not any(one.get("Sid") == mine.get("Sid") and same(one, mine) for mine in ours)
    ]
    return {**(policy or {}), "Statement": left}


def _is_foreign(statement: Props, wrote: set[str]) -> bool:
    return statement.get("Sid") not in wrote


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: one if key in {"Sid", "Effect"} else _normal(one) for key, one in value.items()}
    if isinstance(value, str):
        return [f"arn:aws:iam::{value}:root" if _ACCOUNT.fullmatch(value) else value]
    if isinstance(value, Sequence):
        return sorted(text for one in value for text in _normal(str(one)))
    return [str(value)]
