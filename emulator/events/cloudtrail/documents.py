"""A kept event as the JSON document that CloudTrail shows: in LookupEvents, in a trail's files, in EventBridge."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from emulator.events.cloudtrail import resources
from emulator.events.cloudtrail.history import Request, Row, owner_in
from emulator.events.cloudtrail.tables import EVENT_SOURCES, SHARED_BY
from emulator.protocol import parameters, service_models
from emulator.protocol.answers import Refusal
from emulator.protocol.service_models import Operation
from emulator.world import ids
from emulator.world.caller import Caller

Document = dict[str, Any]
_VERSION = "1.11"
_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
# Never shown at all: who reads a trail must not be able to act as whom it is about.
_NEVER = frozenset({"SecretAccessKey"})


def of(row: Row) -> Document:
    """The whole record."""
    return _of_service_event(row) if row.details is not None else _of_call(row)


def event_id(row: Row) -> str:
    """The `eventID`, the same in every place where the event is shown."""
    return ids.derived_uuid("cloudtrail-event", str(row.number))


def event_source(row: Row) -> str:
    if row.details is not None:
        return row.details.source
    if row.service in EVENT_SOURCES:
        return EVENT_SOURCES[row.service]
    model = service_models.load(row.model)
    return f"{row.service if model is None else model.endpoint_prefix}.amazonaws.com"


def user_name(row: Row) -> str:
    """What LookupEvents calls Username; empty for what a service did."""
    who = row.caller
    if who is None or row.shared:
        return ""
    return who.user_name or who.session_name or ("root" if who.is_root else "")


def time_of(row: Row) -> datetime:
    """CloudTrail counts in whole seconds."""
    return datetime.fromtimestamp(int(row.time), UTC)


def request_parameters(row: Row) -> Mapping[str, Any]:
    """The input in the words of the service model; empty when it cannot be read."""
    operation = _operation(row)
    if operation is None or row.request is None:
        return {}
    try:
        return parameters.of(operation, _environ(row.request), row.request.body)
    except Refusal:
        return {}


def response_elements(row: Row) -> Mapping[str, Any]:
    """The output in the words of the service model; empty for a failure, and for what only reads."""
    operation = _operation(row)
    if operation is None or row.status >= 400 or not row.response or operation.model.output_shape is None:
        return {}
    from botocore.parsers import ResponseParserError, create_parser

    answer = {"status_code": row.status, "headers": {}, "body": row.response}
    try:
        parsed = create_parser(operation.protocol).parse(answer, operation.model.output_shape)
    except ResponseParserError:
        return {}
    return {name: value for name, value in parsed.items() if name != "ResponseMetadata"}


def _of_call(row: Row) -> Document:
    operation = _operation(row)
    given, answered = request_parameters(row), response_elements(row)
    document: Document = {
        "eventVersion": _VERSION,
        "userIdentity": _identity(row),
        "eventTime": f"{time_of(row):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": event_source(row),
        "eventName": row.operation,
        "awsRegion": row.region,
        "sourceIPAddress": row.source_ip,
        "userAgent": row.user_agent,
    }
    if row.error:
        document |= {"errorCode": row.error, "errorMessage": _error_message(row.response)}
    inputs = None if operation is None else _shown(operation.model.input_shape, given)
    outputs = None if operation is None else _shown(operation.model.output_shape, answered)
    document |= {
        "requestParameters": inputs or None,
        "responseElements": outputs or None,
        "requestID": row.request_id,
        "eventID": event_id(row),
        "readOnly": row.read_only,
    }
    touched = resources.in_record(row, given, answered)
    if touched:
        document["resources"] = touched
    document |= {
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": row.account,
        "eventCategory": "Management",
    }
    owner = owner_in(given.get(SHARED_BY.get(row.service, "")))
    if owner and row.caller is not None and owner != row.caller.account and not row.error:
        document["sharedEventID"] = ids.derived_uuid("cloudtrail-shared-event", row.request_id)
    return document


def _of_service_event(row: Row) -> Document:
    event = row.details
    if event is None:
        raise ValueError("Only a service event has details.")
    document: Document = {
        "eventVersion": _VERSION,
        "userIdentity": {"accountId": row.account, "invokedBy": event.source},
        "eventTime": f"{time_of(row):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": event.source,
        "eventName": row.operation,
        "awsRegion": row.region,
        "sourceIPAddress": event.source,
        "userAgent": event.source,
        "requestParameters": None,
        "responseElements": None,
        "eventID": event_id(row),
        "readOnly": row.read_only,
    }
    if event.resources:
        document["resources"] = [dict(resource) for resource in event.resources]
    document |= {
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": row.account,
        "serviceEventDetails": event.details,
        "eventCategory": "Management",
    }
    return document


def _identity(row: Row) -> Document:
    who = row.caller
    if who is None:
        return {}
    if row.shared:
        return {"type": "AWSAccount", "principalId": _principal_id(who), "accountId": who.account}
    known = {"principalId": _principal_id(who), "arn": who.principal_arn, "accountId": who.account}
    if who.is_root:
        return {"type": "Root", **known, "accessKeyId": row.key}
    if who.user_name:
        return {"type": "IAMUser", **known, "accessKeyId": row.key, "userName": who.user_name}
    issuer = {
        "type": "Role",
        "principalId": who.user_id.partition(":")[0],
        "arn": who.role_arn,
        "accountId": who.account,
        "userName": who.role_arn.rpartition("/")[2],
    }
    began = datetime.fromtimestamp(who.issued, UTC) if who.issued else time_of(row)
    attributes = {"creationDate": f"{began:%Y-%m-%dT%H:%M:%SZ}", "mfaAuthenticated": str(who.with_mfa).lower()}
    context = {"sessionIssuer": issuer, "attributes": attributes}
    return {"type": "AssumedRole", **known, "accessKeyId": row.key, "sessionContext": context}


def _principal_id(who: Caller) -> str:
    return who.user_id or who.account


def _operation(row: Row) -> Operation | None:
    model = None if row.details is not None else service_models.load(row.model)
    if model is None or row.operation not in model.operation_names:
        return None
    uri = () if row.request is None else row.request.uri
    return Operation(row.service, row.operation, str(model.protocol), model.operation_model(row.operation), uri=uri)


def _environ(request: Request) -> Document:
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": request.content_type,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        **dict(request.headers),
    }


def _error_message(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if text.startswith("{"):
        import json

        document = json.loads(text)
        return str(document.get("Message") or document.get("message") or "")
    from html import unescape

    return unescape(text.partition("<Message>")[2].partition("</Message>")[0])


def _shown(shape: Any, value: Any) -> Any:
    """The value as CloudTrail writes it: members begin with a small letter, secrets are hidden, bytes are left out."""
    if shape is None or value is None:
        return None
    if shape.metadata.get("sensitive"):
        return _HIDDEN
    if shape.type_name == "structure":
        return {
            name[:1].lower() + name[1:]: _shown(shape.members[name], item)
            for name, item in value.items()
            if name in shape.members and name not in _NEVER and shape.members[name].type_name != "blob"
        }
    if shape.type_name == "list":
        return [_shown(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {str(key): _shown(shape.value, item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value if isinstance(value, str | int | float | bool) else str(value)
