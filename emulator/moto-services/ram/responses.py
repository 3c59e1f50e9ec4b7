"""From HTTP to a method of the backend and back. botocore's model parses, validates and serialises."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from emulator.rest_json import RestJsonResponse

from .exceptions import InvalidParameterException
from .models import RamBackend, ram_backends

UNUSED = ("sources", "permission_template_parameters")  # of shares with service principals, which are not modelled


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
        """As the model has them, without what is not modelled here."""
        given = super()._inputs
        unused = [name for name in UNUSED if given.pop(name, None)]
        if unused:
            raise InvalidParameterException(f"This emulator does not model {', '.join(unused)}.")
        return given

    def create_resource_share(self) -> ActionResult:
        return ActionResult(self._backend.create_resource_share(**self._inputs))

    def get_resource_shares(self) -> ActionResult:
        return ActionResult(self._backend.get_resource_shares(**self._inputs))

    def update_resource_share(self) -> ActionResult:
        return ActionResult(self._backend.update_resource_share(**self._inputs))

    def delete_resource_share(self) -> ActionResult:
        return ActionResult(self._backend.delete_resource_share(**self._inputs))

    def associate_resource_share(self) -> ActionResult:
        return ActionResult(self._backend.associate_resource_share(**self._inputs))

    def disassociate_resource_share(self) -> ActionResult:
        return ActionResult(self._backend.disassociate_resource_share(**self._inputs))

    def get_resource_share_associations(self) -> ActionResult:
        return ActionResult(self._backend.get_resource_share_associations(**self._inputs))

    def get_resource_share_invitations(self) -> ActionResult:
        return ActionResult(self._backend.get_resource_share_invitations(**self._inputs))

    def accept_resource_share_invitation(self) -> ActionResult:
        return ActionResult(self._backend.accept_resource_share_invitation(**self._inputs))

    def reject_resource_share_invitation(self) -> ActionResult:
        return ActionResult(self._backend.reject_resource_share_invitation(**self._inputs))

    def list_resources(self) -> ActionResult:
        return ActionResult(self._backend.list_resources(**self._inputs))

    def list_principals(self) -> ActionResult:
        return ActionResult(self._backend.list_principals(**self._inputs))

    def list_resource_types(self) -> ActionResult:
        return ActionResult(self._backend.list_resource_types(**self._inputs))

    def list_permissions(self) -> ActionResult:
        return ActionResult(self._backend.list_permissions(**self._inputs))

    def list_permission_versions(self) -> ActionResult:
        return ActionResult(self._backend.list_permission_versions(**self._inputs))

    def get_permission(self) -> ActionResult:
        return ActionResult(self._backend.get_permission(**self._inputs))

    def list_resource_share_permissions(self) -> ActionResult:
        return ActionResult(self._backend.list_resource_share_permissions(**self._inputs))

    def associate_resource_share_permission(self) -> ActionResult:
        return ActionResult(self._backend.associate_resource_share_permission(**self._inputs))

    def disassociate_resource_share_permission(self) -> ActionResult:
        return ActionResult(self._backend.disassociate_resource_share_permission(**self._inputs))

    def enable_sharing_with_aws_organization(self) -> ActionResult:
        return ActionResult(self._backend.enable_sharing_with_aws_organization(**self._inputs))

    def tag_resource(self) -> ActionResult:
        self._backend.tag_resource(**self._inputs)
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        self._backend.untag_resource(**self._inputs)
        return EmptyResult()
