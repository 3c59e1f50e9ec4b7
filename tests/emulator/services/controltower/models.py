"""One landing zone per account and Region."""

from moto.core.base_backend import BackendDict, BaseBackend

from emulator.events import service_events
from emulator.world import ids

from .exceptions import ConflictException


class ControlTowerBackend(BaseBackend):
    """The state of one account in one Region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.arn = ""

    def create_landing_zone(self, version: str) -> str:
        if self.arn:
            raise ConflictException(f"Account {self.account_id} has a landing zone already.")
        self.arn = (
            f"arn:aws:controltower:{self.region_name}:{self.account_id}:landingzone/{ids.word(16, 'landing-zone')}"
        )
        detail = {"landingZone": self.arn, "version": version, "status": "ACTIVE"}
        made = ("aws.controltower", "Landing Zone State Change", self.account_id, self.region_name, detail, (self.arn,))
        service_events.emit(service_events.NativeEvent(*made))
        return self.arn


controltower_backends: BackendDict[ControlTowerBackend] = BackendDict(ControlTowerBackend, "controltower")
