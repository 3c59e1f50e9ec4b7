"""The operations on sessions: read, list, cancel. Nobody votes by API."""

import json

from . import filters, state, views, voting
from .account import Answer, MpaAccount
from .arns import account_in
from .exceptions import AccessDeniedException, ConflictException
from .teams import Team

REVOKE = "backup:RevokeRestoreAccessBackupVault"
OWN_ACTIONS = ("mpa:UpdateApprovalTeam", "mpa:StartActiveApprovalTeamDeletion")


class SessionOperations(MpaAccount):
    """GetSession, ListSessions and CancelSession."""

    def get_session(self, *, session_arn: str) -> Answer:
        return views.session(self.readable_session(session_arn))

    def list_sessions(
        self,
        *,
        approval_team_arn: str,
        filters: list[dict[str, str]] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        found = self.readable_team(approval_team_arn)
        shown = _filtered(found, filters or [])
        what = json.dumps([approval_team_arn, filters])
        return self.page("Sessions", shown, max_results, next_token, what)

    def cancel_session(self, *, session_arn: str) -> None:
        found = self.readable_session(session_arn)
        asked = found.request
        owner = account_in(found.team_arn) == self.account_id
        revoker = asked.action_name == REVOKE and account_in(asked.protected_resource_arn) == self.account_id
        if not revoker and not (owner and asked.action_name in OWN_ACTIONS):
            raise AccessDeniedException(
                f"A session for {asked.action_name} cannot be cancelled by account {self.account_id}: only the "
                "update or deletion of a team can, by its owner, and the revocation of access, by the vault's owner."
            )
        if not found.is_open:
            raise ConflictException(f"Session {found.arn} is {found.state}. Only a pending session can be cancelled.")
        voting.conclude(found, "CANCELLED", "Cancelled by a user.")


def _filtered(team: Team, wanted: list[dict[str, str]]) -> list[Answer]:
    """Summaries of a team's sessions that pass every filter, the newest first."""
    filters.check(wanted)
    sessions = [s for s in state.of(team.owner_account).sessions.values() if s.team_arn == team.arn]
    shown = [(session, views.session_summary(session)) for session in reversed(sessions)]
    return [summary for session, summary in shown if all(filters.matches(session, summary, one) for one in wanted)]
