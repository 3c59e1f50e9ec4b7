"""Pages of at most 20 entries. The token says where the next page starts, and of what; callers cannot read it."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from .exceptions import ValidationException

LARGEST_PAGE = 20
Item = TypeVar("Item")


def page(
    items: Sequence[Item], listing: str, max_results: int | None, next_token: str | None
) -> tuple[list[Item], str | None]:
    """One page and the token of the next one (None at the end). `listing` ties a token to the list it came from."""
    start = _position(listing, next_token) if next_token else 0
    if start > len(items):
        raise ValidationException("The NextToken is not valid any more. Start again without one.")
    end = start + (max_results or LARGEST_PAGE)
    return list(items[start:end]), _token(listing, end) if end < len(items) else None


def _token(listing: str, start: int) -> str:
    return base64.urlsafe_b64encode(f"{start}|{listing}".encode()).decode()


def _position(listing: str, token: str) -> int:
    try:
        start, _, owner = base64.urlsafe_b64decode(token.encode("ascii")).decode().partition("|")
        position = int(start)
    except (ValueError, binascii.Error):
        position, owner = -1, ""
    if position < 0 or owner != listing:
        raise ValidationException("The NextToken does not come from this list. Start again without one.")
    return position
