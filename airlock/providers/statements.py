"""Policy statements, merged by Sid into a policy that others write too. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from airlock.domain.errors import Conflict
from airlock.providers.properties import Props

_ACCOUNT = re.compile(r"\d{12}")


def statements_of(policy: Mapping[str, Any] | None) -> list[Props]:
    """The statements of a policy; AWS allows a single one without a list."""
    statements = (policy or {}).get("Statement", [])
    return [dict(statements)] if isinstance(statements, Mapping) else [dict(statement) for statement in statements]


def same(one: Any, other: Any) -> bool:
    """Whether two statements mean the same: AWS turns lists of one into texts, and account ids into root ARNs."""
    return bool(_normal(one) == _normal(other))


def merged(
    policy: Mapping[str, Any] | None, ours: Sequence[Props], before: Sequence[Props], *, adopt: bool
) -> dict[str, Any]:
    """The policy with our statements in it and everything else as found.

    A Sid of ours that an earlier run did not write, with another content, belongs to somebody else: refused.
    """
    existing = statements_of(policy)
    written = {statement["Sid"] for statement in before}
    desired = {statement["Sid"]: statement for statement in ours}
    for statement in existing:
        sid = statement.get("Sid", "")
        if sid in desired and sid not in written and not adopt and not same(statement, desired[sid]):
            raise Conflict(
                f"The organization's delegation policy already has a statement `{sid}` with another content, written "
                "by somebody else. It was not touched. Give ours another Sid, or set `adopt: true` to replace that "
                "very statement.",
                operation="PutResourcePolicy",
            )
    kept = [
        desired.get(statement.get("Sid", ""), statement)
        for statement in existing
        if statement.get("Sid") in desired or statement.get("Sid") not in written
    ]
    kept_sids = {statement.get("Sid") for statement in kept}
    added = [statement for statement in ours if statement["Sid"] not in kept_sids]
    version = (policy or {}).get("Version", "2012-10-17")
    return {**(policy or {}), "Version": version, "Statement": [*kept, *added]}


def without(policy: Mapping[str, Any] | None, ours: Sequence[Props]) -> dict[str, Any]:
    """The policy without the statements that are ours and unchanged since."""
    rest = [
        statement
        for statement in statements_of(policy)
        if not any(statement.get("Sid") == own.get("Sid") and same(statement, own) for own in ours)
    ]
    return {**(policy or {}), "Statement": rest}


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: item if key in {"Sid", "Effect"} else _normal(item) for key, item in value.items()}
    if isinstance(value, str):
        return [f"arn:aws:iam::{value}:root" if _ACCOUNT.fullmatch(value) else value]
    if isinstance(value, Sequence):
        return sorted(text for item in value for text in _normal(str(item)))
    return [str(value)]
