"""Results go to stdout, progress and errors to stderr. Whatever leaves is redacted on the way."""

import json
import logging
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from rich.console import Console

from airlock.runbook.redaction import RedactionFilter, redact, redact_all


@cache
def _progress() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Progress, for people."""
    _progress().print(redact(text), markup=False)


def complain(text: str) -> None:
    """An error, as the sentence that it is."""
    _progress().print(redact(text), markup=False, style="red")


def result(data: Any, words: str, *, as_json: bool) -> None:
    """The one result of a command: words for people, JSON for machines."""
    text = json.dumps(redact_all(data), indent=2, ensure_ascii=False) if as_json else redact(words)
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def log_to_stderr(*, verbose: bool) -> None:
    """Warnings, or with --verbose everything of ours. Libraries only speak of errors: ours become sentences anyway."""
    handler = logging.StreamHandler()
    handler.addFilter(RedactionFilter())
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("airlock").setLevel(logging.DEBUG if verbose else logging.WARNING)


Say = Callable[[str], None]
