"""One AWS call on its way through the front door: what it asks for, who asks, and its line in the ledger."""

import json
from functools import cached_property
from typing import Any
from xml.parsers import expat

from emulator import (
    answer_check,
    answers,
    identities,
    ids,
    ledger,
    models,
    parameters,
    requests,
    suspension,
    trail,
    validation,
)
from emulator.answers import Answer, Refusal
from emulator.caller import Caller
from emulator.models import Operation
from emulator.requests import Signature

Environ = dict[str, Any]
_DEEPEST_XML = 100


class Call:
    """An AWS call. `read` and `admit` fill it in; `parameters` are its input in the words of the service model."""

    def __init__(self, environ: Environ) -> None:
        self.environ = environ
        self.signature = Signature("", "", "", "")
        self.operation = Operation("", "", "rest-json")
        self.caller: Caller | None = None
        self.body = b""

    @cached_property
    def request_id(self) -> str:
        """Drawn when it is needed, which is while no other call is answered."""
        return ids.uuid("request")

    @property
    def name(self) -> str:
        """Service and operation, as in an IAM action's place: `backup:StartBackupJob`."""
        return f"{self.operation.service}:{self.operation.name}"

    @property
    def admitted(self) -> Caller:
        """Who calls; only after `admit`."""
        if self.caller is None:
            raise LookupError(f"{self.name} was not admitted yet.")
        return self.caller

    @property
    def region(self) -> str:
        return self.signature.region

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The input as boto3 would have been given it; a refusal when the document does not fit the model."""
        return parameters.of(self.operation, self.environ, self.body)

    def read(self) -> None:
        """Everything that can be decided without looking at the state: no lock is held here."""
        self.environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)
        self.body = requests.read_body(self.environ)
        signature = requests.signature_of(self.environ)
        if signature is None:
            raise Refusal(
                403, "MissingAuthenticationToken", "The request must contain a valid (registered) AWS access key ID."
            )
        self.signature = signature
        self.operation = models.operation_of(signature.service, self.environ, self.body)
        if signature.region not in models.regions():
            raise Refusal(
                403,
                "SignatureDoesNotMatch",
                f"Credential should be scoped to a valid region, not {signature.region!r}.",
            )

    def admit(self) -> Caller:
        """Who calls, and whether the request can be understood at all."""
        self.caller = identities.resolve(self.signature.key, self.signature.token)
        suspension.check(self.operation, self.caller)
        if not self.operation.service_known:
            raise answers.not_modelled(f"Service {self.operation.service!r}")
        if not self.operation.name:
            status = 404 if self.operation.protocol.startswith("rest-") else 400
            asked = [str(self.environ.get(name, "")) for name in ("REQUEST_METHOD", "PATH_INFO", "HTTP_X_AMZ_TARGET")]
            message = f"Service {self.operation.service!r} has no such operation: {' '.join(asked).strip()}"
            raise Refusal(status, "UnknownOperationException", message)
        _check_document(self.operation, self.body)
        if validation.checks(self.operation.service):
            validation.check(self.operation.service, self.operation.model.input_shape, self.parameters)
        return self.caller

    def refuse(self, refusal: Refusal) -> Answer:
        return self.finish(answers.refused(refusal, self.operation, self.request_id))

    def finish(self, answer: Answer) -> Answer:
        answer = answer_check.checked(self.operation, answer, self.request_id)
        request_id = answer.header("x-amzn-requestid") or answer.header("x-amz-request-id")
        if not request_id:
            answer.headers.append(("x-amzn-RequestId", self.request_id))
        trail.record(self, answer)
        ledger.record(
            account=self.caller.account if self.caller else "",
            principal=self.caller.principal_arn if self.caller else "",
            service=self.operation.service,
            operation=self.operation.name,
            request_id=request_id or self.request_id,
            error=answers.error_code(answer),
        )
        return answer


def _check_document(operation: Operation, body: bytes) -> None:
    """Refuse what cannot be read: moto would answer 200 to broken JSON, and 404 to broken XML."""
    if not body or operation.body_is_free:
        return
    if operation.protocol == "rest-xml":
        # An error here becomes MalformedXML in `_serve`, as one inside moto does.
        _check_xml(body)
    elif operation.protocol in ("json", "rest-json"):
        _check_json(body)


def _check_xml(body: bytes) -> None:
    """Refuse XML that is nested so deeply that reading it would end this process, and XML that defines entities."""
    depth = 0

    def deeper(*_: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST_XML:
            raise _malformed_xml()

    def higher(_: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(*_: Any) -> None:
        raise _malformed_xml()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = deeper, higher, entity
    parser.Parse(body, True)


def _malformed_xml() -> Refusal:
    return Refusal(400, "MalformedXML", "The XML you provided was not well-formed or did not validate.")


def _check_json(body: bytes) -> None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "SerializationException", f"The body is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise Refusal(400, "SerializationException", "The body is not a JSON object.")
