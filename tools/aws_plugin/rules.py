"""What the real plugin refuses before it asks AWS: the rules of single values. A value that is not known yet passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Rule = Callable[[Any], str | None]

_ARN = re.compile(
    r"arn:aws(-[a-z]+)*:[^:]+:([a-z]{2}(-[a-z]+)+-\d{1,2})?:(|aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10}):.+",
    re.DOTALL,
)
_ACCOUNT = re.compile(r"\d{12}")
# Of AWS's own enumeration, as botocore has it.
POLICY_TYPES = (
    "AISERVICES_OPT_OUT_POLICY",
    "BACKUP_POLICY",
    "BEDROCK_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "GUARDDUTY_POLICY",
    "INSPECTOR_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "S3_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "SECURITYHUB_POLICY",
    "SERVICE_CONTROL_POLICY",
    "TAG_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
)


def arn(value: str) -> str | None:
    """An empty text is none, and none is no refusal."""
    if not value or _ARN.fullmatch(value):
        return None
    return f"is {value!r}, which is no ARN."


def is_account(value: str) -> bool:
    return _ACCOUNT.fullmatch(value) is not None


def account_or_arn(value: str) -> str | None:
    if is_account(value) or arn(value) is None:
        return None
    return f"is {value!r}, which is neither an account id of twelve digits nor an ARN."


def between(low: int, high: int) -> Rule:
    def rule(value: int) -> str | None:
        return None if low <= value <= high else f"is {value} and must be from {low} to {high}."

    return rule


def at_least(low: int) -> Rule:
    return lambda value: None if value >= low else f"is {value} and must be at least {low}."


def one_of(*known: str) -> Rule:
    return lambda value: None if value in known else f"is {value!r} and must be one of {', '.join(known)}."


def text(low: int, high: int, characters: str = "") -> Rule:
    """A text of a length, and of the given characters if any are named (as inside the brackets of a pattern)."""

    def rule(value: str) -> str | None:
        if not low <= len(value) <= high:
            return f"is {_short(value)} of {len(value)} characters and must have from {low} to {high}."
        if characters and not re.fullmatch(f"[{characters}]*", value):
            return f"is {_short(value)} and must consist of the characters {characters}."
        return None

    return rule


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:57]}...")
