"""Nothing secret leaves through a message, a log or the journal: redaction is a filter, not a call to remember."""

import logging
import os
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[redacted]"
_SHAPES = (
    # Access key ids of AWS, long-lived and temporary.
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"),
    # key=value and "key": "value" where the key says that the value is secret.
    re.compile(
        r"(?i)((?:secret|token|password|passphrase|aws_secret_access_key|session_token)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}]{6,}"
    ),
)
_SECRET_NAME = re.compile(r"(?i)(secret|token|password|passphrase|access_key|credential|private)")
# Names that match by accident and hold a place or a public id, not a secret.
_PLACE = re.compile(r"(?i)(_file|_uri|_url|_path|_dir|_id)$")
_SHORTEST_SECRET = 6


def secrets_of(environment: Mapping[str, str]) -> list[str]:
    """The values of variables whose name says that they are secret, longest first."""
    values = {
        value
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and not _PLACE.search(name) and len(value) >= _SHORTEST_SECRET
    }
    return sorted(values, key=len, reverse=True)


def redact(text: str, environment: Mapping[str, str] | None = None) -> str:
    """The text without anything that looks like a secret, or is one in the environment of this process."""
    for value in secrets_of(os.environ if environment is None else environment):
        text = text.replace(value, HIDDEN)
    text = _SHAPES[0].sub(HIDDEN, text)
    return _SHAPES[1].sub(lambda match: match.group(1) + HIDDEN, text)


def redact_all(value: Any) -> Any:
    """The same for every text inside lists and mappings."""
    match value:
        case str():
            return redact(value)
        case dict():
            return {key: redact_all(item) for key, item in value.items()}
        case list() | tuple():
            return [redact_all(item) for item in value]
        case _:
            return value


class RedactionFilter(logging.Filter):
    """For a log handler: the finished message is redacted, so that no argument slips past."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        # A traceback shows what calls were made with, and is formatted after this.
        record.exc_info = record.exc_text = record.stack_info = None
        return True
