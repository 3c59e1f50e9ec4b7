"""AWS's own service models (botocore): which operation a request means, and in which protocol."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

# The service name in a request's signature, where botocore files the model under another name.
_MODEL_NAMES = {
    "access-analyzer": "accessanalyzer",
    "aps": "amp",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "elasticmapreduce": "emr",
    "email": "ses",
    "monitoring": "cloudwatch",
    "rds-db": "rds",
    "servicequotas": "service-quotas",
    "sso": "sso-admin",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}

# In the environment of a request: service model, operation and what its path names, once matched.
MATCHED = "emulator.matched"


@dataclass(frozen=True)
class Operation:
    """What a request asks for; `name` is empty when the service has no such operation."""

    service: str
    name: str
    protocol: str
    model: Any = None
    service_known: bool = True
    uri: tuple[tuple[str, str], ...] = ()
    """What the path names, of REST services."""

    @property
    def body_is_free(self) -> bool:
        """Whether the body is the caller's own bytes (an object, a block) rather than a document of the protocol."""
        shape = None if self.model is None else self.model.input_shape
        if shape is None or "payload" not in shape.serialization:
            return False
        return str(shape.members[shape.serialization["payload"]].type_name) != "structure"


def operation_of(service: str, environ: dict[str, Any], body: bytes) -> Operation:
    """Read the operation from the target header, the Action parameter or, for REST services, method and path."""
    model = _service_model(service, environ)
    if model is None:
        return Operation(service, "", _guess_protocol(environ), service_known=False)
    protocol = _spoken(model, environ)
    name, uri = _name(model, protocol, environ, body)
    if name not in model.operation_names:
        return Operation(service, "", protocol)
    return Operation(service, name, protocol, model.operation_model(name), uri=tuple(uri.items()))


def _spoken(model: Any, environ: dict[str, Any]) -> str:
    """Of a service that understands several protocols, the one of this request; boto3 prefers others than the model."""
    understood = model.metadata.get("protocols", ())
    guessed = _guess_protocol(environ)
    return guessed if guessed in understood else str(model.protocol)


def _guess_protocol(environ: dict[str, Any]) -> str:
    if environ.get("HTTP_X_AMZ_TARGET"):
        return "json"
    is_form = str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")
    return "query" if is_form else "rest-json"


def _name(model: Any, protocol: str, environ: dict[str, Any], body: bytes) -> tuple[str, dict[str, str]]:
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    if target and protocol == "json":
        return target.rpartition(".")[2], {}
    if protocol.startswith("rest-"):
        return _match_path(model.service_name, environ)
    found = parse_qs(str(environ.get("QUERY_STRING", ""))).get("Action")
    found = found or parse_qs(body.decode("utf-8", "replace")).get("Action")
    return (found[0] if found else ""), {}


def _match_path(model_name: str, environ: dict[str, Any]) -> tuple[str, dict[str, str]]:
    from moto.core.request import Request
    from moto.core.routing import get_service_router
    from werkzeug.exceptions import HTTPException

    try:
        matched, uri = get_service_router(model_name).match(Request(environ))
    except (HTTPException, NotImplementedError):
        return "", {}
    name = str(matched.name)
    environ[MATCHED] = (model_name, name, dict(uri))
    return name, dict(uri)


def _service_model(service: str, environ: dict[str, Any]) -> Any | None:
    if service == "s3" and str(environ.get("PATH_INFO", "")).startswith("/v20180820/"):
        service = "s3control"
    if service == "dynamodb" and str(environ.get("HTTP_X_AMZ_TARGET", "")).startswith("DynamoDBStreams"):
        service = "dynamodbstreams"
    return by_signing_name(service)


def by_signing_name(service: str) -> Any | None:
    """The service model for the name in a request's signature, or None when AWS has no such service."""
    return load(_MODEL_NAMES.get(service, service))


@cache
def load(model_name: str) -> Any | None:
    """The service model of that name, or None when AWS has no such service."""
    from botocore.exceptions import UnknownServiceError
    from moto.core.utils import get_service_model

    try:
        return get_service_model(model_name)
    except UnknownServiceError:
        return None


class Regions:
    """Which Regions each service has. botocore's session would load the model of a service once more to say so."""

    def __init__(self) -> None:
        from botocore.loaders import create_loader
        from botocore.regions import EndpointResolver

        self._resolver: Any = EndpointResolver(create_loader().load_data("endpoints"), uses_builtin_data=True)

    def get_available_partitions(self) -> list[str]:
        found: list[str] = self._resolver.get_available_partitions()
        return found

    def get_available_regions(self, service_name: str, partition_name: str = "aws") -> list[str]:
        model = load(service_name)
        if model is None:
            return []
        return self.of(str(model.metadata.get("endpointPrefix", service_name)), partition_name)

    def of(self, endpoint: str, partition_name: str) -> list[str]:
        found: list[str] = self._resolver.get_available_endpoints(endpoint, partition_name)
        return found


@cache
def all_regions() -> Regions:
    """One for moto and for us: the list of all endpoints is long."""
    return Regions()


@cache
def regions() -> frozenset[str]:
    """Every Region that exists."""
    known = all_regions()
    return frozenset(region for partition in known.get_available_partitions() for region in known.of("ec2", partition))
