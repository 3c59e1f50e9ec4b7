"""The words of the evaluation tables: principals, documents in a few letters, and how a row is decided."""

import json
from dataclasses import dataclass, field
from typing import Any

from emulator.authorization import documents
from emulator.authorization.documents import Document
from emulator.authorization.evaluation import Policies, Request, decide
from emulator.authorization.principals import Principal

HOME, OTHER = "444444444444", "888888888888"
USER = Principal(HOME, f"arn:aws:iam::{HOME}:user/ada", "AIDAADA")
ROLE_ARN = f"arn:aws:iam::{HOME}:role/worker"
SESSION_ARN = f"arn:aws:sts::{HOME}:assumed-role/worker/monday"
SESSION = Principal(HOME, SESSION_ARN, "AROAWORKER:monday", ROLE_ARN)
ROOT = Principal(HOME, f"arn:aws:iam::{HOME}:root", HOME, is_root=True)
SERVICE = Principal(service="backup.amazonaws.com")
THING = "arn:aws:s3:::reports/2026.csv"


def doc(*statements: dict[str, Any], version: str = "2012-10-17") -> Document:
    return documents.read(json.dumps({"Version": version, "Statement": list(statements)}))


def allow(action: Any = "*", resource: Any = "*", **rest: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **rest}


def deny(action: Any = "*", resource: Any = "*", **rest: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **rest}


def to(principal: Any) -> dict[str, Any]:
    """An Allow in a resource's policy."""
    return allow(Principal=principal if principal == "*" else {"AWS": principal})


ALL = doc(allow())
NOTHING = doc()
FORBIDDEN = doc(deny())
S3_ONLY = doc(allow("s3:*"))
KMS_ONLY = doc(allow("kms:*"))


@dataclass(frozen=True)
class Row:
    """One rule of AWS: what `who` gets, `allow`, or `explicit`/`implicit` with the kind of policy that denies."""

    rule: str
    expected: str
    who: Principal = USER
    policies: Policies = field(default_factory=Policies)
    action: str = "s3:GetObject"
    resource: str | None = THING
    owner: str = HOME
    facts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def decided(self) -> str:
        get = {key.lower(): values for key, values in self.facts.items()}.get
        decision = decide(Request(self.who, self.action, self.resource, get, self.owner), self.policies)
        if decision.allowed:
            return "allow"
        return f"{'explicit' if decision.is_explicit else 'implicit'}: {decision.denied_by}"
