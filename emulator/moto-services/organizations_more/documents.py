"""The document of a policy, when it is written."""

import json
from itertools import chain
from typing import Any

from . import authorization_documents, limits
from .backup_schema import BACKUP
from .ec2_schema import DECLARATIVE_EC2
from .exceptions import ConstraintViolationException, MalformedPolicyDocumentException
from .schemas import Anything, Fields, Node, in_document

# Types without a line here are taken with any keys: only their operators are looked at.
SCHEMAS: dict[str, Node] = {
    "BACKUP_POLICY": BACKUP,
    "DECLARATIVE_POLICY_EC2": DECLARATIVE_EC2,
    "TAG_POLICY": Fields({"tags": Anything()}),
    "AISERVICES_OPT_OUT_POLICY": Fields({"services": Anything()}),
    "CHATBOT_POLICY": Fields({"chatbot": Anything()}),
    "SECURITYHUB_POLICY": Fields({"securityhub": Anything()}),
}
_AUTHORIZATION = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
_SHOWN = 5


def check(policy_type: str, content: str) -> None:
    """Refuse a document that is too long, or in which something is wrong: the message names the key."""
    if len(content) > limits.content(policy_type):
        raise ConstraintViolationException(
            "POLICY_CONTENT_LIMIT_EXCEEDED",
            f"A policy of type {policy_type} has at most {limits.content(policy_type)} characters, not {len(content)}.",
        )
    document = parsed(content)
    if policy_type in _AUTHORIZATION:
        found = authorization_documents.problems(policy_type, document)
    else:
        node = SCHEMAS.get(policy_type, Anything())
        tops = list(node.parts) if isinstance(node, Fields) else []
        missing = f"The document has no {tops[0]} at its top." if tops and tops[0] not in document else ""
        found = chain([missing] if missing else [], (problem.message for problem in in_document(node, document)))
    try:
        problems = list(found)
    except RecursionError as error:
        raise MalformedPolicyDocumentException("The policy document is nested too deeply.") from error
    if problems:
        raise MalformedPolicyDocumentException(f"{MalformedPolicyDocumentException.text} {' '.join(problems[:_SHOWN])}")


def parsed(content: str) -> dict[str, Any]:
    """A document as an object; MalformedPolicyDocumentException when it is none."""
    try:
        document = json.loads(content, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise MalformedPolicyDocumentException(f"The policy document is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise MalformedPolicyDocumentException("The policy document is not a JSON object.")
    return document


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"the key {double!r} stands there twice")
    return dict(pairs)
