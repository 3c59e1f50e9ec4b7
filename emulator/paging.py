"""Answers in pages. The token says where the next page starts, and of which list; callers cannot read it."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def page(items: Sequence[Item], listing: str, size: int, token: str | None) -> tuple[list[Item], str | None]:
    """One page and the token of the next one (None at the end). ValueError: the token came from another list."""
    start = _position(listing, token) if token else 0
    end = start + size
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
        raise ValueError("The token of the next page does not come from this list. Start again without one.")
    return position
