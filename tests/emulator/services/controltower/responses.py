"""From HTTP to a method of the backend and back; whatever has no method here answers 501."""

from moto.core.responses import ActionResult

from emulator.moto.rest_json import RestJsonResponse
from emulator.world import ids

from .exceptions import ValidationException
from .models import ControlTowerBackend, controltower_backends


class ControlTowerResponse(RestJsonResponse):
    """Two operations of the `controltower` model."""

    bad_input = ValidationException

    def __init__(self) -> None:
        super().__init__(service_name="controltower")

    @property
    def _backend(self) -> ControlTowerBackend:
        backend: ControlTowerBackend = controltower_backends[self.current_account][self.region]
        return backend

    def create_landing_zone(self) -> ActionResult:
        arn = self._backend.create_landing_zone(self._inputs["version"])
        return ActionResult({"arn": arn, "operationIdentifier": ids.uuid("landing-zone-operation")})

    def list_landing_zones(self) -> ActionResult:
        found = [self._backend.arn] if self._backend.arn else []
        return ActionResult({"landingZones": [{"arn": arn} for arn in found]})
