"""From HTTP to a method of the backend and back. botocore's model parses, validates and serialises."""

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from emulator.moto.plain_answers import PlainResult
from emulator.moto.rest_json import RestJsonResponse

from .account import LARGEST_PAGE
from .exceptions import InvalidMaxResultsException, InvalidParameterException, MissingRequiredParameterException
from .models import RamBackend, ram_backends

# The operations that have MissingRequiredParameterException; the others say InvalidParameterException.
_SAYS_WHAT_IS_MISSING = (
    "UpdateResourceShare",
    "ListPendingInvitationResources",
    "PromotePermissionCreatedFromPolicy",
    "PromoteResourceShareCreatedFromPolicy",
)


class RamResponse(RestJsonResponse):
    """The operations of the `ram` model that this emulator has."""

    bad_input = InvalidParameterException

    def __init__(self) -> None:
        super().__init__(service_name="ram")

    @property
    def _backend(self) -> RamBackend:
        backend: RamBackend = ram_backends[self.current_account][self.region]
        return backend

    @property
    def _inputs(self) -> dict[str, Any]:
        """As the model has them. Two mistakes have errors of their own in some operations."""
        action = self._get_action()
        document = json.loads(self.body or "{}")
        if action == "GetResourceShareInvitations" and _is_no_page(document.get("maxResults")):
            raise InvalidMaxResultsException("maxResults must be between 1 and 500.")
        try:
            return super()._inputs
        except InvalidParameterException as error:
            if action in _SAYS_WHAT_IS_MISSING and "must not be null" in error.message:
                raise MissingRequiredParameterException(error.message) from error
            raise

    def create_resource_share(self) -> ActionResult:
        return PlainResult(self._backend.create_resource_share(**self._inputs))

    def get_resource_shares(self) -> ActionResult:
        return PlainResult(self._backend.get_resource_shares(**self._inputs))

    def update_resource_share(self) -> ActionResult:
        return PlainResult(self._backend.update_resource_share(**self._inputs))

    def delete_resource_share(self) -> ActionResult:
        return PlainResult(self._backend.delete_resource_share(**self._inputs))

    def associate_resource_share(self) -> ActionResult:
        return PlainResult(self._backend.associate_resource_share(**self._inputs))

    def disassociate_resource_share(self) -> ActionResult:
        return PlainResult(self._backend.disassociate_resource_share(**self._inputs))

    def get_resource_share_associations(self) -> ActionResult:
        return PlainResult(self._backend.get_resource_share_associations(**self._inputs))

    def get_resource_share_invitations(self) -> ActionResult:
        return PlainResult(self._backend.get_resource_share_invitations(**self._inputs))

    def accept_resource_share_invitation(self) -> ActionResult:
        return PlainResult(self._backend.accept_resource_share_invitation(**self._inputs))

    def reject_resource_share_invitation(self) -> ActionResult:
        return PlainResult(self._backend.reject_resource_share_invitation(**self._inputs))

    def list_resources(self) -> ActionResult:
        return PlainResult(self._backend.list_resources(**self._inputs))

    def list_principals(self) -> ActionResult:
        return PlainResult(self._backend.list_principals(**self._inputs))

    def list_resource_types(self) -> ActionResult:
        return PlainResult(self._backend.list_resource_types(**self._inputs))

    def list_permissions(self) -> ActionResult:
        return PlainResult(self._backend.list_permissions(**self._inputs))

    def list_permission_versions(self) -> ActionResult:
        return PlainResult(self._backend.list_permission_versions(**self._inputs))

    def get_permission(self) -> ActionResult:
        return PlainResult(self._backend.get_permission(**self._inputs))

    def list_resource_share_permissions(self) -> ActionResult:
        return PlainResult(self._backend.list_resource_share_permissions(**self._inputs))

    def associate_resource_share_permission(self) -> ActionResult:
        return PlainResult(self._backend.associate_resource_share_permission(**self._inputs))

    def disassociate_resource_share_permission(self) -> ActionResult:
        return PlainResult(self._backend.disassociate_resource_share_permission(**self._inputs))

    def enable_sharing_with_aws_organization(self) -> ActionResult:
        return PlainResult(self._backend.enable_sharing_with_aws_organization(**self._inputs))

    def tag_resource(self) -> ActionResult:
        self._backend.tag_resource(**self._inputs)
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        self._backend.untag_resource(**self._inputs)
        return EmptyResult()

    def list_source_associations(self) -> ActionResult:
        return PlainResult(self._backend.list_source_associations(**self._inputs))

    def list_pending_invitation_resources(self) -> ActionResult:
        return PlainResult(self._backend.list_pending_invitation_resources(**self._inputs))

    def get_resource_policies(self) -> ActionResult:
        return PlainResult(self._backend.get_resource_policies(**self._inputs))

    def list_permission_associations(self) -> ActionResult:
        return PlainResult(self._backend.list_permission_associations(**self._inputs))

    def replace_permission_associations(self) -> ActionResult:
        return PlainResult(self._backend.replace_permission_associations(**self._inputs))

    def list_replace_permission_associations_work(self) -> ActionResult:
        return PlainResult(self._backend.list_replace_permission_associations_work(**self._inputs))

    def create_permission(self) -> ActionResult:
        return PlainResult(self._backend.create_permission(**self._inputs))

    def create_permission_version(self) -> ActionResult:
        return PlainResult(self._backend.create_permission_version(**self._inputs))

    def delete_permission(self) -> ActionResult:
        return PlainResult(self._backend.delete_permission(**self._inputs))

    def delete_permission_version(self) -> ActionResult:
        return PlainResult(self._backend.delete_permission_version(**self._inputs))

    def set_default_permission_version(self) -> ActionResult:
        return PlainResult(self._backend.set_default_permission_version(**self._inputs))

    def update_permission(self) -> ActionResult:
        return PlainResult(self._backend.update_permission(**self._inputs))

    def promote_permission_created_from_policy(self) -> ActionResult:
        return PlainResult(self._backend.promote_permission_created_from_policy(**self._inputs))

    def promote_resource_share_created_from_policy(self) -> ActionResult:
        return PlainResult(self._backend.promote_resource_share_created_from_policy(**self._inputs))


def _is_no_page(size: Any) -> bool:
    return size is not None and not (isinstance(size, int) and 1 <= size <= LARGEST_PAGE)
