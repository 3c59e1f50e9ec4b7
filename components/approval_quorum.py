"""The people who hold the second key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi

from airlock.domain import quorum
from airlock.domain.connection import Connection
from airlock.providers.approval_team import ApprovalTeam, ApprovalTeamArgs
from airlock.providers.identity_source import IdentitySource, IdentitySourceArgs
from components.checks import at_least_one, refuse
from components.ownership import owner


@dataclass(frozen=True, kw_only=True)
class TeamSpec:
    """M of N people, by their user names."""

    description: str
    threshold: int
    approvers: tuple[str, ...]
    desired: Literal["present", "absent"] = "present"
    # Only after a team vanished: a new one means new invitations, and no vault knows it.
    recreate: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalQuorumArgs:
    """Where the people sign in, and the teams that they form."""

    connection: Connection
    identity_center_region: str
    instance_arn: str | None
    teams: Mapping[str, TeamSpec]

    def __post_init__(self) -> None:
        at_least_one("The quorum", "team", self.teams)
        for name, team in self.teams.items():
            for item in quorum.problems(team.threshold, len(team.approvers)):
                refuse(f"Team `{name}`", f"{item.problem}; {item.fix}")


class ApprovalQuorum(pulumi.ComponentResource):
    """The identity source of the account and its approval teams. A deployment never waits for the people.

    Refuses: teams that AWS refuses, and a threshold that one absent person can block.
    If deleted: refused while a team exists. Set `desired` to `absent`, deploy, and wait for the team's own vote.
    """

    identity_source: IdentitySource
    teams: dict[str, ApprovalTeam]
    portal_url: pulumi.Output[str]

    def __init__(self, name: str, args: ApprovalQuorumArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:ApprovalQuorum", name, None, opts)
        self.identity_source = IdentitySource(
            f"{name}-identity-source",
            IdentitySourceArgs(
                connection=args.connection.to_dict(),
                identity_center_region=args.identity_center_region,
                instance_arn=args.instance_arn,
                owner=owner(f"{name}-identity-source"),
            ),
            pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.teams = {team: self._make_team(team, spec, args) for team, spec in args.teams.items()}
        self.portal_url = self.identity_source.portal_url
        self.register_outputs({})

    def _make_team(self, name: str, spec: TeamSpec, args: ApprovalQuorumArgs) -> ApprovalTeam:
        return ApprovalTeam(
            name,
            ApprovalTeamArgs(
                connection=args.connection.to_dict(),
                name=name,
                description=spec.description,
                threshold=spec.threshold,
                approvers=list(spec.approvers),
                identity_source_arn=self.identity_source.id,
                identity_center_region=args.identity_center_region,
                owner=owner(name),
                desired=spec.desired,
                recreate=spec.recreate,
            ),
            # A team that vanished is replaced in this run, which the engine refuses for a protected one.
            pulumi.ResourceOptions(parent=self, protect=not spec.recreate),
        )
