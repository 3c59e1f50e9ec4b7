"""The operations of AWS Organizations that moto lacks, and for all of them the question who may call."""

import json
from typing import Any

from moto.organizations.responses import OrganizationsResponse
from moto.organizations_more import access
from moto.organizations_more.models import OrganizationsMoreBackend

from emulator import world


class OrganizationsMoreResponse(OrganizationsResponse):
    """moto's operations work on the organization of the caller, whether it is the management account or a member."""

    @property
    def organizations_backend(self) -> OrganizationsMoreBackend:
        caller, action = world.caller(), self._get_action()
        backend = access.backend_for(caller, action)
        access.admit(backend, caller, action, self.request_params)
        return backend

    def describe_effective_policy(self) -> str:
        target = self._get_param("TargetId") or world.caller().account
        policy = self.organizations_backend.describe_effective_policy(self._get_param("PolicyType"), target)
        return _json({"EffectivePolicy": policy})

    def enable_all_features(self) -> str:
        return _json({"Handshake": self.organizations_backend.enable_all_features()})

    def put_resource_policy(self) -> str:
        return _json(self.organizations_backend.put_resource_policy(self._get_param("Content")).describe())

    def describe_resource_policy(self) -> str:
        return _json(self.organizations_backend.describe_resource_policy().describe())

    def delete_resource_policy(self) -> str:
        self.organizations_backend.delete_resource_policy()
        return "{}"


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer)
