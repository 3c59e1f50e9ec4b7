"""Multi-party approval: identity source, teams, sessions. All of it is in one Region, whatever the connection says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from airlock.clients.approval_types import Draft, IdentitySource, Member, Session, Team, TeamSummary, Vote
from airlock.clients.sessions import client
from airlock.clients.translate import needs
from airlock.domain.connection import Connection
from airlock.domain.names import TEAM_REGION

# The one policy that AWS publishes for backup vaults; the default version keeps up with the service.
BACKUP_POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"


class Approvals:
    """The `mpa` API of one account."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def _mpa(self) -> Any:
        return client(self.connection, "mpa", TEAM_REGION)

    def _pages(self, operation: str, key: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        for page in self._mpa.get_paginator(operation).paginate(**arguments):
            yield from page.get(key, [])

    # Identity source

    @needs("mpa:CreateIdentitySource", "mpa:TagResource", "sso:CreateApplication", "sso:DescribeInstance")
    def create_identity_source(self, instance_arn: str, region: str, token: str, tags: Mapping[str, str]) -> str:
        """Connects the Identity Center instance; returns the ARN of the identity source."""
        parameters = {"IamIdentityCenter": {"InstanceArn": instance_arn, "Region": region}}
        answer = self._mpa.create_identity_source(
            IdentitySourceParameters=parameters, ClientToken=token, Tags=dict(tags)
        )
        return str(answer["IdentitySourceArn"])

    @needs("mpa:GetIdentitySource")
    def get_identity_source(self, arn: str) -> IdentitySource:
        """NotFound if it is gone."""
        return IdentitySource.read(self._mpa.get_identity_source(IdentitySourceArn=arn))

    @needs("mpa:ListIdentitySources")
    def list_identity_sources(self) -> list[str]:
        """The ARNs of this account's identity sources; AWS allows one."""
        return [str(item["IdentitySourceArn"]) for item in self._pages("list_identity_sources", "IdentitySources")]

    # Teams

    @needs("mpa:CreateApprovalTeam", "mpa:TagResource")
    def create_team(
        self,
        *,
        name: str,
        description: str,
        threshold: int,
        approver_ids: Sequence[str],
        identity_source_arn: str,
        token: str,
        tags: Mapping[str, str],
    ) -> str:
        """Invites everybody; returns the ARN of a team that is not active before all of them accepted."""
        answer = self._mpa.create_approval_team(
            Name=name,
            Description=description,
            ApprovalStrategy=_m_of_n(threshold),
            Approvers=_members(approver_ids, identity_source_arn),
            Policies=[{"PolicyArn": BACKUP_POLICY}],
            ClientToken=token,
            Tags=dict(tags),
        )
        return str(answer["Arn"])

    @needs("mpa:UpdateApprovalTeam")
    def update_team(
        self, arn: str, *, description: str, threshold: int, approver_ids: Sequence[str], identity_source_arn: str
    ) -> None:
        """Opens a vote of the current team; on an inactive team it invites anew. Conflict while one is in flight."""
        self._mpa.update_approval_team(
            Arn=arn,
            Description=description,
            ApprovalStrategy=_m_of_n(threshold),
            Approvers=_members(approver_ids, identity_source_arn),
        )

    @needs("mpa:GetApprovalTeam")
    def get_team(self, arn: str) -> Team:
        """NotFound if it is gone, or not shared with this account."""
        return Team.read(self._mpa.get_approval_team(Arn=arn))

    @needs("mpa:ListApprovalTeams")
    def list_teams(self) -> list[TeamSummary]:
        """Every team that this account owns or that is shared with it."""
        return [TeamSummary.read(item) for item in self._pages("list_approval_teams", "ApprovalTeams")]

    @needs("mpa:StartActiveApprovalTeamDeletion")
    def start_team_deletion(self, arn: str) -> None:
        """Opens a vote of the team on its own removal."""
        self._mpa.start_active_approval_team_deletion(Arn=arn)

    @needs("mpa:DeleteInactiveApprovalTeamVersion")
    def delete_inactive_version(self, arn: str, version_id: str) -> None:
        """Removes a team that never became active, or a failed draft; no vote."""
        self._mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=version_id)

    @needs("mpa:StartApprovalTeamBaseline")
    def start_baseline(self, arn: str, approver_ids: Sequence[str] = ()) -> str:
        """Opens a practice session for the named approvers, or for all; returns its ARN."""
        chosen = {"ApproverIds": list(approver_ids)} if approver_ids else {}
        return str(self._mpa.start_approval_team_baseline(Arn=arn, **chosen).get("BaselineSessionArn", ""))

    # Sessions

    @needs("mpa:GetSession")
    def get_session(self, arn: str) -> Session:
        """The session with every vote."""
        return Session.read(self._mpa.get_session(SessionArn=arn))

    @needs("mpa:ListSessions")
    def list_sessions(self, team_arn: str, *, status: str | None = None) -> list[Session]:
        """The sessions of a team without their votes, as AWS orders them."""
        filters = [{"FieldName": "SessionStatus", "Operator": "EQ", "Value": status}] if status else []
        chosen: dict[str, Any] = {"Filters": filters} if filters else {}
        pages = self._pages("list_sessions", "Sessions", ApprovalTeamArn=team_arn, **chosen)
        return [Session.read(item) for item in pages]

    # Tags

    @needs("mpa:ListTagsForResource")
    def tags(self, arn: str) -> dict[str, str]:
        """The tags of a team or identity source."""
        return dict(self._mpa.list_tags_for_resource(ResourceArn=arn).get("Tags", {}))

    @needs("mpa:TagResource")
    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Adds or replaces tags."""
        self._mpa.tag_resource(ResourceArn=arn, Tags=dict(tags))


def _m_of_n(threshold: int) -> dict[str, Any]:
    return {"MofN": {"MinApprovalsRequired": threshold}}


def _members(approver_ids: Sequence[str], identity_source_arn: str) -> list[dict[str, str]]:
    return [
        {"PrimaryIdentityId": approver_id, "PrimaryIdentitySourceArn": identity_source_arn}
        for approver_id in approver_ids
    ]


__all__ = ["Approvals", "Draft", "IdentitySource", "Member", "Session", "Team", "TeamSummary", "Vote"]
