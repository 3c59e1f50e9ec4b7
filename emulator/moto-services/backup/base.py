"""What the groups of operations share: who asks, and with which parameters."""

from typing import Any

from moto.core.responses import EmptyResult

from emulator import paging
from emulator.plain_answers import PlainResult as ActionResult

from .exceptions import InvalidParameterValueException
from .models import BackupBackend

LARGEST_PAGE = 1000


class Operations:
    """A group of operations; `BackupResponse` brings the groups together with moto's request handling."""

    backend: BackupBackend
    request: dict[str, Any]

    def optional(self, name: str) -> Any:
        return self.request.get(name)

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
