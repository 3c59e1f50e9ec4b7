"""Multi-party approval of one account, and what other services and people may ask of it.

`MpaBackend` has one method per operation of the API. Below it stand the functions for the integrating service (AWS
Backup starts sessions), for the control interface and for the approval portal (invitations and votes).
"""

from datetime import timedelta
from typing import Any

from moto.core.base_backend import BackendDict

from emulator.world import clock

from . import changes, identities, lifecycle, reports, state, tagging, tokens, views, voting
from .arns import REGION
from .catalogue import Catalogue
from .exceptions import ConflictException, ValidationException
from .people import answer_invitation, invitations_for, sessions_for, teams_for, vote
from .session_operations import SessionOperations
from .sessions import Request, Session
from .teams import Team
from .voting import register_executor

__all__ = [
    "MpaBackend",
    "answer_invitation",
    "configuration_changed",
    "invitations_for",
    "mpa_backends",
    "register_executor",
    "session",
    "sessions_for",
    "start_session",
    "team",
    "teams_for",
    "vote",
]

Answer = dict[str, Any]


class MpaBackend(SessionOperations, Catalogue):
    """The 22 operations, as one account calls them."""

    # Identity sources

    def create_identity_source(
        self,
        *,
        identity_source_parameters: Answer,
        client_token: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> Answer:
        center = identity_source_parameters.get("IamIdentityCenter")
        if center is None:
            raise ValidationException("IdentitySourceParameters must name an IamIdentityCenter instance.")
        tagging.check_new(tags or {})
        asked = {"parameters": identity_source_parameters, "tags": tags}
        arn = tokens.once(
            self.account_id,
            "CreateIdentitySource",
            client_token,
            asked,
            lambda: self._new_source(center, tags or {}),
            ValidationException,
        )
        source = identities.get(self.account_id, arn)
        return {
            "IdentitySourceType": "IAM_IDENTITY_CENTER",
            "IdentitySourceArn": arn,
            "CreationTime": source.created,
        }

    def _new_source(self, center: dict[str, str], tags: dict[str, str]) -> str:
        source = identities.create(self.account_id, center["InstanceArn"], center["Region"], tags)
        reports.begin(self.account_id, source.created)
        return source.arn

    def get_identity_source(self, *, identity_source_arn: str, portal_url: str) -> Answer:
        return views.identity_source(identities.get(self.account_id, identity_source_arn), portal_url)

    def list_identity_sources(
        self, *, portal_url: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        source = self.state.identity_source
        shown = [views.identity_source(source, portal_url)] if source else []
        return self.page("IdentitySources", shown, max_results, next_token)

    def delete_identity_source(self, *, identity_source_arn: str) -> None:
        identities.delete(self.account_id, identity_source_arn)

    # Approval teams

    def create_approval_team(
        self,
        *,
        name: str,
        description: str,
        approval_strategy: Answer,
        approvers: list[dict[str, str]],
        policies: list[dict[str, str]],
        client_token: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> Answer:
        threshold = approval_strategy["MofN"]["MinApprovalsRequired"]
        attached = [policy["PolicyArn"] for policy in policies]
        tagging.check_new(tags or {})
        asked = [name, description, threshold, approvers, attached, tags]
        arn = tokens.once(
            self.account_id,
            "CreateApprovalTeam",
            client_token,
            {"request": asked},
            lambda: (
                lifecycle.create(self.account_id, name, description, threshold, approvers, attached, tags or {}).arn
            ),
            ConflictException,
        )
        made = self.own_team(arn)
        return {
            "CreationTime": made.created,
            "Arn": arn,
            "Name": made.name,
            "VersionId": made.version.version_id,
        }

    def get_approval_team(self, *, arn: str) -> Answer:
        departing = self.state.departing.pop(arn, None)
        return views.team(departing if isinstance(departing, Team) else self.readable_team(arn))

    def list_approval_teams(self, *, max_results: int | None = None, next_token: str | None = None) -> Answer:
        answer = self.page("ApprovalTeams", list(self.state.teams.values()), max_results, next_token)
        return {**answer, "ApprovalTeams": [views.team_summary(team) for team in answer["ApprovalTeams"]]}

    def update_approval_team(
        self,
        *,
        arn: str,
        approval_strategy: Answer | None = None,
        approvers: list[dict[str, str]] | None = None,
        description: str | None = None,
        update_actions: list[str] | None = None,
    ) -> Answer:
        found = self.own_team(arn)
        if approval_strategy is None and approvers is None and description is None and not update_actions:
            raise ValidationException("Nothing to update: name a description, approvers, a strategy or an action.")
        if update_actions:
            for person in found.version.approvers:
                identities.synchronize(person)
            voting.send_missing_codes(found)
        if approval_strategy is None and approvers is None and description is None:
            return {"VersionId": found.version.version_id}
        threshold = approval_strategy["MofN"]["MinApprovalsRequired"] if approval_strategy else found.version.threshold
        version_id = changes.update(
            found, description or found.version.description, threshold, approvers or found.version.as_request()
        )
        return {"VersionId": version_id}

    def start_active_approval_team_deletion(self, *, arn: str, pending_window_days: int | None = None) -> Answer:
        found, days = self.own_team(arn), changes.pending_days(pending_window_days)
        changes.start_deletion(found, days)
        answer: Answer = {"DeletionStartTime": clock.now()}
        if days:
            answer["DeletionCompletionTime"] = clock.now() + timedelta(days=days)
        return answer

    def delete_inactive_approval_team_version(self, *, arn: str, version_id: str) -> None:
        changes.delete_inactive_version(self.own_team(arn), version_id)

    def start_approval_team_baseline(self, *, arn: str, approver_ids: list[str] | None = None) -> Answer:
        return {"BaselineSessionArn": changes.start_baseline(self.own_team(arn), approver_ids or []).arn}


mpa_backends = BackendDict(MpaBackend, "mpa", use_boto3_regions=False, additional_regions=[REGION])


# For the integrating service


def start_session(
    *,
    team_arn: str,
    action_name: str,
    protected_resource_arn: str,
    requester_account: str,
    requester_principal: str,
    requester_region: str,
    comment: str,
    description: str,
    service_principal: str = "backup.amazonaws.com",
    metadata: dict[str, str] | None = None,
    executor: str,
    payload: dict[str, str],
) -> str:
    """Put a request to the vote of a team; returns the session's ARN. LookupError without the team, ValueError unless
    it is active."""
    found = state.find_team(team_arn)
    if found is None:
        raise LookupError(f"There is no approval team {team_arn}.")
    if found.status != "ACTIVE":
        raise ValueError(f"Approval team {found.name} is {found.state}. Only an active team can vote.")
    request = Request(
        action_name=action_name,
        protected_resource_arn=protected_resource_arn,
        requester_account=requester_account,
        requester_principal=requester_principal,
        requester_region=requester_region,
        comment=comment,
        description=description,
        service_principal=service_principal,
        executor=executor,
        metadata=dict(metadata or {}),
        payload=dict(payload),
    )
    return voting.start(found, request).arn


def configuration_changed(protected_resource_arn: str) -> None:
    """End the pending sessions about a resource whose association changed: nobody may approve under new conditions."""
    voting.end_pending(protected_resource_arn, "The protected resource was configured anew.")


def team(team_arn: str) -> Team | None:
    """A team by its ARN: `.status`, `.owner_account`, `.name`; None when there is none (any more)."""
    return state.find_team(team_arn)


def session(session_arn: str) -> Session | None:
    """A session by its ARN: `.status`, `.state.code`, `.payload`, `.request`; None when there is none."""
    return state.find_session(session_arn)
