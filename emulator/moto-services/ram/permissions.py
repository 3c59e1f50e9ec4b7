"""Managed permissions and resource types. Permissions made by customers are not modelled."""

import json
from typing import Any

from . import resources, state
from .access import has_access
from .account import RamAccount
from .exceptions import InvalidParameterException, OperationNotPermittedException, UnknownResourceException

Answer = dict[str, Any]


class PermissionOperations(RamAccount):
    """What may be done with shared resources of each type."""

    def list_resource_types(
        self, *, resource_region_scope: str = "ALL", max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        shown = [
            {"resourceType": kind.name, "serviceName": kind.service, "resourceRegionScope": "REGIONAL"}
            for kind in resources.TYPES
            if resource_region_scope != "GLOBAL"
        ]
        return self.page(shown, "resourceTypes", max_results, next_token)

    def list_permissions(
        self,
        *,
        resource_type: str | None = None,
        permission_type: str = "ALL",
        resource_owner: str | None = None,
        permission_status: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        """AWS's own permissions; `resource_owner` makes no difference, because they belong to nobody."""
        resources.check_type(resource_type)
        shown = [
            kind.permission()
            for kind in resources.TYPES
            if resource_type in (None, kind.name)
            and permission_type != "CUSTOMER_MANAGED"
            and permission_status in (None, "ATTACHABLE")
        ]
        return self.page(shown, "permissions", max_results, next_token)

    def list_permission_versions(
        self, *, permission_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        return self.page([resources.permission(permission_arn).permission()], "permissions", max_results, next_token)

    def get_permission(self, *, permission_arn: str, permission_version: int | None = None) -> Answer:
        kind = resources.permission(permission_arn)
        _check_version(permission_version)
        document = {"Effect": "Allow", "Action": list(kind.actions)}
        return {"permission": kind.permission() | {"permission": json.dumps(document)}}

    def list_resource_share_permissions(
        self, *, resource_share_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        """The owner sees them, and so do the accounts that the share reaches."""
        share = state.find_share(resource_share_arn)
        if share.owner != self.account_id and not has_access(share, self.account_id):
            raise UnknownResourceException(f"Resource share {resource_share_arn} could not be found.")
        shown = [resources.permission(arn).permission() for arn in share.permissions.values()]
        return self.page(shown, "permissions", max_results, next_token)

    def associate_resource_share_permission(
        self,
        *,
        resource_share_arn: str,
        permission_arn: str,
        replace: bool = False,
        permission_version: int | None = None,
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            share = self.own(resource_share_arn)
            kind = resources.permission(permission_arn)
            _check_version(permission_version)
            present = share.permissions.get(kind.name)
            if present is not None and not replace:
                raise InvalidParameterException(
                    f"{share.arn} has a permission for {kind.name} already. Set replace to exchange it."
                )
            share.permissions[kind.name] = permission_arn
            return {"returnValue": True}

        asked = [resource_share_arn, permission_arn, replace, permission_version]
        return self.once("AssociateResourceSharePermission", client_token, asked, make)

    def disassociate_resource_share_permission(
        self, *, resource_share_arn: str, permission_arn: str, client_token: str | None = None
    ) -> Answer:
        def make() -> Answer:
            share = self.own(resource_share_arn)
            kind = resources.permission(permission_arn)
            if share.permissions.get(kind.name) != permission_arn:
                raise UnknownResourceException(f"{permission_arn} is not part of {share.arn}.")
            if any(resources.type_of(one.entity) is kind for one in share.live("RESOURCE")):
                raise OperationNotPermittedException(
                    f"{share.arn} shares resources of type {kind.name}, which need a permission. "
                    "Disassociate them first."
                )
            del share.permissions[kind.name]
            return {"returnValue": True}

        return self.once(
            "DisassociateResourceSharePermission", client_token, [resource_share_arn, permission_arn], make
        )


def _check_version(version: int | None) -> None:
    if version not in (None, 1):
        raise InvalidParameterException(f"Permission version {version} does not exist.")
