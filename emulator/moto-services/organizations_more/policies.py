"""Policies of every type: documents, attachments, and the types that are switched on."""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import get_service_model

from emulator.world import choices, clock, ids

from . import documents, limits
from .entities import DEFAULT_RCP, DEFAULT_SCP, Answer, Policy, Root
from .exceptions import (
    ConstraintViolationException,
    DuplicatePolicyAttachmentException,
    DuplicatePolicyException,
    InvalidInputException,
    PolicyInUseException,
    PolicyNotAttachedException,
    PolicyNotFoundException,
    PolicyTypeAlreadyEnabledException,
    PolicyTypeNotAvailableForOrganizationException,
    PolicyTypeNotEnabledException,
    RootNotFoundException,
)
from .inputs import page, tags_of
from .tree import Place, Tree

_MODEL: Any = get_service_model("organizations")
POLICY_TYPES = tuple(_MODEL.shape_for("PolicyType").enum)
# The types that a service has to be trusted for first, by that service.
NEEDS_SERVICE = {"SECURITYHUB_POLICY": "securityhub.amazonaws.com"}

_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_BUILT_IN = {
    "SERVICE_CONTROL_POLICY": (DEFAULT_SCP, "FullAWSAccess", "Allows access to every operation", _EVERYTHING),
    "RESOURCE_CONTROL_POLICY": (
        DEFAULT_RCP,
        "RCPFullAWSAccess",
        "Allows access to every resource",
        {**_EVERYTHING, "Principal": "*"},
    ),
}


class Policies(Tree):
    """CreatePolicy and everything after it."""

    def add_built_in_policies(self) -> None:
        """AWS's own policies; they are in every organization with all features."""
        for policy_type, (identifier, name, description, statement) in _BUILT_IN.items():
            content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            made = Policy(
                self.organization, identifier, name, description, policy_type, content, clock.now(), aws_managed=True
            )
            self.policies.append(made)

    # Documents

    def create_policy(
        self, *, content: str, description: str, name: str, type: str, tags: list[dict[str, str]] | None = None
    ) -> Answer:
        self._check_available(type)
        self._check_policy_name(name, type, None)
        if sum(policy.type == type and not policy.aws_managed for policy in self.policies) >= limits.policies(type):
            raise ConstraintViolationException(
                "POLICY_NUMBER_LIMIT_EXCEEDED", f"There are {limits.policies(type)} policies of type {type} already."
            )
        documents.check(type, content)
        made = f"p-{ids.word(10, 'policy')}"
        policy = Policy(self.organization, made, name, description, type, content, clock.now(), tags=tags_of(tags))
        self.policies.append(policy)
        return policy.describe()

    def update_policy(
        self, *, policy_id: str, name: str | None = None, description: str | None = None, content: str | None = None
    ) -> Answer:
        policy = self._changeable(policy_id)
        if name is not None:
            self._check_policy_name(name, policy.type, policy)
        if content is not None:
            documents.check(policy.type, content)
        policy.name = policy.name if name is None else name
        policy.description = policy.description if description is None else description
        policy.content = policy.content if content is None else content
        return policy.describe()

    def delete_policy(self, *, policy_id: str) -> None:
        policy = self._changeable(policy_id)
        if policy.attachments:
            raise PolicyInUseException
        self.policies.remove(policy)

    def describe_policy(self, *, policy_id: str) -> Answer:
        return self.get_policy_by_id(policy_id).describe()

    def list_policies(self, *, filter: str, max_results: int | None = None, next_token: str | None = None) -> Answer:
        found = [policy.summary() for policy in self.policies if policy.type == filter]
        return page(found, "Policies", max_results, next_token, filter)

    def get_policy_by_id(self, policy_id: str) -> Policy:
        for policy in self.policies:
            if policy.id == policy_id:
                return policy
        raise PolicyNotFoundException

    def _changeable(self, policy_id: str) -> Policy:
        policy = self.get_policy_by_id(policy_id)
        if policy.aws_managed:
            raise InvalidInputException("IMMUTABLE_POLICY", f"{policy.id} is managed by AWS and cannot be changed.")
        return policy

    def _check_policy_name(self, name: str, policy_type: str, itself: Policy | None) -> None:
        any_type = choices.taken("organizations.duplicate-policy-name") == "in-the-organization"
        if any(
            policy.name == name and policy is not itself and (any_type or policy.type == policy_type)
            for policy in self.policies
        ):
            raise DuplicatePolicyException

    def _check_available(self, policy_type: str) -> None:
        if not self.organization.has_all_features:
            raise PolicyTypeNotAvailableForOrganizationException(
                f"Policies of type {policy_type} need all features. Call EnableAllFeatures first."
            )

    # Attachments

    def attach_policy(self, *, policy_id: str, target_id: str) -> None:
        policy, target = self.get_policy_by_id(policy_id), self.find_target(target_id)
        if not self.policy_type_enabled(policy.type):
            raise PolicyTypeNotEnabledException
        if policy in target.attached_policies:
            raise DuplicatePolicyAttachmentException
        if _count(target, policy.type) >= limits.attached(policy.type):
            raise ConstraintViolationException(
                "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                f"{target.id} has {limits.attached(policy.type)} policies of type {policy.type}, and cannot have more.",
            )
        _attach(policy, target)

    def detach_policy(self, *, policy_id: str, target_id: str) -> None:
        policy, target = self.get_policy_by_id(policy_id), self.find_target(target_id)
        if policy not in target.attached_policies:
            raise PolicyNotAttachedException
        if policy.id == DEFAULT_RCP:
            raise InvalidInputException("NON_DETACHABLE_POLICY", "RCPFullAWSAccess cannot be detached.")
        if policy.type == "SERVICE_CONTROL_POLICY" and _count(target, policy.type) == 1:
            raise ConstraintViolationException(
                "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                f"{policy.id} is the last policy of type {policy.type} on {target.id}. Attach another one first.",
            )
        _detach(policy, target)

    def list_policies_for_target(
        self, *, target_id: str, filter: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        target = self.find_target(target_id)
        found = [policy.summary() for policy in target.attached_policies if policy.type == filter]
        return page(found, "Policies", max_results, next_token, f"{target_id}/{filter}")

    def list_targets_for_policy(
        self, *, policy_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        found = [
            {"TargetId": place.id, "Arn": place.arn, "Name": place.name, "Type": place.type}
            for place in self.get_policy_by_id(policy_id).attachments
        ]
        return page(found, "Targets", max_results, next_token, policy_id)

    # Types

    def enable_policy_type(self, *, root_id: str, policy_type: str) -> Answer:
        root = self._root_of(root_id)
        self._check_available(policy_type)
        if self.policy_type_enabled(policy_type):
            raise PolicyTypeAlreadyEnabledException
        needed = NEEDS_SERVICE.get(policy_type)
        if needed and not any(service["ServicePrincipal"] == needed for service in self.services):
            raise ConstraintViolationException(
                "SERVICE_ACCESS_NOT_ENABLED", f"Enable service access for {needed} before the type {policy_type}."
            )
        root.policy_types.append({"Type": policy_type, "Status": "ENABLED"})
        for place in self.places():
            self._attach_default(policy_type, place)
        return {"Root": root.describe()}

    def disable_policy_type(self, *, root_id: str, policy_type: str) -> Answer:
        """Everything of the type is detached from everywhere, AWS's own policy too."""
        root = self._root_of(root_id)
        if not self.policy_type_enabled(policy_type):
            raise PolicyTypeNotEnabledException
        root.policy_types = [one for one in root.policy_types if one["Type"] != policy_type]
        for policy in self.policies:
            for target in list(policy.attachments) if policy.type == policy_type else ():
                _detach(policy, target)
        return {"Root": root.describe()}

    def policy_type_enabled(self, policy_type: str) -> bool:
        return any(enabled["Type"] == policy_type for enabled in self.root.policy_types)

    def attach_defaults(self, place: Place) -> None:
        for enabled in self.root.policy_types:
            self._attach_default(enabled["Type"], place)

    def _attach_default(self, policy_type: str, place: Place) -> None:
        if policy_type in _BUILT_IN:
            policy = self.get_policy_by_id(_BUILT_IN[policy_type][0])
            if policy not in place.attached_policies:
                _attach(policy, place)

    def _root_of(self, root_id: str) -> Root:
        if self.root.id != root_id:
            raise RootNotFoundException
        return self.root


def _count(place: Place, policy_type: str) -> int:
    return sum(policy.type == policy_type for policy in place.attached_policies)


def _attach(policy: Policy, place: Place) -> None:
    place.attached_policies.append(policy)
    policy.attachments.append(place)


def _detach(policy: Policy, place: Place) -> None:
    place.attached_policies.remove(policy)
    policy.attachments.remove(place)
