"""What every operation starts from: one account, and which teams and sessions it may see or change."""

import hashlib
from typing import Any

from moto.core.base_backend import BaseBackend

from emulator.protocol import paging

from . import ownership, sharing, state
from .arns import account_in
from .exceptions import AccessDeniedException, ResourceNotFoundException, ValidationException
from .sessions import Session
from .state import AccountState
from .teams import Team

Answer = dict[str, Any]
LARGEST_PAGE = 20


class MpaAccount(BaseBackend):
    """The state of one account, and the checks that all operations share."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.state = AccountState()

    def own_team(self, arn: str) -> Team:
        if account_in(arn) != self.account_id:
            if sharing.is_shared_with(arn, self.account_id):
                raise AccessDeniedException(f"{arn} is shared with account {self.account_id}, which may only read it.")
            raise ownership.foreign(self.account_id, arn)
        return self._team(arn)

    def readable_team(self, arn: str) -> Team:
        self._check_reads(arn)
        return self._team(arn)

    def _team(self, arn: str) -> Team:
        found = state.find_team(arn)
        if found is None:
            raise ResourceNotFoundException(f"There is no approval team {arn}.")
        return found

    def readable_session(self, arn: str) -> Session:
        team_arn = arn.replace(":session/", ":approval-team/").rpartition("/")[0]
        self._check_reads(team_arn)
        found = state.find_session(arn)
        if found is None:
            raise ResourceNotFoundException(f"There is no session {arn}.")
        return found

    def _check_reads(self, team_arn: str) -> None:
        """A team and its sessions are read by their owner and by accounts that the team is shared with."""
        if account_in(team_arn) != self.account_id and not sharing.is_shared_with(team_arn, self.account_id):
            raise ownership.foreign(self.account_id, team_arn)

    @staticmethod
    def page(member: str, shown: list[Any], max_results: int | None, next_token: str | None, what: str = "") -> Answer:
        """One page. `what` tells lists of the same members apart: a token goes on with its own list only."""
        listing = f"{member}|{hashlib.sha256(what.encode()).hexdigest()[:16]}"
        try:
            chosen, token = paging.page(shown, listing, max_results or LARGEST_PAGE, next_token)
        except ValueError as error:
            raise ValidationException(str(error)) from error
        return {member: chosen, "NextToken": token}
