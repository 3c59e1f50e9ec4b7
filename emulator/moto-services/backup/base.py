"""What the groups of operations share: who asks, and with which parameters."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import EmptyResult

from emulator import paging
from emulator.plain_answers import PlainResult as ActionResult

from . import chronicle
from .chronicle import Chronicle
from .exceptions import InvalidParameterValueException
from .models import BackupBackend

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
            shown, token = chronicle.page(kept, member, wanted, size, self.optional("NextToken"))
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


__all__ = ["ActionResult", "EmptyResult", "Operations"]
