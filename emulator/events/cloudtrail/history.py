"""CloudTrail: what of each finished call is kept for LookupEvents, for trails and for EventBridge.

This stands in the way of every call, so it only keeps what it is given; the other modules here read it when somebody
asks. Kept are management events, for 90 days of the emulator's clock and within a bounded memory, oldest out first.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.events import service_events
from emulator.events.cloudtrail.tables import DATA_EVENTS, GLOBAL_SERVICES, KEEPS_RESPONSE, SHARED_BY, is_read_only
from emulator.protocol import answers
from emulator.world import resets

if TYPE_CHECKING:
    from emulator.protocol.answers import Answer
    from emulator.world.call import Call
    from emulator.world.caller import Caller

DAYS = 90 * 86400.0
_MEMORY = 64 * 1024 * 1024
_ROW = 600  # Bytes of a row besides its documents, roughly.
_DETAILS = 1500  # What a service says of its own event, roughly.
_LONGEST = 100 * 1024  # CloudTrail leaves out request parameters and response elements that are larger.
_LOG = logging.getLogger(__name__)


class Request(NamedTuple):
    """A request as it came: enough to read its parameters later."""

    method: str
    path: str
    query: str
    content_type: str
    uri: tuple[tuple[str, str], ...]
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Row(NamedTuple):
    """One event: of a call (`request`), or of what a service did by itself (`details`).

    `service` is the name in the signature, `model` that of the service model. `shared` is the second copy of a call,
    for the account that owns what the caller's account touched.
    """

    number: int
    time: float
    account: str
    region: str
    service: str
    model: str
    operation: str
    caller: Caller | None
    key: str
    source_ip: str
    user_agent: str
    request_id: str
    error: str
    request: Request | None
    response: bytes
    status: int
    read_only: bool
    details: service_events.ServiceEvent | None = None
    shared: bool = False


class Journal:
    """All rows, by account and Region; plain data, so that a snapshot of the world can carry it."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], deque[Row]] = {}
        self.order: deque[tuple[str, str]] = deque()
        self.size = 0
        self.last = 0

    def clear(self) -> None:
        self.rows.clear()
        self.order.clear()
        self.size = self.last = 0

    def add(self, row: Row) -> None:
        place = (row.account, row.region)
        rows = self.rows.get(place)
        if rows is None:
            rows = self.rows[place] = deque()
        rows.append(row)
        self.order.append(place)
        self.size += _weight(row)
        while self.size > _MEMORY:
            self.size -= _weight(self.rows[self.order.popleft()].popleft())

    def forget_before(self, moment: float) -> None:
        """Drop what is older than 90 days; the order of arrival is the order of time."""
        while self.order and self.rows[self.order[0]][0].time < moment:
            self.size -= _weight(self.rows[self.order.popleft()].popleft())


def _weight(row: Row) -> int:
    if row.request is None:
        return _ROW + _DETAILS
    return _ROW + len(row.response) + len(row.request.body)


journal = Journal()
_watchers: list[Callable[[Row], None]] = []


def watch(watcher: Callable[[Row], None]) -> None:
    """Have `watcher` called with every row from now on. What fails in it is logged and does not touch the call."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def record(call: Call, answer: Answer) -> None:
    """Keep a management event of a finished call."""
    operation, who, status = call.operation, call.caller, answer.code
    service, name = operation.service, operation.name
    if who is None or not name or name in DATA_EVENTS.get(service, ()) or status == 501:
        return
    read_only, failed = is_read_only(service, name), status >= 400
    row = _keep(
        Row(
            number=journal.last + 1,
            time=time.time(),
            account=who.account,
            region="us-east-1" if service in GLOBAL_SERVICES else call.signature.region,
            service=service,
            model=operation.model.service_model.service_name,
            operation=name,
            caller=who,
            key=call.signature.key,
            source_ip=str(call.environ.get("REMOTE_ADDR", "127.0.0.1")),
            user_agent=str(call.environ.get("HTTP_USER_AGENT", "")),
            request_id=answer.header("x-amzn-requestid") or answer.header("x-amz-request-id"),
            error=answers.error_code(answer) if failed else "",
            request=_request(call),
            response=answer.body if failed or not read_only or name in KEEPS_RESPONSE else b"",
            status=status,
            read_only=read_only,
        )
    )
    if service in SHARED_BY and not failed:
        owner = owner_in(call.parameters.get(SHARED_BY[service]))
        if owner not in ("", who.account):
            _keep(row._replace(number=journal.last + 1, account=owner, shared=True))


def owner_in(arn: Any) -> str:
    """The account in an ARN; empty when it is none."""
    parts = str(arn).split(":")
    return parts[4] if len(parts) > 5 and parts[0] == "arn" else ""


def _request(call: Call) -> Request:
    environ = call.environ
    return Request(
        environ.get("REQUEST_METHOD", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("CONTENT_TYPE", ""),
        call.operation.uri,
        call.body if len(call.body) <= _LONGEST else b"",
        _amazon_headers(environ) if call.operation.protocol == "rest-xml" else (),
    )


def _amazon_headers(environ: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """S3 says in headers what other services say in documents; what proves who calls is left out."""
    secret = ("HTTP_X_AMZ_SECURITY_TOKEN", "HTTP_X_AMZ_CONTENT_SHA256")
    return tuple(
        (name, text) for name, text in environ.items() if name.startswith("HTTP_X_AMZ_") and name not in secret
    )


def _keep(row: Row) -> Row:
    journal.last = row.number
    journal.add(row)
    for watcher in _watchers:
        try:
            watcher(row)
        except Exception:  # noqa: BLE001 - who listens must not fail the call that is heard
            _LOG.exception("an event of %s:%s was not passed on", row.service, row.operation)
    return row


def newest_first(account: str, region: str) -> Iterator[Row]:
    """The events of one account and Region within the last 90 days."""
    journal.forget_before(time.time() - DAYS)
    return reversed(journal.rows.get((account, region), deque()))


def places_after(number: int) -> list[tuple[str, str]]:
    """The accounts and Regions with events after that number; looking costs what there is after it."""
    fresh = islice(reversed(journal.order), journal.last - number)
    return sorted(set(fresh))


def _service_event(event: service_events.Event) -> None:
    if not isinstance(event, service_events.ServiceEvent):
        return
    _keep(
        Row(
            number=journal.last + 1,
            time=event.time.timestamp(),
            account=event.account,
            region=event.region,
            service=event.source.partition(".")[0],
            model="",
            operation=event.name,
            caller=None,
            key="",
            source_ip=event.source,
            user_agent=event.source,
            request_id="",
            error="",
            request=None,
            response=b"",
            status=200,
            read_only=False,
            details=event,
        )
    )


def reset() -> None:
    """Forget every event."""
    journal.clear()


service_events.subscribe(_service_event)
resets.on_reset(reset)
