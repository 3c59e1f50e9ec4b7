"""From HTTP to a method of the backend and back. botocore's model parses, validates and serialises."""

from typing import Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import get_service_model
from moto.mpa import rest_json

from .exceptions import InvalidParameterException
from .models import RamBackend, ram_backends

UNUSED = ("sources", "permission_template_parameters")  # of shares with service principals, which are not modelled


class RamResponse(BaseResponse):
    """The operations of the `ram` model that this emulator has."""

    def __init__(self) -> None:
        super().__init__(service_name="ram")

    def get_region_from_url(self, request: Any, full_url: str) -> str:
        """The Region that the request was signed for. moto would search the whole URL, ARNs in the path included."""
        scope = request.headers.get("Authorization", "").partition("Credential=")[2].split("/")
        return scope[2] if len(scope) > 2 else super().get_region_from_url(request, full_url)

    @property
    def _backend(self) -> RamBackend:
        backend: RamBackend = ram_backends[self.current_account][self.region]
        return backend

    @property
    def _inputs(self) -> dict[str, Any]:
        """The members of the request by their Python names, after the model's own limits were checked."""
        operation = get_service_model("ram").operation_model(self._get_action())
        try:
            given: dict[str, Any] = rest_json.inputs(operation, self.uri_match, self.parsed_url.query, self.body)
        except rest_json.BadInput as error:
            raise InvalidParameterException(str(error)) from error
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
