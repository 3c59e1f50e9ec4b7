"""Policy documents as text. They are written here and not asked from AWS, so that a preview shows them whole."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from airlock.domain.names import GUARDED_TAG
from airlock.domain.policy_documents import Statement, policy_document


def document(statements: Iterable[Statement]) -> str:
    """An IAM policy document with these statements."""
    return as_text(policy_document(statements))


def as_text(document: Mapping[str, Any]) -> str:
    """Compact, because AWS counts the characters of a document."""
    return json.dumps(document, separators=(",", ":"))


def guarded(name: str) -> dict[str, str]:
    """The tags of a thing that the guardrail protects."""
    return {GUARDED_TAG: name}
