"""The stages of an AWS call: received, identified, admitted, and finished with its line in the ledger."""

import json
from typing import Any
from xml.parsers import expat

from emulator.control import ledger
from emulator.events.cloudtrail import history
from emulator.http import answer_check, validation
from emulator.protocol import answers, requests, service_models
from emulator.protocol.answers import Answer, Refusal
from emulator.protocol.service_models import Operation
from emulator.world import access_keys, suspension
from emulator.world.call import Call
from emulator.world.caller import Caller

_DEEPEST_XML = 100


def receive(call: Call) -> None:
    """Take the call off the wire, and see who signed it for what.

    This alone happens outside the front door's lock, so it touches neither the state nor what moto and botocore build
    when they are first asked: service models, routers and parsers are not made for several threads.
    """
    call.environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)
    call.body = requests.read_body(call.environ)
    signature = requests.signature_of(call.environ)
    if signature is None:
        raise Refusal(
            403, "MissingAuthenticationToken", "The request must contain a valid (registered) AWS access key ID."
        )
    call.signature = signature


def identify(call: Call) -> None:
    """Which operation is meant, and whether its Region exists."""
    signature = call.signature
    call.operation = service_models.operation_of(signature.service, call.environ, call.body)
    if signature.region not in service_models.regions():
        raise Refusal(
            403,
            "SignatureDoesNotMatch",
            f"Credential should be scoped to a valid region, not {signature.region!r}.",
        )


def admit(call: Call) -> Caller:
    """Who calls, and whether the request can be understood at all."""
    call.caller = access_keys.resolve(call.signature.key, call.signature.token)
    suspension.check(call.operation, call.caller)
    if not call.operation.service_known:
        raise answers.not_modelled(f"Service {call.operation.service!r}")
    if not call.operation.name:
        status = 404 if call.operation.protocol.startswith("rest-") else 400
        asked = [str(call.environ.get(name, "")) for name in ("REQUEST_METHOD", "PATH_INFO", "HTTP_X_AMZ_TARGET")]
        message = f"Service {call.operation.service!r} has no such operation: {' '.join(asked).strip()}"
        raise Refusal(status, "UnknownOperationException", message)
    _check_document(call.operation, call.body)
    if validation.checks(call.operation.service):
        validation.check(call.operation.service, call.operation.model.input_shape, call.parameters)
    return call.caller


def refuse(call: Call, refusal: Refusal) -> Answer:
    return finish(call, answers.refused(refusal, call.operation, call.request_id))


def finish(call: Call, answer: Answer) -> Answer:
    answer = answer_check.checked(call.operation, answer, call.request_id)
    request_id = answer.header("x-amzn-requestid") or answer.header("x-amz-request-id")
    if not request_id:
        answer.headers.append(("x-amzn-RequestId", call.request_id))
    history.record(call, answer)
    ledger.record(
        account=call.caller.account if call.caller else "",
        principal=call.caller.principal_arn if call.caller else "",
        service=call.operation.service,
        operation=call.operation.name,
        request_id=request_id or call.request_id,
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
