"""Permissions: what may be done with shared resources of a type. AWS's own, and those that customers make."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .exceptions import InvalidPolicyException, MalformedPolicyTemplateException
from .resources import TYPES, ResourceType

AWS, CUSTOMER = "AWS_MANAGED", "CUSTOMER_MANAGED"
MOST_VERSIONS = 5
MOST_PERMISSIONS = 10  # In one account and Region.
_PUBLISHED = datetime(2025, 6, 17, tzinfo=UTC)
_NOT_SUPPORTED = (
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principaltag/aws:",
    "aws:resourcetag/aws:",
    "aws:requesttag/aws:",
)
_PARAMETER = re.compile(r"@\{([^}]*)\}")


@dataclass
class Version:
    """One version of a permission; `parameters` are the names that its template declares."""

    document: str
    created: datetime
    parameters: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Permission:
    """A permission with its versions by number; `default` is the one that new shares get."""

    arn: str
    name: str
    kind: ResourceType
    origin: str
    created: datetime
    updated: datetime
    versions: dict[int, Version]
    default: int = 1
    status: str = "ATTACHABLE"
    tags: dict[str, str] = field(default_factory=dict)
    owner: str = ""

    @property
    def is_default_of_type(self) -> bool:
        return self.arn == self.kind.permission_arn

    def summary(self, version: int | None = None) -> dict[str, Any]:
        number = self.default if version is None else version
        made = self.versions[number]
        shown = {
            "arn": self.arn,
            "version": str(number),
            "defaultVersion": number == self.default,
            "name": self.name,
            "resourceType": self.kind.name,
            "status": self.status,
            "creationTime": made.created,
            "lastUpdatedTime": self.updated,
            "isResourceTypeDefault": self.is_default_of_type,
            "permissionType": self.origin,
            "featureSet": "STANDARD",
        }
        if made.parameters:
            shown["permissionTemplateParameters"] = made.parameters
        if self.tags:
            shown["tags"] = [{"key": key, "value": value} for key, value in self.tags.items()]
        return shown

    def detail(self, version: int | None = None) -> dict[str, Any]:
        number = self.default if version is None else version
        return self.summary(number) | {"permission": self.versions[number].document}


def _of_aws(kind: ResourceType) -> Permission:
    document = json.dumps({"Effect": "Allow", "Action": list(kind.actions)})
    versions = {1: Version(document, _PUBLISHED)}
    return Permission(kind.permission_arn, kind.permission_name, kind, AWS, _PUBLISHED, _PUBLISHED, versions)


OF_AWS = {kind.permission_arn: _of_aws(kind) for kind in TYPES}


def check_template(kind: ResourceType, template: str, parameters: list[dict[str, str]]) -> None:
    """Refuse a template that is no single statement, or that allows what the type does not have."""
    try:
        document = json.loads(template)
    except (ValueError, RecursionError) as error:
        raise MalformedPolicyTemplateException(f"The policy template is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise MalformedPolicyTemplateException("The policy template must be one statement, as a JSON object.")
    _check_elements(document)
    allowed = {action.lower() for action in kind.actions}
    for action in _as_list(document["Action"]):
        if str(action).lower() not in allowed:
            raise InvalidPolicyException(f"{action} is no action on shared resources of type {kind.name}.")
    condition = document.get("Condition", {})
    if not isinstance(condition, dict) or not all(isinstance(block, dict) for block in condition.values()):
        raise MalformedPolicyTemplateException("Condition must hold operators with keys and values.")
    for operator, block in condition.items():
        if "Not" in operator:
            raise InvalidPolicyException(f"The negating operator {operator} is not supported.")
        for key in block:
            if key.lower().startswith(_NOT_SUPPORTED):
                raise InvalidPolicyException(f"The condition key {key} is not supported.")
    used, declared = set(_PARAMETER.findall(template)), {one.get("name") for one in parameters}
    if used != declared or set(_PARAMETER.findall(json.dumps(condition))) != used:
        raise MalformedPolicyTemplateException("Template parameters are declared, and used in conditions only.")


def _check_elements(document: dict[str, Any]) -> None:
    unknown = sorted(document.keys() - {"Effect", "Action", "Condition"})
    if unknown:
        raise MalformedPolicyTemplateException(f"A policy template cannot have {', '.join(unknown)}.")
    if str(document.get("Effect", "")).lower() != "allow":
        raise MalformedPolicyTemplateException("Effect must be Allow.")
    if not _as_list(document.get("Action", [])):
        raise MalformedPolicyTemplateException("The policy template names no Action.")


def missing_parameters(version: Version, given: list[dict[str, Any]]) -> Iterator[str]:
    """The declared template parameters that have no value."""
    named = {one.get("name") for one in given if one.get("values")}
    return (one["name"] for one in version.parameters if one["name"] not in named)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
