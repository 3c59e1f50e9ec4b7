"""Permissions that customers make: versions, the default one, deprecation and deletion."""

from __future__ import annotations

from typing import Any

from emulator.world import clock

from . import resources
from .exceptions import (
    InvalidParameterException,
    InvalidStateTransitionException,
    OperationNotPermittedException,
    PermissionAlreadyExistsException,
    PermissionLimitExceededException,
    PermissionVersionsLimitExceededException,
)
from .managed import AWS, CUSTOMER, MOST_PERMISSIONS, MOST_VERSIONS, Permission, Version, check_template
from .permissions import PermissionOperations
from .tagging import checked_tags

Answer = dict[str, Any]


class CustomerPermissions(PermissionOperations):
    """CreatePermission and what follows from it. Permissions belong to one account in one Region."""

    def create_permission(
        self,
        *,
        name: str,
        resource_type: str,
        policy_template: str,
        permission_template_parameters: list[dict[str, str]] | None = None,
        tags: list[dict[str, str]] | None = None,
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            kind = resources.named(resource_type)
            arn = f"arn:aws:ram:{self.region_name}:{self.account_id}:permission/{name}"
            if arn in self.state.permissions:
                raise PermissionAlreadyExistsException(f"There is a permission {name} in {self.region_name} already.")
            if len(self.state.permissions) >= MOST_PERMISSIONS:
                raise PermissionLimitExceededException(f"There are {MOST_PERMISSIONS} permissions in this Region.")
            parameters = permission_template_parameters or []
            check_template(kind, policy_template, parameters)
            now = clock.now()
            made = Permission(
                arn,
                name,
                kind,
                CUSTOMER,
                now,
                now,
                {1: Version(policy_template, now, parameters)},
                tags=checked_tags(tags or []),
            )
            self.state.permissions[arn] = made
            return {"permission": made.summary()}

        asked = [name, resource_type, policy_template, permission_template_parameters, tags]
        return self.once("CreatePermission", client_token, asked, make)

    def create_permission_version(
        self,
        *,
        permission_arn: str,
        policy_template: str,
        permission_template_parameters: list[dict[str, str]] | None = None,
        client_token: str | None = None,
    ) -> Answer:
        """The new version becomes the default; shares keep the one that they have."""

        def make() -> Answer:
            found = self._own_permission(permission_arn)
            if len(found.versions) >= MOST_VERSIONS:
                raise PermissionVersionsLimitExceededException(f"{found.arn} has {MOST_VERSIONS} versions already.")
            parameters = permission_template_parameters or []
            check_template(found.kind, policy_template, parameters)
            number = max(found.versions) + 1
            found.versions[number] = Version(policy_template, clock.now(), parameters)
            found.default, found.updated = number, clock.now()
            return {"permission": found.detail()}

        asked = [permission_arn, policy_template, permission_template_parameters]
        return self.once("CreatePermissionVersion", client_token, asked, make)

    def delete_permission(self, *, permission_arn: str, client_token: str | None = None) -> Answer:
        def make() -> Answer:
            found = self._own_permission(permission_arn)
            if self._uses(found, None):
                raise OperationNotPermittedException(f"{found.arn} is part of a resource share; replace it there.")
            del self.state.permissions[found.arn]
            return {"returnValue": True, "permissionStatus": "DELETING"}

        return self.once("DeletePermission", client_token, [permission_arn], make)

    def delete_permission_version(
        self, *, permission_arn: str, permission_version: int, client_token: str | None = None
    ) -> Answer:
        def make() -> Answer:
            found = self._own_permission(permission_arn)
            _check_has(found, permission_version)
            if permission_version == found.default:
                raise OperationNotPermittedException(f"Version {permission_version} is the default of {found.arn}.")
            if self._uses(found, permission_version):
                raise OperationNotPermittedException(f"Version {permission_version} is part of a resource share.")
            del found.versions[permission_version]
            found.updated = clock.now()
            return {"returnValue": True, "permissionStatus": "DELETING"}

        return self.once("DeletePermissionVersion", client_token, [permission_arn, permission_version], make)

    def set_default_permission_version(
        self, *, permission_arn: str, permission_version: int, client_token: str | None = None
    ) -> Answer:
        def make() -> Answer:
            found = self._own_permission(permission_arn, InvalidParameterException)
            _check_has(found, permission_version)
            found.default, found.updated = permission_version, clock.now()
            return {"returnValue": True}

        return self.once("SetDefaultPermissionVersion", client_token, [permission_arn, permission_version], make)

    def update_permission(self, *, permission_arn: str, status: str, client_token: str | None = None) -> Answer:
        def make() -> Answer:
            found = self._own_permission(permission_arn)
            found.status, found.updated = status, clock.now()
            return {"permissionStatus": status}

        return self.once("UpdatePermission", client_token, [permission_arn, status], make)

    # Nothing here comes from a resource-based policy: neither teams nor vaults share in that way.

    def promote_permission_created_from_policy(
        self, *, permission_arn: str, name: str, client_token: str | None = None
    ) -> Answer:
        def make() -> Answer:
            raise InvalidParameterException(
                f"{self.permission(permission_arn).arn} was not created from a policy, so it cannot become {name}."
            )

        return self.once("PromotePermissionCreatedFromPolicy", client_token, [permission_arn, name], make)

    def promote_resource_share_created_from_policy(self, *, resource_share_arn: str) -> Answer:
        share = self.own(resource_share_arn)
        raise InvalidStateTransitionException(f"Resource share {share.arn} was not created from a policy.")

    def _own_permission(self, arn: str, error: type[Exception] = OperationNotPermittedException) -> Permission:
        found = self.permission(arn)
        if found.origin == AWS:
            raise error(f"{arn} is managed by AWS and cannot be changed.")
        return found

    def _uses(self, permission: Permission, version: int | None) -> bool:
        kind = permission.kind.name
        return any(
            share.permissions.get(kind) == permission.arn and version in (None, share.permission_versions.get(kind))
            for share in self.state.shares.values()
            if share.status == "ACTIVE"
        )


def _check_has(permission: Permission, version: int) -> None:
    if version not in permission.versions:
        raise InvalidParameterException(f"{permission.arn} has no version {version}.")
