"""Wildcards and policy variables.

In a pattern `*` stands for any number of characters and `?` for one. What a variable is replaced by is text, whatever
it holds, and so are `${*}`, `${?}` and `${$}`: their special characters travel as private ones until the comparison.
"""

import re
from collections.abc import Callable
from functools import lru_cache

Get = Callable[[str], tuple[str, ...] | None]

_STAR, _QUESTION = "\ue000", "\ue001"
_VARIABLE = re.compile(r"\$\{([^{}]+)\}")
_ARN_PARTS = 5


@lru_cache(maxsize=16384)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": ".", _STAR: r"\*", _QUESTION: r"\?"}
    return re.compile("".join(parts.get(letter) or re.escape(letter) for letter in pattern), re.DOTALL)


def like(value: str, pattern: str) -> bool:
    """Whether the whole value fits the pattern; capital and small letters differ."""
    return pattern == "*" or _compiled(pattern).fullmatch(value) is not None


def arn_like(value: str, pattern: str) -> bool:
    """As `like`, but each of the six parts of an ARN by itself: a wildcard does not reach over a colon."""
    if pattern == "*":
        return True
    parts, wanted = value.split(":", _ARN_PARTS), pattern.split(":", _ARN_PARTS)
    return len(parts) == len(wanted) and all(like(part, each) for part, each in zip(parts, wanted, strict=True))


def plain(text: str) -> str:
    """An expanded text as it is compared without wildcards."""
    return text.replace(_STAR, "*").replace(_QUESTION, "?")


def expand(text: str, get: Get) -> str | None:
    """The text with its variables replaced; None when one of them has no single value and no default."""
    if "${" not in text:
        return text
    missing = False

    def replaced(found: re.Match[str]) -> str:
        nonlocal missing
        value = _value(found.group(1), get)
        missing = missing or value is None
        return "" if value is None else value.replace("*", _STAR).replace("?", _QUESTION)

    expanded = _VARIABLE.sub(replaced, text)
    return None if missing else expanded


def _value(name: str, get: Get) -> str | None:
    if name in ("*", "?", "$"):
        return name
    key, comma, default = name.partition(",")
    values = get(key.strip().lower())
    if values is not None and len(values) == 1:
        return values[0]
    return default.strip().strip("'") if comma and not values else None
