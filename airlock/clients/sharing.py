"""RAM: shares, invitations and associations, in the one Region that a share's ARN names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from airlock.clients.sessions import client
from airlock.clients.translate import needs
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Share:
    """A resource share as this account sees it."""

    arn: str
    name: str
    status: str
    owner_account: str

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Share":
        return cls(
            arn=answer["resourceShareArn"],
            name=answer.get("name", ""),
            status=answer.get("status", ""),
            owner_account=answer.get("owningAccountId", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation: PENDING, ACCEPTED, REJECTED or EXPIRED."""

    arn: str
    share_arn: str
    status: str
    sent: datetime | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Invitation":
        return cls(
            arn=answer["resourceShareInvitationArn"],
            share_arn=answer.get("resourceShareArn", ""),
            status=answer.get("status", ""),
            sent=answer.get("invitationTimestamp"),
        )


class Sharing:
    """The `ram` API of one account in one Region."""

    def __init__(self, connection: Connection, region: str | None = None, patience: Patience | None = None) -> None:
        self.connection = connection
        self.region = region or connection.region
        self._patience = patience or Patience(seconds=60, every=2)

    @property
    def _ram(self) -> Any:
        return client(self.connection, "ram", self.region)

    @needs("ram:GetResourceShares")
    def received_share(self, share_arn: str) -> Share | None:
        """The active share if this account can use it; None if nothing was shared, or it was not accepted."""
        pages = self._ram.get_paginator("get_resource_shares").paginate(
            resourceOwner="OTHER-ACCOUNTS", resourceShareArns=[share_arn]
        )
        try:
            shares = [Share.read(item) for page in pages for item in page.get("resourceShares", [])]
        except self._ram.exceptions.UnknownResourceException:
            return None
        return next((share for share in shares if share.status == "ACTIVE"), None)

    @needs("ram:GetResourceShareInvitations")
    def invitations(self, share_arn: str) -> list[Invitation]:
        """Every invitation to the share that RAM still knows, newest first."""
        pages = self._ram.get_paginator("get_resource_share_invitations").paginate(resourceShareArns=[share_arn])
        try:
            invitations = [Invitation.read(item) for page in pages for item in page.get("resourceShareInvitations", [])]
        except self._ram.exceptions.UnknownResourceException:
            return []
        return sorted(
            invitations, key=lambda invitation: invitation.sent.timestamp() if invitation.sent else 0.0, reverse=True
        )

    @needs("ram:AcceptResourceShareInvitation")
    def accept(self, invitation_arn: str, token: str) -> None:
        """Accepting what is accepted already is fine."""
        try:
            self._ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation_arn, clientToken=token)
        except self._ram.exceptions.ResourceShareInvitationAlreadyAcceptedException:
            return

    @needs("ram:GetResourceShareAssociations")
    def principal_status(self, share_arn: str, principal: str) -> str:
        """From the owner's side: how the association of an account stands; "" if there is none."""
        pages = self._ram.get_paginator("get_resource_share_associations").paginate(
            associationType="PRINCIPAL", resourceShareArns=[share_arn], principal=principal
        )
        states = [item.get("status", "") for page in pages for item in page.get("resourceShareAssociations", [])]
        return next((state for state in states if state != "DISASSOCIATED"), "")

    @needs("ram:GetResourceShareAssociations", "ram:DisassociateResourceShare", "ram:AssociateResourceShare")
    def invite_again(self, share_arn: str, principal: str) -> None:
        """From the owner's side: a lapsed invitation is renewed by making the association of the account anew."""
        if self.principal_status(share_arn, principal):
            self._ram.disassociate_resource_share(resourceShareArn=share_arn, principals=[principal])
            self._patience.until(
                lambda: self.principal_status(share_arn, principal),
                lambda status: status in {"", "DISASSOCIATED"},
                f"account {principal} is taken off the share {share_arn}",
            )
        self._ram.associate_resource_share(resourceShareArn=share_arn, principals=[principal])

    @needs("ram:GetResourceShareInvitations")
    def wait_for_invitation(self, share_arn: str) -> Invitation:
        """A new invitation shows a moment after the owner made the association."""
        pending = self._patience.until(
            lambda: next(
                (invitation for invitation in self.invitations(share_arn) if invitation.status == "PENDING"), None
            ),
            lambda invitation: invitation is not None,
            f"an invitation to the share {share_arn} arrives in account {self.connection.account_id}",
        )
        if pending is None:
            raise NotFound(f"No invitation to the share {share_arn} arrived.")
        return pending
