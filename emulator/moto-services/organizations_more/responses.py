"""From HTTP to a method of the backend and back. botocore's model validates the input and serialises the answer."""

import json
from typing import Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from emulator.moto.plain_answers import PlainResult
from emulator.world import caller as _caller

from . import access, collisions, handshakes, inputs
from .models import OrganizationsMoreBackend


class OrganizationsMoreResponse(BaseResponse):
    """The operations of the `organizations` model that this emulator has, each for the organization of its caller."""

    def __init__(self) -> None:
        super().__init__(service_name="organizations")

    @property
    def _backend(self) -> OrganizationsMoreBackend:
        """The caller's organization, after the question whether it may call this."""
        caller, action = _caller.current(), self._get_action()
        backend = access.backend_for(caller, action)
        if action not in access.ANYBODY:
            access.admit(backend, caller, action, self._document)
        return backend

    @property
    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.body or "{}")
        return document

    @property
    def _inputs(self) -> dict[str, Any]:
        """As the model has them. What is in order can still collide with another change."""
        action = self._get_action()
        checked = inputs.checked(action, self._document)
        collisions.meet(access.backend_for(_caller.current(), action), action)
        return checked

    # The organization

    def create_organization(self) -> ActionResult:
        return PlainResult(self._backend.create_organization(**self._inputs))

    def describe_organization(self) -> ActionResult:
        return PlainResult(self._backend.describe_organization(**self._inputs))

    def delete_organization(self) -> ActionResult:
        self._backend.delete_organization(**self._inputs)
        return EmptyResult()

    def enable_all_features(self) -> ActionResult:
        return PlainResult(self._backend.enable_all_features(**self._inputs))

    # The tree

    def list_roots(self) -> ActionResult:
        return PlainResult(self._backend.list_roots(**self._inputs))

    def create_organizational_unit(self) -> ActionResult:
        return PlainResult(self._backend.create_organizational_unit(**self._inputs))

    def update_organizational_unit(self) -> ActionResult:
        return PlainResult(self._backend.update_organizational_unit(**self._inputs))

    def delete_organizational_unit(self) -> ActionResult:
        self._backend.delete_organizational_unit(**self._inputs)
        return EmptyResult()

    def describe_organizational_unit(self) -> ActionResult:
        return PlainResult(self._backend.describe_organizational_unit(**self._inputs))

    def list_organizational_units_for_parent(self) -> ActionResult:
        return PlainResult(self._backend.list_organizational_units_for_parent(**self._inputs))

    def list_accounts_for_parent(self) -> ActionResult:
        return PlainResult(self._backend.list_accounts_for_parent(**self._inputs))

    def list_children(self) -> ActionResult:
        return PlainResult(self._backend.list_children(**self._inputs))

    def list_parents(self) -> ActionResult:
        return PlainResult(self._backend.list_parents(**self._inputs))

    def move_account(self) -> ActionResult:
        self._backend.move_account(**self._inputs)
        return EmptyResult()

    # Accounts

    def create_account(self) -> ActionResult:
        return PlainResult(self._backend.create_account(**self._inputs))

    def describe_create_account_status(self) -> ActionResult:
        return PlainResult(self._backend.describe_create_account_status(**self._inputs))

    def list_create_account_status(self) -> ActionResult:
        return PlainResult(self._backend.list_create_account_status(**self._inputs))

    def describe_account(self) -> ActionResult:
        return PlainResult(self._backend.describe_account(**self._inputs))

    def list_accounts(self) -> ActionResult:
        return PlainResult(self._backend.list_accounts(**self._inputs))

    def close_account(self) -> ActionResult:
        self._backend.close_account(**self._inputs)
        return EmptyResult()

    def remove_account_from_organization(self) -> ActionResult:
        self._backend.remove_account_from_organization(**self._inputs)
        return EmptyResult()

    def leave_organization(self) -> ActionResult:
        self._backend.leave_organization(**self._inputs)
        return EmptyResult()

    # Handshakes that the organization sends

    def invite_account_to_organization(self) -> ActionResult:
        return PlainResult(self._backend.invite_account_to_organization(**self._inputs))

    def list_handshakes_for_organization(self) -> ActionResult:
        return PlainResult(self._backend.list_handshakes_for_organization(**self._inputs))

    # Policies

    def create_policy(self) -> ActionResult:
        return PlainResult(self._backend.create_policy(**self._inputs))

    def update_policy(self) -> ActionResult:
        return PlainResult(self._backend.update_policy(**self._inputs))

    def delete_policy(self) -> ActionResult:
        self._backend.delete_policy(**self._inputs)
        return EmptyResult()

    def describe_policy(self) -> ActionResult:
        return PlainResult(self._backend.describe_policy(**self._inputs))

    def list_policies(self) -> ActionResult:
        return PlainResult(self._backend.list_policies(**self._inputs))

    def attach_policy(self) -> ActionResult:
        self._backend.attach_policy(**self._inputs)
        return EmptyResult()

    def detach_policy(self) -> ActionResult:
        self._backend.detach_policy(**self._inputs)
        return EmptyResult()

    def list_policies_for_target(self) -> ActionResult:
        return PlainResult(self._backend.list_policies_for_target(**self._inputs))

    def list_targets_for_policy(self) -> ActionResult:
        return PlainResult(self._backend.list_targets_for_policy(**self._inputs))

    def enable_policy_type(self) -> ActionResult:
        return PlainResult(self._backend.enable_policy_type(**self._inputs))

    def disable_policy_type(self) -> ActionResult:
        return PlainResult(self._backend.disable_policy_type(**self._inputs))

    # Effective policies

    def describe_effective_policy(self) -> ActionResult:
        return PlainResult(self._backend.describe_effective_policy(**self._inputs))

    def list_accounts_with_invalid_effective_policy(self) -> ActionResult:
        return PlainResult(self._backend.list_accounts_with_invalid_effective_policy(**self._inputs))

    def list_effective_policy_validation_errors(self) -> ActionResult:
        return PlainResult(self._backend.list_effective_policy_validation_errors(**self._inputs))

    # Services and delegation

    def enable_aws_service_access(self) -> ActionResult:
        self._backend.enable_aws_service_access(**self._inputs)
        return EmptyResult()

    def disable_aws_service_access(self) -> ActionResult:
        self._backend.disable_aws_service_access(**self._inputs)
        return EmptyResult()

    def list_aws_service_access_for_organization(self) -> ActionResult:
        return PlainResult(self._backend.list_aws_service_access_for_organization(**self._inputs))

    def register_delegated_administrator(self) -> ActionResult:
        self._backend.register_delegated_administrator(**self._inputs)
        return EmptyResult()

    def deregister_delegated_administrator(self) -> ActionResult:
        self._backend.deregister_delegated_administrator(**self._inputs)
        return EmptyResult()

    def list_delegated_administrators(self) -> ActionResult:
        return PlainResult(self._backend.list_delegated_administrators(**self._inputs))

    def list_delegated_services_for_account(self) -> ActionResult:
        return PlainResult(self._backend.list_delegated_services_for_account(**self._inputs))

    # The resource policy

    def put_resource_policy(self) -> ActionResult:
        return PlainResult(self._backend.put_resource_policy(**self._inputs))

    def describe_resource_policy(self) -> ActionResult:
        return PlainResult(self._backend.describe_resource_policy(**self._inputs))

    def delete_resource_policy(self) -> ActionResult:
        self._backend.delete_resource_policy(**self._inputs)
        return EmptyResult()

    # Tags

    def tag_resource(self) -> ActionResult:
        self._backend.tag_resource(**self._inputs)
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        self._backend.untag_resource(**self._inputs)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        return PlainResult(self._backend.list_tags_for_resource(**self._inputs))

    # Handshakes, from the side of whoever calls

    def list_handshakes_for_account(self) -> ActionResult:
        return PlainResult(handshakes.list_handshakes_for_account(_caller.current().account, **self._inputs))

    def describe_handshake(self) -> ActionResult:
        return PlainResult(handshakes.describe_handshake(_caller.current().account, **self._inputs))

    def accept_handshake(self) -> ActionResult:
        return PlainResult(handshakes.respond(_caller.current().account, "accepted", **self._inputs))

    def decline_handshake(self) -> ActionResult:
        return PlainResult(handshakes.respond(_caller.current().account, "declined", **self._inputs))

    def cancel_handshake(self) -> ActionResult:
        return PlainResult(handshakes.respond(_caller.current().account, "canceled", **self._inputs))
