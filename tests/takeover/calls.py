"""Recorded calls: one JSON object to a line, without signatures, keys, and the address of the emulator."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.takeover.proxy import Exchange

EMULATOR = "http://emulator.invalid"
"""Stands for the address of the emulator, which is another in every run."""

_FORM = "application/x-www-form-urlencoded"
# These are part of the signature, or say something about one transport; all other `x-amz-` headers are parameters.
_DROPPED = re.compile(r"x-amz-(date|security-token|content-sha256|user-agent|checksum-.*|sdk-checksum-.*)")
_CREDENTIALS = re.compile(r"<Credentials>.*?</Credentials>", re.DOTALL)
_SCOPE = re.compile(r"Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/aws4_request")
_KEY = re.compile(r"<AccessKeyId>([^<]+)</AccessKeyId>")
_TOKEN = re.compile(r"<SessionToken>([^<]+)</SessionToken>")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of AWS, or of the emulator's control interface (service `control`).

    `principal` is the account of a root user, or the name of the session that another call's `opens` gave.
    `form`, `json` and `text` are three spellings of a body. `answer` is left out where nothing is learned from it.
    `signed_for` is the service of the signature where that is spelt otherwise.
    """

    at: str
    service: str
    operation: str
    account: str = ""
    principal: str = ""
    region: str = ""
    signed_for: str = ""
    method: str
    uri: str
    headers: dict[str, str]
    form: dict[str, str] | None = None
    json: Any = None
    text: str = ""
    status: int
    answer: Any = None
    opens: str = ""

    @property
    def name(self) -> str:
        """How messages name it."""
        where = f" in account {self.account}" if self.account else ""
        return f"{self.service}:{self.operation} of {self.at}{where} ({self.method} {self.uri})"

    def body(self) -> bytes:
        if self.form is not None:
            return urlencode(self.form).encode()
        return (self.text if self.json is None else json.dumps(self.json)).encode()

    def line(self) -> str:
        """The call as one line; what is empty is left out."""
        given = {key: value for key, value in vars(self).items() if value not in ("", None)}
        return json.dumps(given if self.headers else {key: value for key, value in given.items() if key != "headers"})

    @classmethod
    def parsed(cls, line: str) -> Call:
        return cls(**{"headers": {}, **json.loads(line)})


def read(path: Path) -> list[Call]:
    """The calls of a file, in order."""
    return [Call.parsed(line) for line in path.read_text(encoding="utf-8").splitlines()]


def key_of(exchange: Exchange) -> str:
    """The access key that signed a request."""
    found = _SCOPE.search(exchange.headers.get("authorization", ""))
    return found[1] if found else ""


def opened_by(answer: str) -> tuple[str, str]:
    """Access key and session token that an answer hands out; empty when it hands out none."""
    key, token = _KEY.search(answer), _TOKEN.search(answer)
    return (key[1], token[1]) if key and token else ("", "")


def without_credentials(answer: str) -> str:
    return _CREDENTIALS.sub("", answer)


def parsed_body(text: str) -> Any:
    """JSON as data, all else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def from_exchange(exchange: Exchange, row: Mapping[str, str], url: str) -> Call:
    """The call behind an exchange. `row` is its line in the emulator's ledger, `url` the emulator's address."""
    scope = _SCOPE.search(exchange.headers.get("authorization", ""))
    content = exchange.body.decode().replace(url, EMULATOR)
    answer = without_credentials(exchange.answer.decode(errors="replace")).replace(url, EMULATOR)
    body = parsed_body(content)
    is_form = exchange.headers.get("content-type", "").startswith(_FORM)
    headers = {
        name: value
        for name, value in sorted(exchange.headers.items())
        if name == "content-type" or (name.startswith("x-amz-") and not _DROPPED.fullmatch(name))
    }
    return Call(
        at=row["time"],
        service=row["service"],
        operation=row["operation"],
        account=row["account"],
        principal=scope[1] if scope else "",
        region=scope[2] if scope else "",
        signed_for=scope[3] if scope and scope[3] != row["service"] else "",
        method=exchange.method,
        uri=exchange.uri,
        headers=headers if content else {name: text for name, text in headers.items() if name != "content-type"},
        form=dict(parse_qsl(content, keep_blank_values=True)) if is_form else None,
        json=None if is_form or isinstance(body, str) else body,
        text="" if is_form or not isinstance(body, str) else body,
        status=exchange.status,
        answer=parsed_body(answer) or None,
        opens=opened_by(exchange.answer.decode(errors="replace"))[0],
    )


def with_named_sessions(calls: Iterable[Call]) -> list[Call]:
    """Sessions by number instead of by key; of those that nobody uses no trace, and equal ones only once."""
    kept: list[Call] = []
    names: dict[str, str] = {}
    same: dict[tuple[str, str, str], str] = {}
    for call in calls:
        named = replace(call, principal=names.get(call.principal, call.principal))
        if not call.opens:
            kept.append(named)
            continue
        request = (named.principal, named.region, str(named.form))
        names[call.opens] = same.get(request) or f"session-{len(same) + 1}"
        if request not in same:
            same[request] = names[call.opens]
            kept.append(replace(named, opens=names[call.opens]))
    return _without_unused_sessions(kept)


def _without_unused_sessions(calls: list[Call]) -> list[Call]:
    used: set[str] = set()
    kept: list[Call] = []
    for call in reversed(calls):
        if not call.opens or call.opens in used:
            used.add(call.principal)
            kept.append(call)
    return kept[::-1]
