"""JSON documents that travel between people by hand: each carries its format and a checksum of its own content.

The checksum finds accidents and careless edits. It is no signature: whoever can change the file can seal it again.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from airlock.domain.errors import UsageError


def checksum(body: Mapping[str, Any]) -> str:
    """SHA-256 over the content in one canonical spelling, without the checksum itself."""
    content = {key: value for key, value in body.items() if key != "checksum"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def seal(body: Mapping[str, Any]) -> str:
    """The document as text, checksum included."""
    return json.dumps({**body, "checksum": checksum(body)}, indent=2, ensure_ascii=False) + "\n"


def unseal(text: str, *, what: str, format_name: str, remedy: str) -> dict[str, Any]:
    """The content, after every reason to distrust it was looked for. `remedy` is the command that makes a new one."""
    try:
        body = json.loads(text)
    except ValueError as problem:
        message = f"The {what} is not JSON ({problem}). It was cut off or edited. Make a new one: `{remedy}`."
        raise UsageError(message) from problem
    if not isinstance(body, dict) or "format" not in body:
        message = f"This is not a {what}: it names no format. Make one: `{remedy}`."
        raise UsageError(message)
    if body["format"] != format_name:
        message = (
            f"The {what} has the format `{body['format']}`, this version of Airlock reads `{format_name}`. "
            f"Make a new one with this version: `{remedy}`."
        )
        raise UsageError(message)
    if body.get("checksum") != checksum(body):
        message = (
            f"The {what} was changed after it was written: its checksum does not match its content. "
            f"Nothing in it can be trusted. Make a new one: `{remedy}`."
        )
        raise UsageError(message)
    return {key: value for key, value in body.items() if key != "checksum"}
