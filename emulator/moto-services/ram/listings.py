"""The reading operations of RAM."""

import json
from typing import Any

from . import access, resources, sharing, state, views
from .account import RamAccount
from .exceptions import (
    InvalidParameterException,
    InvalidResourceTypeException,
    MalformedArnException,
    ResourceArnNotFoundException,
    ResourceShareInvitationAlreadyRejectedException,
    ResourceShareInvitationExpiredException,
)
from .shares import PRINCIPAL, RESOURCE, SOURCE, Share

Answer = dict[str, Any]


class Listings(RamAccount):
    """Shares, associations, invitations, and what is shared with whom."""

    def get_resource_shares(
        self,
        *,
        resource_owner: str,
        resource_share_arns: list[str] | None = None,
        resource_share_status: str | None = None,
        name: str | None = None,
        tag_filters: list[dict[str, Any]] | None = None,
        permission_arn: str | None = None,
        permission_version: int | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        for arn in resource_share_arns or []:
            state.find_share(arn)
        if permission_version is not None and permission_arn is None:
            raise InvalidParameterException("A permissionVersion needs the permissionArn that it is of.")
        chosen = [
            share
            for share in self.visible(resource_owner)
            if (not resource_share_arns or share.arn in resource_share_arns)
            and name in (None, share.name)
            and _carries(share, permission_arn, permission_version)
            and all(access.has_tag(share, wanted) for wanted in tag_filters or [])
        ]
        shown = [views.share(share) for share in chosen]
        shown = [share for share in shown if resource_share_status in (None, share["status"])]
        return self.page(shown, "resourceShares", max_results, next_token)

    def get_resource_share_associations(
        self,
        *,
        association_type: str,
        resource_share_arns: list[str] | None = None,
        resource_arn: str | None = None,
        principal: str | None = None,
        association_status: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        if association_type == PRINCIPAL and resource_arn:
            raise InvalidParameterException("A resource cannot be named when the association type is PRINCIPAL.")
        if association_type != PRINCIPAL and principal:
            raise InvalidParameterException(f"A principal cannot be named for the type {association_type}.")
        if association_type == SOURCE and resource_arn:
            raise InvalidParameterException("A resource cannot be named when the association type is SOURCE.")
        if resource_arn is not None:
            resources.type_of(resource_arn)
        shares = (
            [self.own(arn, live=False) for arn in resource_share_arns]
            if resource_share_arns
            else list(self.state.shares.values())
        )
        wanted = resource_arn or principal
        shown = [
            views.association(share, one)
            for share in shares
            for one in share.associations
            if one.kind == association_type
            and wanted in (None, one.entity)
            and access.is_shown(one.is_live, one.updated)
        ]
        shown = [one for one in shown if association_status in (None, one["status"])]
        return self.page(shown, "resourceShareAssociations", max_results, next_token)

    def get_resource_share_invitations(
        self,
        *,
        resource_share_invitation_arns: list[str] | None = None,
        resource_share_arns: list[str] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        for arn in resource_share_invitation_arns or []:
            self.received(arn)
        for arn in resource_share_arns or []:
            state.find_share(arn)
        shown = [
            views.invitation(one)
            for one in state.invitations(self.region_name)
            if one.receiver == self.account_id
            and (not resource_share_invitation_arns or one.arn in resource_share_invitation_arns)
            and (not resource_share_arns or one.share_arn in resource_share_arns)
        ]
        return self.page(shown, "resourceShareInvitations", max_results, next_token)

    def list_resources(
        self,
        *,
        resource_owner: str,
        principal: str | None = None,
        resource_type: str | None = None,
        resource_arns: list[str] | None = None,
        resource_share_arns: list[str] | None = None,
        resource_region_scope: str = "ALL",
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        resources.check_type(resource_type, InvalidResourceTypeException)
        for arn in resource_arns or []:
            resources.type_of(arn)
        for arn in resource_share_arns or []:
            state.find_share(arn)
        shown = [
            views.resource(share, one)
            for share in self.visible(resource_owner)
            if (not resource_share_arns or share.arn in resource_share_arns)
            and (principal is None or share.find(PRINCIPAL, principal) or share.owner == principal)
            for one in share.live(RESOURCE)
            if (not resource_arns or one.entity in resource_arns)
            and (resource_type is None or resource_type.lower() == resources.type_of(one.entity).name.lower())
            and resource_region_scope != "GLOBAL"
        ]
        return self.page(shown, "resources", max_results, next_token)

    def list_principals(
        self,
        *,
        resource_owner: str,
        resource_arn: str | None = None,
        principals: list[str] | None = None,
        resource_type: str | None = None,
        resource_share_arns: list[str] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        resources.check_type(resource_type)
        if resource_arn is not None:
            resources.type_of(resource_arn)
        for arn in resource_share_arns or []:
            state.find_share(arn)
        view = views.principal if resource_owner == "SELF" else views.owner
        shown = [
            view(share, one)
            for share in self.visible(resource_owner)
            if (not resource_share_arns or share.arn in resource_share_arns)
            and (resource_arn is None or share.find(RESOURCE, resource_arn))
            and (resource_type is None or resource_type.lower() in (kind.lower() for kind in share.permissions))
            for one in share.live(PRINCIPAL)
            if resource_owner == "SELF" or access.reaches(one, self.account_id)
        ]
        shown = [one for one in shown if not principals or one["id"] in principals]
        return self.page(shown, "principals", max_results, next_token)

    def list_source_associations(
        self,
        *,
        resource_share_arns: list[str] | None = None,
        source_id: str | None = None,
        source_type: str | None = None,
        association_status: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        if source_type is not None and source_type.upper() not in sharing.SOURCE_TYPES:
            raise InvalidParameterException(f"{source_type} is none of {', '.join(sharing.SOURCE_TYPES)}.")
        shares = (
            [self.own(arn, live=False) for arn in resource_share_arns]
            if resource_share_arns
            else list(self.state.shares.values())
        )
        shown = [
            views.source(share, one, sharing.source_type(one.entity))
            for share in shares
            for one in share.associations
            if one.kind == SOURCE and source_id in (None, one.entity) and access.is_shown(one.is_live, one.updated)
        ]
        shown = [
            one
            for one in shown
            if association_status in (None, one["status"])
            and (source_type is None or one["sourceType"] == source_type.upper())
        ]
        return self.page(shown, "sourceAssociations", max_results, next_token)

    def list_pending_invitation_resources(
        self,
        *,
        resource_share_invitation_arn: str,
        resource_region_scope: str = "ALL",
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        """What the receiver of an invitation would get; of one that was accepted, nothing is pending."""
        invitation = self.received(resource_share_invitation_arn)
        if invitation.status == "REJECTED":
            raise ResourceShareInvitationAlreadyRejectedException(f"Invitation {invitation.arn} was rejected.")
        if invitation.status == "EXPIRED":
            raise ResourceShareInvitationExpiredException(f"Invitation {invitation.arn} has expired.")
        share = state.find_share(invitation.share_arn)
        shown = [
            views.resource(share, one)
            for one in share.live(RESOURCE)
            if invitation.status == "PENDING" and resource_region_scope != "GLOBAL"
        ]
        return self.page(shown, "resources", max_results, next_token)

    def get_resource_policies(
        self,
        *,
        resource_arns: list[str],
        principal: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        """The policies that shares put on resources of this account: one statement for each share."""
        for arn in resource_arns:
            if not arn.startswith("arn:"):
                raise MalformedArnException(f"{arn} is not a valid ARN.")
            if not any(arn in share.in_force(RESOURCE) for share in self.state.shares.values()):
                raise ResourceArnNotFoundException(f"{arn} is not shared by account {self.account_id}.")
        policies = [self._policy(arn, principal) for arn in resource_arns]
        return self.page([text for text in policies if text], "policies", max_results, next_token)

    def _policy(self, arn: str, principal: str | None) -> str:
        kind = resources.type_of(arn).name
        statements = [
            {
                "Sid": share.arn.rpartition("/")[2].replace("-", ""),
                "Principal": {"AWS": [name for name in share.in_force(PRINCIPAL) if principal in (None, name)]},
                "Resource": arn,
                **json.loads(
                    state.permission_of(share, kind).detail(share.permission_versions.get(kind))["permission"]
                ),
            }
            for share in self.state.shares.values()
            if arn in share.in_force(RESOURCE)
        ]
        found = [one for one in statements if one["Principal"]["AWS"]]
        return json.dumps({"Version": "2012-10-17", "Statement": found}) if found else ""


def _carries(share: Share, permission_arn: str | None, version: int | None) -> bool:
    """Whether a share has this permission, in this version."""
    return permission_arn is None or any(
        arn == permission_arn and version in (None, share.permission_versions.get(kind))
        for kind, arn in share.permissions.items()
    )
