"""Turns what the engine and its providers print into the sentences that somebody wrote for people."""

import re
from collections.abc import Iterable

from airlock.deploy.stream import Complaint, Stream

# These only say that something else went wrong.
_ECHOES = re.compile(r"^(error: )?(preview failed|update failed|refresh failed|resource registration failed.*)$")
_COLOUR = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
_TRACEBACK = "Traceback (most recent call last):"
# What the layers between a provider and the terminal put before its words.
_WRAPPINGS = re.compile(
    r"(error: |Program failed with an unhandled exception:\s*|Exception calling application: "
    # An exception is printed with its class: `airlock.domain.errors.WrongAccount: ` or `ValueError: `.
    r"|rpc error: code = \w+ desc = |(?:[a-z_]\w*\.)+[A-Z]\w*: |[A-Z]\w*(?:Error|Exception): )"
)


def sentences(stream: Stream, stderr: str) -> list[str]:
    """Why an operation failed, each reason once, without tracebacks; never empty."""
    told = [_told(each) for each in [*stream.violations, *stream.complaints]]
    found = _unique(sentence for sentence in told if sentence and not _ECHOES.match(sentence))
    if found:
        return found
    return _unique([plain(stderr)]) or [
        "The engine ended without a reason. Run `pulumi up` in the project to see more."
    ]


def _told(complaint: Complaint) -> str:
    message = plain(complaint.message)
    if not message or _ECHOES.match(message) or not complaint.resource or f"`{complaint.resource}`" in message:
        return message
    return f"`{complaint.resource}`: {message}"


def plain(text: str) -> str:
    """The words of an error: no colour, no traceback, none of the wrappings that each layer adds."""
    text = _COLOUR.sub("", text).strip()
    if _TRACEBACK in text:
        text = _after_traceback(text)
    while (found := _WRAPPINGS.match(text)) is not None:
        text = text[found.end() :].strip()
    return text


def _after_traceback(text: str) -> str:
    """The last exception's own text: the first line behind the frames that is not indented, and what follows it."""
    lines = text.rpartition(_TRACEBACK)[2].strip("\n").splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith(" "):
            return "\n".join(lines[number:]).strip()
    return text.partition(_TRACEBACK)[0].strip()


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
