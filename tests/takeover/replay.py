"""Recorded calls, made once more in a fresh emulator: at their own times, shifted, and by their own principals."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.takeover.calls import EMULATOR, Call, opened_by, parsed_body, without_credentials
from tests.takeover.ids import OtherAnswer, Translation, document

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTICEABLE = timedelta(seconds=1)
"""The clock is moved where a recorded pause was at least this long."""


class ReplayError(RuntimeError):
    """A call that succeeded when it was recorded fails now, or is answered otherwise."""


class Replay:
    """One replay in the emulator at `url`; `translation` grows with each answer."""

    def __init__(self, url: str, translation: Translation) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
        self.translation = translation
        translation.addresses[EMULATOR] = url
        now = datetime.now(UTC)
        translation.shift = now - translation.recorded_at
        self._ahead = timedelta(0)
        self._sessions: dict[str, tuple[str, str]] = {}

    def run(self, calls: Iterable[Call]) -> Translation:
        """Make the calls in order; the first that goes otherwise than recorded ends it."""
        try:
            for call in calls:
                self._wait_for(datetime.fromisoformat(call.at) + self.translation.shift)
                self._make(call)
        finally:
            self._connection.close()
        return self.translation

    def _wait_for(self, moment: datetime) -> None:
        """Let the emulator's clock stand at a moment of the future; it never stands before real time."""
        ahead = moment - datetime.now(UTC)
        if ahead - self._ahead >= _NOTICEABLE:
            self._send("POST", "/_emulator/clock", {}, json.dumps({"set": moment.isoformat()}).encode())
            self._ahead = ahead

    def _make(self, call: Call) -> None:
        translated = Call(**{**vars(call), **self._translated(call)})
        status, answer = self._send(call.method, translated.uri, self._headers(translated), translated.body())
        if status != call.status:
            raise ReplayError(
                f"The call {call.name} was answered {call.status} when it was recorded and {status} now: {answer[:600]}"
            )
        if call.opens:
            self._sessions[call.opens] = opened_by(answer)
        if call.answer is not None:
            try:
                self.translation.learn(document(call.answer), document(parsed_body(without_credentials(answer))))
            except OtherAnswer as other:
                raise ReplayError(f"The call {call.name} is answered otherwise than recorded: {other}.") from other

    def _translated(self, call: Call) -> dict[str, object]:
        return {name: self.translation.data(vars(call)[name]) for name in ("uri", "headers", "form", "json", "text")}

    def _headers(self, call: Call) -> dict[str, str]:
        """A request as its principal signs it. The emulator verifies no signature, but the key and its token."""
        if call.service == "control":
            return call.headers
        key, token = self._sessions.get(call.principal, (call.principal, ""))
        service = call.signed_for or call.service
        scope = f"{key}/{call.at[:10].replace('-', '')}/{call.region}/{service}/aws4_request"
        signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=replayed"
        return {**call.headers, "authorization": signed, **({"x-amz-security-token": token} if token else {})}

    def _send(self, method: str, uri: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        self._connection.request(method, uri, body=body, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
