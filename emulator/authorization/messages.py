"""How a service says that it denies: the sentence of IAM, and the service's own code and status."""

from emulator.authorization.evaluation import TRUST, Decision
from emulator.protocol.answers import Refusal
from emulator.protocol.service_models import Operation

_AN = ("i",)
# Code and HTTP status by protocol; EC2 and SNS have words of their own.
_SHAPES = {
    "ec2": (403, "UnauthorizedOperation"),
    "json": (400, "AccessDeniedException"),
    "query": (403, "AccessDenied"),
    "rest-json": (403, "AccessDeniedException"),
    "rest-xml": (403, "AccessDenied"),
}
_OF_A_SERVICE = {"sns": (403, "AuthorizationError")}


def sentence(principal: str, action: str, resource: str | None, decision: Decision) -> str:
    """Such as: User: ... is not authorized to perform: ... on resource: ... because no ... allows the ... action."""
    quoted = f'"{resource}"' if action.startswith("s3:") else resource
    on = "" if resource is None else f" on resource: {quoted}"
    kind = decision.denied_by
    if decision.is_explicit:
        because = f"with an explicit deny in {'an' if kind.startswith(_AN) else 'a'} {kind}"
    else:
        because = f"because no {kind} allows the {action} action"
    return f"User: {principal} is not authorized to perform: {action}{on} {because}"


def refusal(operation: Operation, text: str) -> Refusal:
    protocol = operation.protocol
    status, code = _OF_A_SERVICE.get(operation.service) or _SHAPES.get(protocol, _SHAPES["rest-json"])
    prefix = "You are not authorized to perform this operation. " if protocol == "ec2" else ""
    return Refusal(status, code, f"{prefix}{text}")


__all__ = ["TRUST", "refusal", "sentence"]
