"""Policy documents as text. They are written here and not asked from AWS, so that a preview shows them whole."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from airlock.domain.names import GUARDED_TAG

Statement = Mapping[str, Any]


def document(statements: Sequence[Statement]) -> str:
    """An IAM policy document, compact because AWS counts its characters."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def root_of(account_id: str) -> str:
    """The account as a principal. A role's ARN would break for ever once the role is made anew."""
    return f"arn:aws:iam::{account_id}:root"


def trust_of_service(service: str) -> str:
    """Lets one AWS service take on a role."""
    return document(
        [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"},
        ]
    )


def trust_of_account(account_id: str) -> str:
    """Lets whoever the account itself permits take on a role."""
    return document(
        [
            {"Effect": "Allow", "Principal": {"AWS": root_of(account_id)}, "Action": "sts:AssumeRole"},
        ]
    )


def guarded(name: str) -> dict[str, str]:
    """The tags of a thing that the guardrail protects."""
    return {GUARDED_TAG: name}
