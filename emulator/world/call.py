"""An AWS call: what it asks for, who asks, and where it was signed for."""

from functools import cached_property
from typing import Any

from emulator.protocol import parameters
from emulator.protocol.requests import Signature
from emulator.protocol.service_models import Operation
from emulator.world import ids
from emulator.world.caller import Caller

Environ = dict[str, Any]


class Call:
    """An AWS call, filled in on its way; `parameters` are its input in the words of the service model."""

    def __init__(self, environ: Environ) -> None:
        self.environ = environ
        self.signature = Signature("", "", "", "")
        self.operation = Operation("", "", "rest-json")
        self.caller: Caller | None = None
        self.body = b""

    @cached_property
    def request_id(self) -> str:
        """Drawn when it is needed, which is while no other call is answered."""
        return ids.uuid("request")

    @property
    def name(self) -> str:
        """Service and operation, as in an IAM action's place: `backup:StartBackupJob`."""
        return f"{self.operation.service}:{self.operation.name}"

    @property
    def admitted(self) -> Caller:
        """Who calls; only after the call was admitted."""
        if self.caller is None:
            raise LookupError(f"{self.name} was not admitted yet.")
        return self.caller

    @property
    def region(self) -> str:
        return self.signature.region

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The input as boto3 would have been given it; a refusal when the document does not fit the model."""
        return parameters.of(self.operation, self.environ, self.body)
