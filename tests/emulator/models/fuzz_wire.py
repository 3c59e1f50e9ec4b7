"""Any request at all, sent as bytes over one kept connection, and a judge of what comes back."""

import http.client
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import botocore.session
from botocore.serialize import create_serializer

# A call that takes longer than this hangs, as far as a client can tell.
PATIENCE = 30


@dataclass(frozen=True)
class Wire:
    """A request as it goes over the connection."""

    service: str
    operation: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    account: str = "111111111111"
    region: str = "us-east-1"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The AWS error code, wherever the protocol has it; empty when there is none."""
        if self.status < 400:
            return ""
        if named := self.headers.get("x-amzn-errortype", ""):
            return named.split(":")[0]
        text = self.body.decode("utf-8", "replace")
        if text.startswith("{"):
            document = json.loads(text)
            return str(document.get("__type") or document.get("code") or "").rpartition("#")[2]
        found = re.search(r"<Code>(.*?)</Code>", text)
        return found[1] if found else ""


class Line:
    """One kept connection to the emulator."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)

    def send(self, wire: Wire) -> Reply:
        """One request and its answer; a connection that was closed after the last answer is opened again."""
        try:
            return self._exchange(wire)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connection.close()
            return self._exchange(wire)

    def _exchange(self, wire: Wire) -> Reply:
        scope = f"{wire.account}/20260101/{wire.region}/{wire.service}/aws4_request"
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            **wire.headers,
        }
        self._connection.request(wire.method, wire.path, wire.body, headers)
        answer = self._connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def close(self) -> None:
        self._connection.close()


def complaint(wire: Wire, reply: Reply) -> str:
    """What is wrong with an answer, as a sentence; empty when AWS could have given it (or it is the 501)."""
    asked = f"{wire.service}:{wire.operation} ({wire.method} {wire.path[:200]} {wire.body[:400]!r})"
    if reply.status >= 500 and reply.status != 501:
        return f"{asked} answered {reply.status}: {reply.body[:600]!r}"
    if reply.status >= 400 and not reply.code and wire.method != "HEAD":
        return f"{asked} answered {reply.status} without an error code of AWS: {reply.body[:300]!r}"
    if reply.status == 501 and reply.code != "NotImplemented":
        return f"{asked} answered 501 as {reply.code!r}"
    if 300 <= reply.status < 400 and reply.status != 304:
        return f"{asked} answered {reply.status}, which AWS does only in S3"
    return "" if _is_read(reply) else f"{asked} answered what no client can read: {reply.body[:300]!r}"


def _is_read(reply: Reply) -> bool:
    kind = reply.headers.get("content-type", "")
    try:
        if "json" in kind and reply.body:
            json.loads(reply.body)
        elif "xml" in kind and reply.body:
            ElementTree.fromstring(reply.body)  # noqa: S314 - our own server's answer
    except (ValueError, ElementTree.ParseError):
        return False
    return "html" not in kind or not reply.body


class Composer:
    """Makes requests of a service from parameters, right or wrong, as its SDK would serialise them."""

    def __init__(self, service: str) -> None:
        self.model = botocore.session.get_session().get_service_model(service)
        self._signing = str(self.model.signing_name)
        self._serializer = create_serializer(str(self.model.protocol), include_validation=False)

    def operations(self) -> list[str]:
        return list(self.model.operation_names)

    def compose(self, operation: str, parameters: dict[str, Any], **who: str) -> Wire:
        """Parameters that cannot be serialised go into the body as they are."""
        model = self.model.operation_model(operation)
        try:
            made = self._serializer.serialize_to_request(parameters, model)
            return self._wire(operation, made, **who)
        except (TypeError, ValueError, AttributeError, KeyError, RuntimeError):
            return self.raw(operation, json.dumps(parameters, default=str).encode(), **who)

    def raw(self, operation: str, body: bytes, content_type: str = "", **who: str) -> Wire:
        """These bytes, sent to where the operation is."""
        model = self.model.operation_model(operation)
        path = re.sub(r"\{[^}]*\}", "x", str(model.http.get("requestUri", "/")))
        headers = {"Content-Type": content_type} if content_type else {}
        if self.model.protocol == "json":
            headers["X-Amz-Target"] = f"{self.model.metadata['targetPrefix']}.{operation}"
        elif self.model.protocol in ("query", "ec2"):
            body = urlencode({"Action": operation, "Version": self.model.api_version}).encode() + b"&" + body
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return Wire(self._signing, operation, str(model.http.get("method", "POST")), path, body, headers, **who)

    def _wire(self, operation: str, made: dict[str, Any], **who: str) -> Wire:
        body = made["body"]
        if isinstance(body, dict):
            body = urlencode(body).encode()
        elif isinstance(body, str):
            body = body.encode()
        query = made["query_string"]
        text = urlencode(query, doseq=True) if isinstance(query, dict) else str(query or "")
        path = quote(made["url_path"], safe="/%?=&:~-._")
        joined = f"{path}{'&' if '?' in path else '?'}{text}" if text else path
        headers = {name: str(value) for name, value in made["headers"].items()}
        for value in headers.values():
            value.encode("latin-1")
        if any(sign in value for value in headers.values() for sign in "\r\n\0"):
            raise ValueError("no header")
        return Wire(self._signing, operation, made["method"], joined, bytes(body or b""), headers, **who)
