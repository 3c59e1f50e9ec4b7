"""A raw HTTP client: one connection, requests prepared beforehand, so that the client is not what is measured."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any

_DAY = "20260101"


@dataclass(frozen=True)
class Reply:
    """One answer; `seconds` from the first byte sent to the last byte read."""

    status: int
    body: bytes
    seconds: float

    def document(self) -> dict[str, Any]:
        """The JSON document of a success; RuntimeError names what came instead."""
        if self.status >= 300:
            raise RuntimeError(f"HTTP {self.status}: {self.body.decode(errors='replace')[:500]}")
        found: dict[str, Any] = json.loads(self.body) if self.body else {}
        return found


class Connection:
    """A connection to 127.0.0.1 that is kept while the server keeps it, and opened anew when it does not."""

    def __init__(self, port: int, *, keep: bool = True) -> None:
        self._port = port
        self._keep = keep
        self._socket: socket.socket | None = None

    def send(self, request: bytes) -> Reply:
        """Send a prepared request and read its answer."""
        started = time.perf_counter()
        status, headers, body = self._exchange(request)
        if not self._keep or _closes(status, headers):
            self.close()
        return Reply(int(status.split()[1]), body, time.perf_counter() - started)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=600)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        length = int(headers.get(b"content-length", b"0"))
        parts, size = [body], len(body)
        while size < length:
            parts.append(self._more())
            size += len(parts[-1])
        return status, headers, b"".join(parts)

    def _more(self) -> bytes:
        data = b"" if self._socket is None else self._socket.recv(1 << 18)
        if not data:
            raise RuntimeError("The server closed the connection in the middle of an answer; see its output.")
        return data


def _closes(status: bytes, headers: dict[bytes, bytes]) -> bool:
    return status.startswith(b"HTTP/1.0") or headers.get(b"connection", b"").lower() == b"close"


def aws(
    service: str,
    account: str,
    method: str,
    path: str,
    document: dict[str, Any] | str | None = None,
    *,
    region: str = "us-east-1",
    target: str = "",
) -> bytes:
    """A request as an SDK writes it, signed by the root user of an account (nobody verifies); text is a form."""
    body = b"" if document is None else (document if isinstance(document, str) else json.dumps(document)).encode()
    media_type = "application/x-amz-json-1.1" if target else "application/json"
    media_type = "application/x-www-form-urlencoded" if isinstance(document, str) else media_type
    credential = f"{account}/{_DAY}/{region}/{service}/aws4_request"
    more = f"X-Amz-Target: {target}\r\n" if target else ""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept-Encoding: identity\r\n"
        f"Content-Type: {media_type}\r\nX-Amz-Date: {_DAY}T000000Z\r\n{more}"
        f"Authorization: AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=bench\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def control(method: str, path: str, document: dict[str, Any] | None = None) -> bytes:
    """A request to the emulator's control interface."""
    body = b"" if document is None else json.dumps(document).encode()
    head = f"{method} /_emulator/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
