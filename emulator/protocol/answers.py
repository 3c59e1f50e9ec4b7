"""Errors in the form that the SDK of each protocol reads."""

import json
import re
from dataclasses import dataclass, field
from html import escape

from emulator.protocol.service_models import Operation

_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Content Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
}
_XML = frozenset({"query", "ec2", "rest-xml"})
# XML has no way to write these, so a name with one in it would make an answer that nobody can read.
_UNREADABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MEDIA_TYPES = {"json": "application/x-amz-json-1.1", "rest-json": "application/json", "rest-xml": "application/xml"}


@dataclass(frozen=True)
class Answer:
    """A finished HTTP answer."""

    status: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def code(self) -> int:
        return int(self.status.split()[0])

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class Refusal(Exception):
    """The front door refuses a request with an error of AWS."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def not_modelled(what: str) -> Refusal:
    """The answer to a call that AWS has and this emulator has not: never an invented success."""
    return Refusal(501, "NotImplemented", f"{what} is not modelled by this emulator; see emulator/FIDELITY.md.")


def typed(answer: Answer, operation: Operation) -> Answer:
    """As a client can read it, where moto answers as a web page would; what S3 sends is its objects' own."""
    is_object = operation.service == "s3" and answer.code < 400
    if operation.protocol in _XML and not is_object and _UNREADABLE.search(answer.body):
        body = _UNREADABLE.sub(b"?", answer.body)
        answer = Answer(answer.status, _with(answer, "Content-Length", str(len(body))), body)
    if operation.service == "s3" or not answer.header("content-type").startswith("text/html"):
        return answer
    kind = _MEDIA_TYPES.get(operation.protocol, "text/xml")
    return Answer(answer.status, _with(answer, "Content-Type", kind), answer.body)


def _with(answer: Answer, name: str, value: str) -> list[tuple[str, str]]:
    return [*((key, old) for key, old in answer.headers if key.lower() != name.lower()), (name, value)]


def plain(status: int, text: str) -> Answer:
    """An answer to something that is no AWS request."""
    return _answer(status, "text/plain; charset=utf-8", text, "")


def refused(refusal: Refusal, operation: Operation | None, request_id: str) -> Answer:
    """The refusal in the operation's protocol."""
    protocol = "rest-json" if operation is None else operation.protocol
    if protocol == "ec2":
        body = (
            f"<Response><Errors><Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>"
            f"</Errors><RequestID>{request_id}</RequestID></Response>"
        )
        return _answer(refusal.status, "text/xml", body, refusal.code)
    if protocol == "rest-xml":
        body = (
            f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
            f"<RequestId>{request_id}</RequestId></Error>"
        )
        return _answer(refusal.status, "application/xml", body, refusal.code)
    if protocol == "query":
        fault = "Sender" if refusal.status < 500 else "Receiver"
        body = (
            f"<ErrorResponse><Error><Type>{fault}</Type><Code>{refusal.code}</Code>"
            f"<Message>{escape(refusal.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return _answer(refusal.status, "text/xml", body, refusal.code)
    body = json.dumps({"__type": refusal.code, "message": refusal.message, "Message": refusal.message})
    media_type = "application/x-amz-json-1.1" if protocol == "json" else "application/json"
    return _answer(refusal.status, media_type, body, refusal.code)


def _answer(status: int, media_type: str, text: str, error: str) -> Answer:
    body = text.encode("utf-8", "replace")
    if "xml" in media_type:
        body = _UNREADABLE.sub(b"?", body)
    headers = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    if error:
        headers.append(("x-amzn-ErrorType", error))
    return Answer(f"{status} {_REASONS.get(status, 'Error')}", headers, body)


def error_code(answer: Answer) -> str:
    """The AWS error code of an answer; empty when it is a success."""
    if answer.code < 400:
        return ""
    named = answer.header("x-amzn-errortype").split(":")[0]
    if named:
        return named
    text = answer.body.decode("utf-8", "replace")
    if text.startswith("{"):
        document = json.loads(text)
        return str(document.get("__type") or document.get("code") or answer.code).rpartition("#")[2]
    start, _, rest = text.partition("<Code>")
    return rest.partition("</Code>")[0] if rest and start else str(answer.code)
