"""Answers in pages. The token says where the next page starts, and of which list; callers cannot read it."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def page(items: Sequence[Item], listing: str, size: int, token: str | None) -> tuple[list[Item], str | None]:
    """One page and the token of the next one (None at the end). ValueError: the token came from another list."""
    start = position(listing, token) if token else 0
    end = start + size
    return list(items[start:end]), token_at(listing, end) if end < len(items) else None


def token_at(listing: str, start: int) -> str:
    """The token of the page that starts at `start` of this list."""
    return base64.urlsafe_b64encode(f"{start}|{listing}".encode()).decode()


def position(listing: str, token: str) -> int:
    """Where a page starts. ValueError: the token came from another list."""
    try:
        start, _, owner = base64.urlsafe_b64decode(token.encode("ascii")).decode().partition("|")
        found = int(start)
    except (ValueError, binascii.Error):
        found, owner = -1, ""
    if found < 0 or owner != listing or token != token_at(owner, found):  # base64 skips what was added to a token
        raise ValueError("The token of the next page does not come from this list. Start again without one.")
    return found
