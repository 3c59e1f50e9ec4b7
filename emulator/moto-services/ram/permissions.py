"""Permissions in shares: what is listed, what a share carries, and how one is exchanged for another."""

from __future__ import annotations

from typing import Any

from emulator.world import agenda, clock, ids, pace

from . import resources, state
from .access import has_access
from .account import RamAccount
from .exceptions import (
    InvalidParameterException,
    MalformedArnException,
    OperationNotPermittedException,
    UnknownResourceException,
)
from .managed import AWS, CUSTOMER, OF_AWS, Permission, missing_parameters
from .shares import Share
from .state import Work

Answer = dict[str, Any]


class PermissionOperations(RamAccount):
    """What may be done with shared resources of each type."""

    def permission(self, arn: str) -> Permission:
        """A permission that this account can use in this Region: of AWS, or its own."""
        found = OF_AWS.get(arn) or self.state.permissions.get(arn)
        if found is None:
            if not arn.startswith("arn:") or ":permission/" not in arn:
                raise MalformedArnException(f"{arn} is not the ARN of a permission.")
            raise UnknownResourceException(f"Permission {arn} could not be found.")
        return found

    # Listings

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
        """`resource_owner` SELF leaves out AWS's own permissions, which belong to nobody here."""
        resources.check_type(resource_type)
        shown = [
            one.summary()
            for one in (*OF_AWS.values(), *self.state.permissions.values())
            if resource_type is None or one.kind.name.lower() == resource_type.lower()
            if permission_type in ("ALL", one.origin) and permission_status in (None, one.status)
            if resource_owner is None or (one.origin == CUSTOMER) == (resource_owner == "SELF")
        ]
        return self.page(shown, "permissions", max_results, next_token)

    def list_permission_versions(
        self, *, permission_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        found = self.permission(permission_arn)
        return self.page([found.summary(number) for number in found.versions], "permissions", max_results, next_token)

    def get_permission(
        self,
        *,
        permission_arn: str,
        permission_version: int | None = None,
        permission_template_parameters: list[Answer] | None = None,
    ) -> Answer:
        """Template parameters are looked at for being complete; the document is shown with its placeholders."""
        found = self.permission(permission_arn)
        _check_version(found, permission_version)
        if permission_template_parameters is not None:
            _check_parameters(found, permission_template_parameters)
        return {"permission": found.detail(permission_version)}

    def list_resource_share_permissions(
        self, *, resource_share_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        """The owner sees them, and so do the accounts that the share reaches."""
        share = state.find_share(resource_share_arn)
        if share.owner != self.account_id and not has_access(share, self.account_id):
            raise UnknownResourceException(f"Resource share {resource_share_arn} could not be found.")
        shown = [
            state.permission_of(share, kind).summary(share.permission_versions.get(kind)) for kind in share.permissions
        ]
        return self.page(shown, "permissions", max_results, next_token)

    def list_permission_associations(
        self,
        *,
        permission_arn: str | None = None,
        permission_version: int | None = None,
        association_status: str | None = None,
        resource_type: str | None = None,
        feature_set: str | None = None,
        default_version: bool = False,
        resource_owner: str | None = None,
        resource_share_arn: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        resources.check_type(resource_type)
        if permission_arn is not None and ":permission/" not in permission_arn:
            raise MalformedArnException(f"{permission_arn} is not the ARN of a permission.")
        shown = []
        for share in [] if resource_owner == "OTHER-ACCOUNTS" else self.state.shares.values():
            for kind, arn in share.permissions.items() if share.status == "ACTIVE" else ():
                found, version = self.permission(arn), share.permission_versions.get(kind, 1)
                if (
                    permission_arn in (None, arn)
                    and permission_version in (None, version)
                    and (not default_version or version == found.default)
                    and (resource_type is None or resource_type.lower() == kind.lower())
                    and resource_share_arn in (None, share.arn)
                    and association_status in (None, "ASSOCIATED")
                    and feature_set in (None, "STANDARD")
                ):
                    shown.append(_association(share, found, version))
        return self.page(shown, "permissions", max_results, next_token)

    # Permissions of a share

    def associate_resource_share_permission(
        self,
        *,
        resource_share_arn: str,
        permission_arn: str,
        replace: bool = False,
        permission_version: int | None = None,
        permission_template_parameters: list[Answer] | None = None,
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            share = self.own(resource_share_arn)
            found = self.permission(permission_arn)
            if permission_version not in (None, found.default):
                raise InvalidParameterException(
                    f"Permission version {permission_version} is not the default version, {found.default}."
                )
            present = share.permissions.get(found.kind.name)
            if present is not None and not replace:
                raise InvalidParameterException(
                    f"{share.arn} has a permission for {found.kind.name} already. Set replace to exchange it."
                )
            put_into(share, found, permission_template_parameters or [])
            return {"returnValue": True}

        asked = [resource_share_arn, permission_arn, replace, permission_version, permission_template_parameters]
        return self.once("AssociateResourceSharePermission", client_token, asked, make)

    def disassociate_resource_share_permission(
        self, *, resource_share_arn: str, permission_arn: str, client_token: str | None = None
    ) -> Answer:
        def make() -> Answer:
            share = self.own(resource_share_arn)
            kind = self.permission(permission_arn).kind
            if share.permissions.get(kind.name) != permission_arn:
                raise UnknownResourceException(f"{permission_arn} is not part of {share.arn}.")
            if any(resources.type_of(one.entity) is kind for one in share.live("RESOURCE")):
                raise OperationNotPermittedException(
                    f"{share.arn} shares resources of type {kind.name}, which need a permission. "
                    "Disassociate them first."
                )
            del share.permissions[kind.name]
            share.permission_versions.pop(kind.name, None)
            return {"returnValue": True}

        return self.once(
            "DisassociateResourceSharePermission", client_token, [resource_share_arn, permission_arn], make
        )

    # One permission for another, in all shares at once

    def replace_permission_associations(
        self,
        *,
        from_permission_arn: str,
        to_permission_arn: str,
        from_permission_version: int | None = None,
        permission_template_parameters: list[Answer] | None = None,
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            old, new = self.permission(from_permission_arn), self.permission(to_permission_arn)
            _check_version(old, from_permission_version)
            if old.kind is not new.kind:
                raise InvalidParameterException(f"{new.arn} is for {new.kind.name}, and {old.arn} for {old.kind.name}.")
            check_attachable(new)
            _check_parameters(new, permission_template_parameters or [])
            work = Work(
                id=ids.uuid("ram-work"),
                old=old.arn,
                old_version=from_permission_version,
                new=new.arn,
                new_version=new.default,
                created=clock.now(),
                updated=clock.now(),
                step=pace.step(state.WORK_TIME),
            )
            self.state.works.append(work)
            if pace.fast():
                self.do_work(work)
            else:
                agenda.at(work.step.due, "ram.permissions_are_replaced", self.account_id, self.region_name, work.id)
            return {"replacePermissionAssociationsWork": work.shown("IN_PROGRESS")}

        asked = [from_permission_arn, from_permission_version, to_permission_arn, permission_template_parameters]
        return self.once("ReplacePermissionAssociations", client_token, asked, make)

    def do_work(self, work: Work) -> None:
        """Exchange the permission in every share that has it."""
        kind = self.permission(work.new).kind.name
        for share in self.state.shares.values():
            version = share.permission_versions.get(kind, 1)
            if share.permissions.get(kind) == work.old and work.old_version in (None, version):
                share.permissions[kind], share.permission_versions[kind] = work.new, work.new_version
                share.updated = clock.now()
        work.done, work.updated = True, clock.now()

    def list_replace_permission_associations_work(
        self,
        *,
        work_ids: list[str] | None = None,
        status: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        known = {work.id for work in self.state.works}
        for unknown in sorted(set(work_ids or []) - known):
            raise InvalidParameterException(f"There is no such work: {unknown}.")
        chosen = [work for work in self.state.works if not work_ids or work.id in work_ids]
        shown = [work.look() for work in chosen]
        shown = [one for one in shown if status in (None, one["status"])]
        return self.page(shown, "replacePermissionAssociationsWorks", max_results, next_token)


def put_into(share: Share, permission: Permission, parameters: list[Answer]) -> None:
    """Give a share this permission for its type, in its default version."""
    check_attachable(permission)
    _check_parameters(permission, parameters)
    share.permissions[permission.kind.name] = permission.arn
    share.permission_versions[permission.kind.name] = permission.default
    share.updated = clock.now()


def check_attachable(permission: Permission) -> None:
    if permission.status != "ATTACHABLE":
        raise OperationNotPermittedException(f"{permission.arn} is {permission.status}, so no share can get it.")


def _check_version(permission: Permission, version: int | None) -> None:
    if version is not None and version not in permission.versions:
        raise InvalidParameterException(f"{permission.arn} has no version {version}.")


def _check_parameters(permission: Permission, given: list[Answer]) -> None:
    missing = sorted(missing_parameters(permission.versions[permission.default], given))
    if missing:
        raise InvalidParameterException(f"{permission.arn} needs values for {', '.join(missing)}.")


def _association(share: Share, permission: Permission, version: int) -> Answer:
    return {
        "arn": permission.arn,
        "permissionVersion": str(version),
        "defaultVersion": version == permission.default,
        "resourceType": permission.kind.name,
        "status": "ASSOCIATED",
        "featureSet": "STANDARD",
        "lastUpdatedTime": share.updated,
        "resourceShareArn": share.arn,
    }


@agenda.handler("ram.permissions_are_replaced")
def _are_replaced(account: str, region: str, work_id: str) -> None:
    backend = state.backend_of(account, region)
    for work in backend.state.works:
        if work.id == work_id and not work.done:
            backend.do_work(work)


__all__ = ["AWS", "PermissionOperations", "check_attachable", "put_into"]
