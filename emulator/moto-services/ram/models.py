"""Resource Access Manager of one account in one Region, and what other services may ask of it.

`RamBackend` has one method per operation: the writing ones stand here, the reading ones in `listings`. Other services
ask `shared_with` (who may use a resource of another account) and, for what they show of a share, `permissions_on` and
`consumers_of`.
"""

import json
from collections.abc import Iterable
from typing import Any

from moto.core.base_backend import BackendDict
from moto.iam.models import iam_backends

from emulator.world import choices, clock, ids, organizations

from . import sharing, state, views
from .access import consumers_of, permissions_on, shared_with
from .customer_permissions import CustomerPermissions
from .exceptions import InvalidParameterException, OperationNotPermittedException, ResourceShareLimitExceededException
from .listings import Listings
from .permissions import put_into
from .shares import PRINCIPAL, RESOURCE, SOURCE, Share
from .tagging import TagOperations, checked_tags

__all__ = ["RamBackend", "consumers_of", "permissions_on", "ram_backends", "shared_with"]

Answer = dict[str, Any]
_ROLE = "AWSServiceRoleForResourceAccessManager"
_QUOTAS = {"raised": 1_000_000, "default": 5_000}

choices.offer(
    "ram.quota-of-shares",
    ("raised", "default"),
    "The quota of resource shares is 5,000 in a Region and adjustable; nobody can see from outside what was granted.",
)


class RamBackend(Listings, CustomerPermissions, TagOperations):
    """The operations, as one account calls them in one Region."""

    # Shares

    def create_resource_share(
        self,
        *,
        name: str,
        resource_arns: Iterable[str] = (),
        principals: Iterable[str] = (),
        tags: Iterable[dict[str, str]] = (),
        allow_external_principals: bool = True,
        permission_arns: Iterable[str] = (),
        sources: Iterable[str] = (),
        permission_template_parameters: Iterable[dict[str, Any]] = (),
        resource_share_configuration: dict[str, bool] | None = None,
        client_token: str | None = None,
    ) -> Answer:
        asked = [name, list(resource_arns), list(principals), list(tags), allow_external_principals]
        asked += [list(permission_arns), list(sources), list(permission_template_parameters)]
        asked += [resource_share_configuration]

        def make() -> Answer:
            self._check_room()
            now = clock.now()
            share = Share(
                arn=f"arn:aws:ram:{self.region_name}:{self.account_id}:resource-share/{ids.uuid('ram-share')}",
                name=name,
                owner=self.account_id,
                region=self.region_name,
                allow_external=allow_external_principals,
                retain_sharing=(resource_share_configuration or {}).get(
                    "retainSharingOnAccountLeaveOrganization", False
                ),
                created=now,
                updated=now,
                tags=checked_tags(tags),
            )
            values = {one.get("permissionArn"): one for one in permission_template_parameters}
            if set(values) - set(permission_arns):
                raise InvalidParameterException("Template parameters are given for permissions in permissionArns.")
            for arn in permission_arns:
                given = values.get(arn, {}).get("permissionTemplateParameters") or []
                put_into(share, self.permission(arn), given)
            sharing.check(share, resource_arns, principals, sources)
            self.state.shares[share.arn] = share
            sharing.associate(share, resource_arns, principals, sources)
            return {"resourceShare": views.share(share)}

        return self.once("CreateResourceShare", client_token, asked, make)

    def update_resource_share(
        self,
        *,
        resource_share_arn: str,
        name: str | None = None,
        allow_external_principals: bool | None = None,
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            share = self.own(resource_share_arn)
            if allow_external_principals is False and any(one.external for one in share.live(PRINCIPAL)):
                raise OperationNotPermittedException(
                    f"Resource share {share.arn} has principals outside your organization. Disassociate them first."
                )
            share.name = share.name if name is None else name
            if allow_external_principals is not None:
                share.allow_external = allow_external_principals
            share.updated = clock.now()
            return {"resourceShare": views.share(share)}

        asked = [resource_share_arn, name, allow_external_principals]
        return self.once("UpdateResourceShare", client_token, asked, make)

    def delete_resource_share(self, *, resource_share_arn: str, client_token: str | None = None) -> Answer:
        def make() -> Answer:
            sharing.close(self.own(resource_share_arn))
            return {"returnValue": True}

        return self.once("DeleteResourceShare", client_token, [resource_share_arn], make)

    def _check_room(self) -> None:
        live = sum(share.status == "ACTIVE" for share in self.state.shares.values())
        if live >= _QUOTAS[choices.taken("ram.quota-of-shares")]:
            raise ResourceShareLimitExceededException(f"Account {self.account_id} has {live} shares in this Region.")

    # Associations

    def associate_resource_share(
        self,
        *,
        resource_share_arn: str,
        resource_arns: Iterable[str] = (),
        principals: Iterable[str] = (),
        sources: Iterable[str] = (),
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            share = self.own(resource_share_arn)
            _check_some(resource_arns, principals, sources)
            sharing.check(share, resource_arns, principals, sources)
            changed = sharing.associate(share, resource_arns, principals, sources)
            return {"resourceShareAssociations": [views.association(share, one, "ASSOCIATING") for one in changed]}

        asked = [resource_share_arn, list(resource_arns), list(principals), list(sources)]
        return self.once("AssociateResourceShare", client_token, asked, make)

    def disassociate_resource_share(
        self,
        *,
        resource_share_arn: str,
        resource_arns: Iterable[str] = (),
        principals: Iterable[str] = (),
        sources: Iterable[str] = (),
        client_token: str | None = None,
    ) -> Answer:
        def make() -> Answer:
            share = state.find_share(resource_share_arn)
            _check_some(resource_arns, principals, sources)
            if share.owner == self.account_id:
                named = ((RESOURCE, resource_arns), (PRINCIPAL, principals), (SOURCE, sources))
                changed = sharing.remove_all(share, [(kind, entity) for kind, some in named for entity in some])
            elif list(resource_arns) or list(sources):
                raise OperationNotPermittedException(f"Account {self.account_id} does not own {resource_share_arn}.")
            else:
                changed = [sharing.leave(share, self.account_id, name) for name in principals]
            return {"resourceShareAssociations": [views.association(share, one, "DISASSOCIATING") for one in changed]}

        asked = [resource_share_arn, list(resource_arns), list(principals), list(sources)]
        return self.once("DisassociateResourceShare", client_token, asked, make)

    # Invitations

    def accept_resource_share_invitation(
        self, *, resource_share_invitation_arn: str, client_token: str | None = None
    ) -> Answer:
        return self._answer("AcceptResourceShareInvitation", "accepted", resource_share_invitation_arn, client_token)

    def reject_resource_share_invitation(
        self, *, resource_share_invitation_arn: str, client_token: str | None = None
    ) -> Answer:
        return self._answer("RejectResourceShareInvitation", "rejected", resource_share_invitation_arn, client_token)

    def _answer(self, operation: str, event: str, arn: str, client_token: str | None) -> Answer:
        def make() -> Answer:
            invitation = self.received(arn)
            sharing.answer(invitation, event)
            return {"resourceShareInvitation": views.invitation(invitation)}

        return self.once(operation, client_token, [arn], make)

    def enable_sharing_with_aws_organization(self) -> Answer:
        organization = organizations.organization_of(self.account_id)
        if organization is None or organization.management != self.account_id:
            raise OperationNotPermittedException(
                "Sharing with AWS Organizations can be enabled in the management account of an organization only."
            )
        organizations.enable_service_access(organization.id, "ram.amazonaws.com")
        _give_role(self.account_id)
        return {"returnValue": True}


def _give_role(account: str) -> None:
    """The service-linked role by which RAM reads the organization."""
    iam = iam_backends[account]["aws"]
    if any(role.name == _ROLE for role in iam.roles.values()):
        return
    statement = {"Effect": "Allow", "Principal": {"Service": "ram.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        role_name=_ROLE,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path="/aws-service-role/ram.amazonaws.com/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
        linked_service="ram.amazonaws.com",
    )


def _check_some(*named: Iterable[str]) -> None:
    if not any(list(names) for names in named):
        raise InvalidParameterException("Name at least one resource, principal or source.")


ram_backends = BackendDict(RamBackend, "ram")
