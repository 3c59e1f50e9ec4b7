"""Which of the recorded calls rebuild the world: what changed something, first looks, and where ids are first seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.takeover.calls import Call, from_exchange, parsed_body, with_named_sessions
from tests.takeover.ids import document, without_request_ids, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.takeover.proxy import Exchange

READS = ("Get", "List", "Describe", "Head", "BatchGet", "Scan", "Query")
_WHO_AM_I = "GetCallerIdentity"
_CONTROL = "/_emulator/"
_LEFT_OUT = ("clock",)
"""Every call is replayed at its own time, which moves the clock already."""


def recorded_calls(exchanges: Sequence[Exchange], ledger: Sequence[Mapping[str, Any]], url: str) -> list[Call]:
    """All successful calls in the order in which they took effect."""
    rows = {row["request_id"]: row for row in ledger}
    calls: list[tuple[str, int, Call]] = []
    for exchange in exchanges:
        if exchange.is_control:
            name = exchange.uri.removeprefix(_CONTROL)
            if exchange.method != "GET" and exchange.status < 300 and name not in _LEFT_OUT:
                moment = exchange.moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
                control = {"time": moment, "account": "", "service": "control", "operation": name}
                calls.append((moment, 0, from_exchange(exchange, control, url)))
        else:
            row = rows[exchange.request_id]
            if not row["error"]:
                calls.append((row["time"], row["seq"], from_exchange(exchange, row, url)))
    return [call for _, _, call in sorted(calls, key=lambda each: each[:2])]


def needed(calls: Sequence[Call], states: Any) -> list[Call]:
    """The calls of a fixture. `states` is everything else in it that holds ids.

    A look is a call, too: what is on its way is at its goal after a program has seen it on its way. One that showed
    what the same look had shown before is left out, and so is every answer to a look in which no id is first seen.
    """
    origins = _origins(calls)
    wanted = words_of(states).union(*(words_of(_request(call)) for call in calls))
    seen: dict[str, Any] = {}
    kept = []
    for index, call in enumerate(calls):
        if not call.operation.startswith(READS):
            if call.operation != _WHO_AM_I:
                kept.append(call)
            continue
        first = any(origins.get(word) == index for word in words_of(document(call.answer)) & wanted)
        request = str((call.account, call.region, call.service, _request(call)))
        shown = without_request_ids(document(call.answer))
        if first or seen.get(request) != shown:
            kept.append(call if first else replace(call, answer=None))
        seen[request] = shown
    return with_named_sessions(kept)


def _origins(calls: Sequence[Call]) -> dict[str, int]:
    """Where each word appears first; a word of a request was made up by its client and has no origin."""
    origins: dict[str, int] = {}
    for index, call in enumerate(calls):
        for word in words_of(_request(call)):
            origins.setdefault(word, -1)
        for word in words_of(document(call.answer)):
            origins.setdefault(word, index)
    return origins


def _request(call: Call) -> list[Any]:
    form = {name: parsed_body(text) for name, text in (call.form or {}).items()}
    return [call.uri, call.headers, form, call.json, call.text]
