"""How one HTTP connection is served: many requests one after the other, with headers as moto wants them."""

from collections.abc import Callable
from typing import Any

from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from werkzeug.serving import WSGIRequestHandler

from emulator.control.faults import NoAnswer
from emulator.protocol import answers
from emulator.protocol.answers import Refusal
from emulator.protocol.requests import UNREAD

SECONDS_FOR_A_BODY = 20


class Connection(WSGIRequestHandler):
    """werkzeug closes the connection after each answer; here it stays open, as AWS keeps it.

    The front door reads the whole body of a request and returns the whole body of an answer, so the next request starts
    where this one ended. Where it refused to read, the connection ends with the answer.
    """

    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; without this the second one waits for the client's acknowledgement.
    disable_nagle_algorithm = True
    # Seconds after which a silent client is given up: it holds a thread.
    timeout = 120

    def make_environ(self) -> dict[str, Any]:
        """werkzeug leaves out headers with an underscore in the name; S3's metadata may have it, moto asks for it."""
        environ: dict[str, Any] = super().make_environ()
        dashed = {environ_key_for_header(name) for name in self.headers if "_" not in name}
        names: dict[str, str] = {}
        values: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            key = environ_key_for_header(name)
            if should_preserve_original_header_name(name) and key not in dashed:
                names.setdefault(key, name)
                values.setdefault(key, []).append(value.replace("\r\n", ""))
        environ.update({key: ",".join(found) for key, found in values.items()})
        environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = names
        return environ

    def run_wsgi(self) -> None:
        self.environ = environ = self.make_environ()
        environ["wsgi.input"] = self.rfile
        environ[UNREAD] = "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None, /) -> Callable[[bytes], object]:
            started.append((status, headers))
            return self.wfile.write

        # While a body is announced and does not come, a thread waits for it; AWS gives up after that time too.
        self.connection.settimeout(SECONDS_FOR_A_BODY)
        try:
            body = b"".join(self.server.app(environ, start_response))
        except NoAnswer:
            self.close_connection = True
            return
        self.connection.settimeout(self.timeout)
        status, headers = started[0]
        try:
            self._send(status, headers, body)
        except OSError:
            # The client went away. What it asked for has happened; there is nobody to tell.
            self.close_connection = True

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        self._send_headers(int(code), headers, body)
        if self.command != "HEAD" and int(code) not in (204, 304):
            self.wfile.write(body)

    def _send_headers(self, code: int, headers: list[tuple[str, str]], body: bytes) -> None:
        named = {name.lower() for name, _ in headers}
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding") and not (
                name.lower() == "content-length" and self.command != "HEAD"
            ):
                self.send_header(name, value)
        if self.command != "HEAD" and code not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        elif self.command == "HEAD" and "content-length" not in named:
            self.send_header("Content-Length", "0")
        if self.environ.get(UNREAD):
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A request that is no HTTP, or too much of it: the answer is an error of AWS and not a page."""
        text = message or explain or "The request cannot be read as HTTP."
        answer = answers.refused(Refusal(code if code < 500 else 400, "InvalidRequest", text), None, "")
        self.close_connection = True
        self.requestline = getattr(self, "requestline", "")
        self.request_version = "HTTP/1.1"
        status, _, reason = answer.status.partition(" ")
        self.send_response(int(status), reason)
        for name, value in (*answer.headers, ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_error(self, format: str, *args: Any) -> None:
        """A client that is silent or speaks no HTTP has been answered, or is gone."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Calls are in the ledger."""
