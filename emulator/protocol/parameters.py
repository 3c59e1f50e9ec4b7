"""A request's input in the words of its service model: the dictionary that a boto3 call would have been given."""

import io
from typing import Any

from emulator.protocol.answers import Refusal
from emulator.protocol.service_models import Operation

_PROTOCOLS = {"rest-json": "rest-json", "rest-xml": "rest-xml", "json": "json", "query": "query", "ec2": "ec2"}


def of(operation: Operation, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The parameters of a request whose operation is known. Refuses what the model's types cannot be read from."""
    from moto.core.parse import PROTOCOL_PARSERS
    from moto.core.request import Request

    protocol = _PROTOCOLS.get(operation.protocol)
    if operation.model is None or protocol is None:
        return {}
    # moto's parsers take the stream to its end, which the service itself still has to read.
    request = Request({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    parts: Any = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": body,
        "url_path": request.path,
        "url_params": dict(operation.uri),
    }
    try:
        parsed = PROTOCOL_PARSERS[protocol](operation.model, map_type=dict).parse(parts)
    except (ValueError, TypeError, AttributeError, KeyError, LookupError) as error:
        raise Refusal(
            400, "SerializationException", f"The input of {operation.name} does not fit its model: {error}"
        ) from error
    return {name: value for name, value in parsed.items() if value is not None}
