"""The reading operations of RAM."""

from typing import Any

from . import access, resources, state, views
from .account import RamAccount
from .exceptions import InvalidParameterException
from .shares import PRINCIPAL, RESOURCE

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
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        for arn in resource_share_arns or []:
            state.find_share(arn)
        chosen = [
            share
            for share in self.visible(resource_owner)
            if (not resource_share_arns or share.arn in resource_share_arns)
            and name in (None, share.name)
            and (permission_arn is None or permission_arn in share.permissions.values())
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
        if association_type == RESOURCE and principal:
            raise InvalidParameterException("A principal cannot be named when the association type is RESOURCE.")
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
        resources.check_type(resource_type)
        shown = [
            views.resource(share, one)
            for share in self.visible(resource_owner)
            if (not resource_share_arns or share.arn in resource_share_arns)
            and (principal is None or share.find(PRINCIPAL, principal) or share.owner == principal)
            for one in share.live(RESOURCE)
            if (not resource_arns or one.entity in resource_arns)
            and resource_type in (None, resources.type_of(one.entity).name)
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
        view = views.principal if resource_owner == "SELF" else views.owner
        shown = [
            view(share, one)
            for share in self.visible(resource_owner)
            if (not resource_share_arns or share.arn in resource_share_arns)
            and (resource_arn is None or share.find(RESOURCE, resource_arn))
            and (resource_type is None or resource_type in share.permissions)
            for one in share.live(PRINCIPAL)
            if resource_owner == "SELF" or access.reaches(one, self.account_id)
        ]
        shown = [one for one in shown if not principals or one["id"] in principals]
        return self.page(shown, "principals", max_results, next_token)
