"""What of a stack's export must be equal between two deployments: everything but times and ids."""

from __future__ import annotations

import json
import re
from typing import Any

# Of the whole deployment only the resources are compared: the rest is the time of writing, and the salt of the secrets.
# Of a resource these are left out: when it was written, and the line of which Python file asked for it.
_LEFT_OUT = {"created", "modified", "stackTrace", "sourcePosition"}
# Secrets are sealed anew each time.
_SEALED = "ciphertext"
# Each different value gets a number in the order of its appearance: a reference to another thing stays a difference.
_RANDOM = re.compile(
    r"(?P<uuid>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"
    r"|(?P<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d)?)"
    r"|(?P<iam_id>\bA[A-Z0-9]{20}\b)"
    r"|(?P<policy>\bp-[0-9a-z]{8,}\b)"
    r"|(?P<version>\b\d{13}\b)"
    r"|(?P<port>(?<=127\.0\.0\.1:)\d+)"
)


def normalised(export: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of an export, by URN, without times and with numbers for ids."""
    resources = sorted(export["deployment"].get("resources") or [], key=lambda each: str(each["urn"]))
    seen: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        return seen.setdefault(found[0], f"<{found.lastgroup} {len(seen) + 1}>")

    kept = [{key: value for key, value in each.items() if key not in _LEFT_OUT} for each in resources]
    named: list[dict[str, Any]] = json.loads(_RANDOM.sub(name, json.dumps(_ordered(kept), sort_keys=True)))
    return named


def _ordered(value: Any) -> Any:
    """Without what is sealed; dependencies are sets, which the engine writes in the order in which it heard of them."""
    if isinstance(value, dict):
        return {key: _ordered(held) for key, held in value.items() if key != _SEALED}
    if isinstance(value, list):
        urns = all(isinstance(each, str) and each.startswith("urn:pulumi:") for each in value)
        return sorted(value) if urns else [_ordered(each) for each in value]
    return value
