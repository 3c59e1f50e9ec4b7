"""From HTTP to a method of the backend and back. botocore's model parses, validates and serialises."""

from moto.core.responses import ActionResult, EmptyResult

from emulator.moto.rest_json import RestJsonResponse

from .arns import REGION
from .exceptions import ValidationException
from .models import MpaBackend, mpa_backends


class MpaResponse(RestJsonResponse):
    """The 22 operations of the `mpa` model."""

    bad_input = ValidationException

    def __init__(self) -> None:
        super().__init__(service_name="mpa")

    @property
    def _backend(self) -> MpaBackend:
        if self.region != REGION:
            raise ValidationException(
                f"Multi-party approval has teams and identity sources in {REGION} only, and this request was signed "
                f"for {self.region}. Call it there; the protected resource may be in any Region."
            )
        backend: MpaBackend = mpa_backends[self.current_account][REGION]
        return backend

    @property
    def _portal_url(self) -> str:
        """Where the approval portal is: on AWS a host of its own, here a path of this server."""
        return f"{self.parsed_url.scheme}://{self.parsed_url.netloc}/portal/"

    def create_identity_source(self) -> ActionResult:
        return ActionResult(self._backend.create_identity_source(**self._inputs))

    def get_identity_source(self) -> ActionResult:
        return ActionResult(self._backend.get_identity_source(**self._inputs, portal_url=self._portal_url))

    def list_identity_sources(self) -> ActionResult:
        return ActionResult(self._backend.list_identity_sources(**self._inputs, portal_url=self._portal_url))

    def delete_identity_source(self) -> ActionResult:
        self._backend.delete_identity_source(**self._inputs)
        return EmptyResult()

    def create_approval_team(self) -> ActionResult:
        return ActionResult(self._backend.create_approval_team(**self._inputs))

    def get_approval_team(self) -> ActionResult:
        return ActionResult(self._backend.get_approval_team(**self._inputs))

    def list_approval_teams(self) -> ActionResult:
        return ActionResult(self._backend.list_approval_teams(**self._inputs))

    def update_approval_team(self) -> ActionResult:
        return ActionResult(self._backend.update_approval_team(**self._inputs))

    def start_active_approval_team_deletion(self) -> ActionResult:
        return ActionResult(self._backend.start_active_approval_team_deletion(**self._inputs))

    def delete_inactive_approval_team_version(self) -> ActionResult:
        self._backend.delete_inactive_approval_team_version(**self._inputs)
        return EmptyResult()

    def start_approval_team_baseline(self) -> ActionResult:
        return ActionResult(self._backend.start_approval_team_baseline(**self._inputs))

    def get_session(self) -> ActionResult:
        return ActionResult(self._backend.get_session(**self._inputs))

    def list_sessions(self) -> ActionResult:
        return ActionResult(self._backend.list_sessions(**self._inputs))

    def cancel_session(self) -> ActionResult:
        self._backend.cancel_session(**self._inputs)
        return EmptyResult()

    def list_policies(self) -> ActionResult:
        return ActionResult(self._backend.list_policies(**self._inputs))

    def list_policy_versions(self) -> ActionResult:
        return ActionResult(self._backend.list_policy_versions(**self._inputs))

    def get_policy_version(self) -> ActionResult:
        return ActionResult(self._backend.get_policy_version(**self._inputs))

    def list_resource_policies(self) -> ActionResult:
        return ActionResult(self._backend.list_resource_policies(**self._inputs))

    def get_resource_policy(self) -> ActionResult:
        return ActionResult(self._backend.get_resource_policy(**self._inputs))

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult(self._backend.list_tags_for_resource(**self._inputs))

    def tag_resource(self) -> ActionResult:
        self._backend.tag_resource(**self._inputs)
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        self._backend.untag_resource(**self._inputs)
        return EmptyResult()
