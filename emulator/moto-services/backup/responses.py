"""AWS Backup's requests: validated by botocore's model, handed to the topic they belong to, and serialised by it."""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model

from emulator.moto.rest_json import RestJsonResponse

from .common.validation import check_request
from .exceptions import BackupError, NotModelled
from .models import backend_of
from .operations.audit import AuditOperations
from .operations.governance import GovernanceOperations
from .operations.jobs import JobOperations
from .operations.plans import PlanOperations
from .operations.recovery_points import PointOperations
from .operations.restore_access import AccessOperations
from .operations.restore_testing import RestoreTestingOperations
from .operations.settings import SettingOperations
from .operations.vaults import VaultOperations
from .plans import organization_plans


class BackupResponse(
    VaultOperations,
    AccessOperations,
    PlanOperations,
    JobOperations,
    PointOperations,
    SettingOperations,
    RestoreTestingOperations,
    AuditOperations,
    GovernanceOperations,
    RestJsonResponse,
):
    def __init__(self) -> None:
        super().__init__(service_name="backup")
        self.automated_parameter_parsing = True

    def call_action(self) -> Any:
        """As in moto, with the model's own check of the request first; what is not modelled says so."""
        action = self._get_action()
        if not action or not callable(getattr(type(self), camelcase_to_underscores(action), None)):
            return self._not_modelled(action or "This operation")
        self.request = dict(self.params)
        self.backend = backend_of(self.current_account, self.region)
        organization_plans.keep_ticking()
        operation = get_service_model("backup").operation_model(action)
        try:
            check_request(operation, self.request)
        except BackupError as error:
            return self._refused(error)
        try:
            return super().call_action()
        except NotModelled as part:
            return self._not_modelled(f"{action}: {part}")

    def _refused(self, error: BackupError) -> Any:
        status, headers, body = self.serialized(ActionResult(error))
        headers, body = self._enrich_response(headers, body)
        return status, headers, body

    def _not_modelled(self, action: str) -> Any:
        body = {
            "__type": "NotImplemented",
            "Code": "NotImplemented",
            "Message": f"backup:{action} is not modelled by this emulator; see emulator/FIDELITY.md.",
        }
        return 501, {"Content-Type": "application/json", "x-amzn-errortype": "NotImplemented"}, json.dumps(body)
