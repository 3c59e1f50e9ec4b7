"""What every operation starts from: one account in one Region, and what it may see and change."""

from collections.abc import Callable, Sequence
from typing import Any

from moto.core.base_backend import BaseBackend

from emulator.protocol import paging

from . import access, state, tokens
from .exceptions import InvalidNextTokenException, ResourceShareInvitationArnNotFoundException, UnknownResourceException
from .shares import Invitation, Share
from .state import RegionState

LARGEST_PAGE = 500


class RamAccount(BaseBackend):
    """The state of one account in one Region, and the checks that all operations share."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.state = RegionState()

    def own(self, arn: str, live: bool = True) -> Share:
        """A share of this account in this Region (`live`: one that is not deleted)."""
        share = state.find_share(arn)
        if share.owner != self.account_id or share.region != self.region_name:
            raise UnknownResourceException(f"Resource share {arn} could not be found in {self.region_name}.")
        if live and share.status != "ACTIVE":
            raise UnknownResourceException(f"Resource share {arn} is {share.status}.")
        return share

    def received(self, arn: str) -> Invitation:
        """An invitation that this account received in this Region."""
        invitation = state.find_invitation(arn)
        if invitation is None or invitation.receiver != self.account_id or f":{self.region_name}:" not in arn:
            raise ResourceShareInvitationArnNotFoundException(
                f"Invitation {arn} could not be found for account {self.account_id} in {self.region_name}."
            )
        return invitation

    def visible(self, resource_owner: str) -> list[Share]:
        """The shares that this account owns, or those of others that reach it."""
        if resource_owner == "SELF":
            return [one for one in self.state.shares.values() if access.is_shown(one.status == "ACTIVE", one.updated)]
        return [
            share
            for share in state.shares(self.region_name)
            if share.owner != self.account_id and access.has_access(share, self.account_id)
        ]

    def once(
        self, operation: str, token: str | None, asked: list[Any], make: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """Do it, or give the earlier answer when this client token came before with the same request."""
        return tokens.once(self.state, operation, token, asked, make)

    @staticmethod
    def page(items: Sequence[Any], member: str, max_results: int | None, next_token: str | None) -> dict[str, Any]:
        """One page as an answer with the member `member`, and nextToken while there is more."""
        try:
            chosen, token = paging.page(items, member, max_results or LARGEST_PAGE, next_token)
        except ValueError as error:
            raise InvalidNextTokenException(str(error)) from error
        return {member: chosen} if token is None else {member: chosen, "nextToken": token}
