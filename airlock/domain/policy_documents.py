"""IAM policy documents as plain data, for the stacks (as text) and for CloudFormation templates (as they are).

A principal may be given as a CloudFormation function where a template cannot know the account.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Statement = Mapping[str, Any]
Principal = str | Mapping[str, Any]
"""An ARN, or the CloudFormation function that becomes one."""


def policy_document(statements: Iterable[Statement]) -> dict[str, Any]:
    """The document around the statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust_of_service(service: str) -> dict[str, Any]:
    """Lets one AWS service assume a role."""
    return _trust({"Service": service})


def trust_of_account(root: Principal) -> dict[str, Any]:
    """Lets whoever the account itself permits assume a role."""
    return _trust({"AWS": root})


def _trust(principal: Mapping[str, Principal]) -> dict[str, Any]:
    return policy_document([{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}])
