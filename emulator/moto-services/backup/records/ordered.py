"""What is kept in the order of time, and listed newest first: recovery points and jobs.

A page of a list starts behind the record that ended the one before it, found by bisection. So a page costs what it
shows, however many records there are, and a record that comes or goes meanwhile shifts no page.
"""

import base64
import binascii
from bisect import bisect_left, insort
from collections import UserDict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar


class Place(NamedTuple):
    """Where a record stands; the number tells records of the same moment apart."""

    created: datetime
    number: int


_Record = TypeVar("_Record", bound=Any)


class Chronicle(UserDict[str, _Record]):
    """A dictionary by id or ARN that also knows the order in which its records were created."""

    def __init__(self) -> None:
        self._order: list[tuple[Place, str]] = []
        self._places: dict[str, Place] = {}
        self._entered = 0
        super().__init__()

    def __setitem__(self, key: str, record: _Record) -> None:
        if key in self._places:
            del self[key]
        self._entered += 1
        place = self._places[key] = Place(record.created, self._entered)
        insort(self._order, (place, key))
        super().__setitem__(key, record)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        del self._order[bisect_left(self._order, (self._places.pop(key), key))]

    def newest_first(self, behind: Place | None = None) -> Iterator[tuple[Place, _Record]]:
        """The records from the newest to the oldest, or those that are older than a place."""
        end = len(self._order) if behind is None else bisect_left(self._order, (behind, ""))
        for index in range(end - 1, -1, -1):
            place, key = self._order[index]
            yield place, self.data[key]

    def oldest(self) -> _Record | None:
        return self.data[self._order[0][1]] if self._order else None

    def newest(self) -> _Record | None:
        return self.data[self._order[-1][1]] if self._order else None


def page(
    kept: Chronicle[_Record], listing: str, wanted: Callable[[_Record], bool], size: int, token: str | None
) -> tuple[list[_Record], str | None]:
    """The newest records that are wanted, and the token of the next page (None at the end).

    ValueError: the token came from another list.
    """
    shown: list[_Record] = []
    last: Place | None = None
    for place, record in kept.newest_first(_place(listing, token) if token else None):
        if wanted(record):
            if len(shown) == size and last is not None:
                return shown, _token(listing, last)
            shown.append(record)
            last = place
    return shown, None


def _token(listing: str, place: Place) -> str:
    text = f"{place.created.astimezone(UTC).isoformat()}|{place.number}|{listing}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _place(listing: str, token: str) -> Place:
    try:
        created, number, owner = base64.urlsafe_b64decode(token.encode("ascii")).decode().split("|")
        place = Place(datetime.fromisoformat(created), int(number))
    except (ValueError, binascii.Error):
        place, owner = Place(datetime.now(UTC), 0), ""
    if owner != listing or place.created.tzinfo is None:
        raise ValueError("The token of the next page does not come from this list. Start again without one.")
    return place
