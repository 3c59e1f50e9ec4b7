"""One incoming AWS request: its body, its signature, and what moto is given of them."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from emulator.protocol.answers import Refusal

MAX_BODY = 256 * 1024 * 1024
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_MOST_TRAILERS, _LONGEST_LINE = 100, 8192

# In the environment of a request whose body is still (partly) on the wire, so that its connection cannot go on.
UNREAD = "emulator.unread"

_SIGNATURE_FIELDS = frozenset(
    {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    }
)


@dataclass(frozen=True)
class Signature:
    """Who signed (`key` and session `token`) and for which Region and service. The signature itself is not verified."""

    key: str
    region: str
    service: str
    token: str


def read_body(environ: dict[str, Any]) -> bytes:
    """Take the whole body off the wire and leave it in the environment as one piece of known length."""
    try:
        body = _taken(environ)
    except OSError as error:
        raise Refusal(400, "IncompleteBody", f"The body did not arrive whole: {error}") from error
    environ[UNREAD] = False
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("wsgi.input_terminated", None)
    return body


def _taken(environ: dict[str, Any]) -> bytes:
    stream = environ["wsgi.input"]
    if environ.get("HTTP_TRANSFER_ENCODING"):
        if environ.get("CONTENT_LENGTH"):
            raise Refusal(400, "InvalidRequest", "Content-Length and Transfer-Encoding exclude one another.")
        if str(environ["HTTP_TRANSFER_ENCODING"]).strip().lower() != "chunked":
            raise Refusal(400, "InvalidRequest", "The only Transfer-Encoding is chunked.")
        return b"".join(_chunks(stream))
    length = _declared_length(environ)
    if length > MAX_BODY:
        raise _too_large()
    body: bytes = stream.read(length)
    if len(body) < length:
        raise Refusal(400, "IncompleteBody", f"{length} bytes were announced, {len(body)} came.")
    return body


def _chunks(stream: Any) -> Iterator[bytes]:
    """The pieces of a chunked body; trailers are read and left out.

    Not by werkzeug's own reader: one chunk that is shorter than announced makes it read beyond its buffer.
    """
    total = 0
    while True:
        announced = stream.readline(100).partition(b";")[0].strip()
        if not _CHUNK_SIZE.fullmatch(announced):
            raise OSError(f"{announced!r} is no length of a chunk.")
        size = int(announced, 16)
        total += size
        if total > MAX_BODY:
            raise _too_large()
        if size == 0:
            break
        chunk = stream.read(size)
        if len(chunk) < size or stream.readline(2) not in (b"\r\n", b"\n"):
            raise OSError("a chunk has not the length that was announced.")
        yield chunk
    for _ in range(_MOST_TRAILERS):
        if stream.readline(_LONGEST_LINE) in (b"\r\n", b"\n", b""):
            return
    raise OSError("too many trailers.")


def _too_large() -> Refusal:
    return Refusal(413, "RequestEntityTooLarge", f"The body is larger than {MAX_BODY} bytes.")


def _declared_length(environ: dict[str, Any]) -> int:
    text = str(environ.get("CONTENT_LENGTH") or "0")
    if not (text.isascii() and text.isdecimal()):
        raise Refusal(400, "InvalidRequest", f"Content-Length is not a number: {text!r}.")
    return int(text)


def signature_of(environ: dict[str, Any]) -> Signature | None:
    """The signature of a request, from its header or (presigned) from its query; None when it is not signed."""
    header = str(environ.get("HTTP_AUTHORIZATION", ""))
    if header:
        scope = _field(header, "Credential=")
        return _signature(scope, str(environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")))
    query = parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)
    fields = dict(query)
    if "X-Amz-Credential" not in fields:
        return None
    found = _signature(fields["X-Amz-Credential"], fields.get("X-Amz-Security-Token", ""))
    _move_to_header(environ, query, fields["X-Amz-Credential"])
    return found


def _field(header: str, name: str) -> str:
    _, found, rest = header.partition(name)
    if not found:
        raise Refusal(
            400, "IncompleteSignature", "The Authorization header has no Credential; sign with Signature Version 4."
        )
    return rest.split(",")[0].strip()


def _signature(scope: str, token: str) -> Signature:
    parts = scope.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request" or not all(parts):
        raise Refusal(
            400, "IncompleteSignature", f"The credential scope {scope!r} is not KEY/DATE/REGION/SERVICE/aws4_request."
        )
    key, _, region, service, _ = parts
    return Signature(key, region, service.lower(), token)


def _move_to_header(environ: dict[str, Any], query: list[tuple[str, str]], scope: str) -> None:
    """moto reads Region and service from the header only, so a presigned request is turned into a signed one."""
    kept = [(name, value) for name, value in query if name not in _SIGNATURE_FIELDS]
    environ["QUERY_STRING"] = urlencode(kept)
    raw = str(environ.get("RAW_URI", ""))
    if raw:
        path = raw.partition("?")[0]
        environ["RAW_URI"] = environ["REQUEST_URI"] = f"{path}?{environ['QUERY_STRING']}" if kept else path
    environ["HTTP_AUTHORIZATION"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=presigned"
