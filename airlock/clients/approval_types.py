"""What the approvals client answers: AWS's nouns as frozen dataclasses. Missing text is ""; a missing time is None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class IdentitySource:
    """The Identity Center instance that an account's approvers come from."""

    arn: str
    status: str
    status_code: str
    status_message: str
    portal_url: str
    instance_arn: str
    region: str

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "IdentitySource":
        center = answer.get("IdentitySourceParameters", {}).get("IamIdentityCenter", {})
        return cls(
            arn=answer["IdentitySourceArn"],
            status=answer.get("Status", ""),
            status_code=answer.get("StatusCode", ""),
            status_message=answer.get("StatusMessage", ""),
            portal_url=center.get("ApprovalPortalUrl", ""),
            instance_arn=center.get("InstanceArn", ""),
            region=center.get("Region", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Member:
    """One approver of a team, by the user id of Identity Center."""

    identity_id: str
    identity_source_arn: str
    status: str
    approver_id: str
    last_activity: str
    last_activity_time: datetime | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Member":
        return cls(
            identity_id=answer["PrimaryIdentityId"],
            identity_source_arn=answer.get("PrimaryIdentitySourceArn", ""),
            status=answer.get("PrimaryIdentityStatus", ""),
            approver_id=answer.get("ApproverId", ""),
            last_activity=answer.get("LastActivity", ""),
            last_activity_time=answer.get("LastActivityTime"),
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A change of a team that is under vote, waits for new people, or failed and was not deleted."""

    version_id: str
    description: str
    threshold: int
    members: tuple[Member, ...]
    status: str
    status_code: str

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Draft":
        return cls(
            version_id=answer.get("VersionId", ""),
            description=answer.get("Description", ""),
            threshold=_threshold(answer),
            members=tuple(Member.read(item) for item in answer.get("Approvers", [])),
            status=answer.get("Status", ""),
            status_code=answer.get("StatusCode", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Team:
    """An approval team as GetApprovalTeam shows it."""

    arn: str
    name: str
    description: str
    threshold: int
    members: tuple[Member, ...]
    status: str
    status_code: str
    status_message: str
    version_id: str
    update_session_arn: str
    created: datetime | None
    draft: Draft | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Team":
        pending = answer.get("PendingUpdate")
        return cls(
            arn=answer["Arn"],
            name=answer.get("Name", ""),
            description=answer.get("Description", ""),
            threshold=_threshold(answer),
            members=tuple(Member.read(item) for item in answer.get("Approvers", [])),
            status=answer.get("Status", ""),
            status_code=answer.get("StatusCode", ""),
            status_message=answer.get("StatusMessage", ""),
            version_id=answer.get("VersionId", ""),
            update_session_arn=answer.get("UpdateSessionArn", ""),
            created=answer.get("CreationTime"),
            draft=Draft.read(pending) if pending else None,
        )


@dataclass(frozen=True, kw_only=True)
class TeamSummary:
    """A line of ListApprovalTeams."""

    arn: str
    name: str
    status: str
    status_code: str

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "TeamSummary":
        return cls(
            arn=answer["Arn"],
            name=answer.get("Name", ""),
            status=answer.get("Status", ""),
            status_code=answer.get("StatusCode", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One approver's answer in a session: APPROVED, REJECTED or NO_RESPONSE."""

    identity_id: str
    response: str
    time: datetime | None


@dataclass(frozen=True, kw_only=True)
class Session:
    """A vote of a team on one request."""

    arn: str
    team_arn: str
    action: str
    protected_resource_arn: str
    status: str
    status_code: str
    execution_status: str
    threshold: int
    approvers: int
    initiated: datetime | None
    expires: datetime | None
    completed: datetime | None
    requester_account: str
    requester_principal: str
    votes: tuple[Vote, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Session":
        return cls(
            arn=answer["SessionArn"],
            team_arn=answer.get("ApprovalTeamArn", ""),
            action=answer.get("ActionName", ""),
            protected_resource_arn=answer.get("ProtectedResourceArn", ""),
            status=answer.get("Status", ""),
            status_code=answer.get("StatusCode", ""),
            execution_status=answer.get("ExecutionStatus", ""),
            threshold=_threshold(answer),
            approvers=int(answer.get("NumberOfApprovers", 0)),
            initiated=answer.get("InitiationTime"),
            expires=answer.get("ExpirationTime"),
            completed=answer.get("CompletionTime"),
            requester_account=answer.get("RequesterAccountId", ""),
            requester_principal=answer.get("RequesterPrincipalArn", ""),
            votes=tuple(
                Vote(identity_id=item.get("IdentityId", ""), response=item["Response"], time=item.get("ResponseTime"))
                for item in answer.get("ApproverResponses", [])
            ),
            metadata=dict(answer.get("Metadata", {})),
        )


def _threshold(answer: Mapping[str, Any]) -> int:
    return int(answer.get("ApprovalStrategy", {}).get("MofN", {}).get("MinApprovalsRequired", 0))
