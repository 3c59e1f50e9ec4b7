"""Operations on global and Region settings."""

from ..common import settings
from .base import ActionResult, EmptyResult, Operations


class SettingOperations(Operations):
    def describe_global_settings(self) -> ActionResult:
        found, updated = settings.describe_global(self.backend.account)
        answer: dict[str, object] = {"GlobalSettings": found}
        if updated is not None:
            answer["LastUpdateTime"] = updated
        return ActionResult(answer)

    def update_global_settings(self) -> EmptyResult:
        settings.update_global(self.backend.account, self.optional("GlobalSettings") or {})
        return EmptyResult()

    def describe_region_settings(self) -> ActionResult:
        opt_in, management = settings.region_settings(self.backend)
        return ActionResult({"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management})

    def update_region_settings(self) -> EmptyResult:
        settings.update_region(
            self.backend,
            self.optional("ResourceTypeOptInPreference") or {},
            self.optional("ResourceTypeManagementPreference") or {},
        )
        return EmptyResult()

    def get_supported_resource_types(self) -> ActionResult:
        return ActionResult({"ResourceTypes": list(settings.resource_types(self.backend.region))})
