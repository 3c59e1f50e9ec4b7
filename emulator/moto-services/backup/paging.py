"""Answers in pages. The token is the position where the next page starts, wrapped so that nobody counts on it."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from .exceptions import InvalidParameterValueException

_DEFAULT_SIZE = 1000


def page(items: Sequence[Any], params: dict[str, Any]) -> tuple[Sequence[Any], str | None]:
    """One page of `items` by the request's MaxResults and NextToken, and the token of the next page."""
    start = _position(params.get("NextToken"))
    end = start + (params.get("MaxResults") or _DEFAULT_SIZE)
    token = base64.urlsafe_b64encode(f"from:{end}".encode()).decode() if end < len(items) else None
    return items[start:end], token


def _position(token: str | None) -> int:
    if token is None:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if word == "from" and number.isdecimal():
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise InvalidParameterValueException("The parameter NextToken is not one that an earlier answer held.")
