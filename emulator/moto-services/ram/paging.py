"""Pages of up to 500 entries, with a token that only this list understands."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from .exceptions import InvalidNextTokenException

LARGEST_PAGE = 500


def page(items: Sequence[Any], member: str, max_results: int | None, next_token: str | None) -> dict[str, Any]:
    """One page as an answer with the member `member`, and nextToken while there is more."""
    start = _position(member, next_token) if next_token else 0
    end = start + (max_results or LARGEST_PAGE)
    answer: dict[str, Any] = {member: list(items[start:end])}
    if end < len(items):
        answer["nextToken"] = base64.urlsafe_b64encode(f"{end}|{member}".encode()).decode()
    return answer


def _position(member: str, token: str) -> int:
    try:
        start, _, owner = base64.urlsafe_b64decode(token.encode("ascii")).decode().partition("|")
        position = int(start)
    except (ValueError, binascii.Error):
        position, owner = -1, ""
    if position < 0 or owner != member:
        raise InvalidNextTokenException("The nextToken does not come from this list. Start again without one.")
    return position
