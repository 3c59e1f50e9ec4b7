"""What the groups of operations share: who asks, and with which parameters."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import EmptyResult

from emulator.moto.plain_answers import PlainResult as ActionResult
from emulator.protocol import paging

from ..exceptions import InvalidParameterValueException
from ..models import BackupBackend
from ..records import ordered
from ..records.ordered import Chronicle

LARGEST_PAGE = 1000


class Operations:
    """A group of operations; `BackupResponse` brings the groups together with moto's request handling."""

    backend: BackupBackend
    request: dict[str, Any]

    def optional(self, name: str) -> Any:
        return self.request.get(name)

    def page_of(self, member: str, kept: Chronicle[Any], wanted: Callable[[Any], bool], look: Any) -> ActionResult:
        """One page of what is kept in the order of time, newest first; a page costs what it shows."""
        size = self.optional("MaxResults") or LARGEST_PAGE
        try:
            shown, token = ordered.page(kept, member, wanted, size, self.optional("NextToken"))
        except ValueError as error:
            raise InvalidParameterValueException(str(error)) from error
        answer: dict[str, Any] = {member: [look(item) for item in shown]}
        if token is not None:
            answer["NextToken"] = token
        return ActionResult(answer)

    def list_of(self, member: str, items: list[Any], look: Any) -> ActionResult:
        """One page of a list; `look` makes the answer's form of an item, for the items of this page only."""
        size = self.optional("MaxResults") or LARGEST_PAGE
        try:
            shown, token = paging.page(items, member, size, self.optional("NextToken"))
        except ValueError as error:
            raise InvalidParameterValueException(str(error)) from error
        answer: dict[str, Any] = {member: [look(item) for item in shown]}
        if token is not None:
            answer["NextToken"] = token
        return ActionResult(answer)


def between(moment: datetime | None, after: datetime | None, before: datetime | None) -> bool:
    if after is None and before is None:
        return True
    if moment is None:
        return False
    return (after is None or moment >= _utc(after)) and (before is None or moment <= _utc(before))


def _utc(moment: datetime) -> datetime:
    """A time from a request; moto reads it without its zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def lifecycle_of(given: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (given or {}).items() if value is not None}


__all__ = ["ActionResult", "EmptyResult", "Operations"]
