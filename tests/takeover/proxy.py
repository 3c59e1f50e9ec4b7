"""A proxy on the loopback that passes every request on to the emulator and remembers it with its answer.

AWS profiles whose `endpoint_url` is the proxy's need nothing else, and the emulator does not know of it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "expect", "host"})


@dataclass(frozen=True)
class Exchange:
    """One request with its answer. Names of headers are in lower case; `moment` is when the answer was there."""

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer_headers: Mapping[str, str]
    answer: bytes
    moment: datetime

    @property
    def is_control(self) -> bool:
        """Whether it went to the control interface of the emulator, not to AWS."""
        return self.uri.startswith("/_emulator/")

    @property
    def request_id(self) -> str:
        """The id under which the emulator's ledger names the call."""
        return self.answer_headers.get("x-amzn-requestid") or self.answer_headers.get("x-amz-request-id") or ""


class Proxy(ThreadingHTTPServer):
    """Listens on a free port; `exchanges` grows as answers come."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self.exchanges: list[Exchange] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def recording(target: str) -> Iterator[Proxy]:
    """A proxy before `target` while the block runs."""
    with Proxy(target) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client, and one of ours to the emulator."""

    server: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self._upstream = HTTPConnection(self.server.target, timeout=300)

    def finish(self) -> None:
        self._upstream.close()
        super().finish()

    def _pass_on(self) -> None:
        if "transfer-encoding" in self.headers:
            self.send_error(501, "The recording proxy takes no chunked bodies.")
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        sent = {name: value for name, value in headers.items() if name not in _OF_ONE_CONNECTION}
        self._upstream.request(self.command, self.path, body=body, headers=sent)
        answer = self._upstream.getresponse()
        text = answer.read()
        answered = {name.lower(): value for name, value in answer.getheaders()}
        self.server.exchanges.append(
            Exchange(self.command, self.path, headers, body, answer.status, answered, text, datetime.now(UTC))
        )
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_ONE_CONNECTION:
                self.send_header(name, value)
        length = answered.get("content-length", "0") if self.command == "HEAD" else str(len(text))
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _pass_on

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was exchanged is in `exchanges`."""
