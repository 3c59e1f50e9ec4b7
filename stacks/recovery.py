"""The account that holds the second key: identity source, approval teams, and who may name them."""

from airlock.domain.names import TEAM_REGION
from airlock.estate import Estate
from components.approval_quorum import ApprovalQuorum, ApprovalQuorumArgs, TeamSpec
from components.team_sharing import TeamSharing, TeamSharingArgs
from stacks.accounts import account_options
from stacks.contracts import RecoveryContract, SharedTeam
from stacks.settings import Settings


def compose(settings: Settings) -> RecoveryContract:
    """The teams of the topology, each shared with the accounts whose vaults it opens and with the landing account."""
    estate = settings.estate
    opts = account_options(settings)
    center = estate.organization(estate.recovery_side).identity_center
    quorum = ApprovalQuorum(
        "quorum",
        ApprovalQuorumArgs(
            connection=settings.connection(TEAM_REGION),
            identity_center_region=center.region if center else TEAM_REGION,
            instance_arn=center.instance_arn if center else None,
            teams={
                name: TeamSpec(
                    description=team.description,
                    threshold=team.threshold,
                    approvers=tuple(person.user for person in team.approvers),
                )
                for name, team in estate.teams.items()
            },
        ),
        opts,
    )
    shares = {
        name: TeamSharing(
            f"{name}-share",
            TeamSharingArgs(
                share_name=f"airlock-team-{name}",
                team_arn=team.id,
                account_ids=consumers(estate, name),
                outside_organization=estate.pattern == "cross-organization",
            ),
            opts,
        )
        for name, team in quorum.teams.items()
    }
    return RecoveryContract(
        # Ids, not other outputs: they stay known while people are still deciding.
        teams={name: SharedTeam(arn=team.id, share_arn=shares[name].share_arn) for name, team in quorum.teams.items()},
        identity_source_arn=quorum.identity_source.id,
        portal_url=quorum.portal_url,
    )


def consumers(estate: Estate, team: str) -> dict[str, str]:
    """Who has to see a team: the owners of the vaults under it, and the account that asks it for access."""
    owners = {held.vault_account for held in estate.data_classes.values() if held.team == team}
    return {key: estate.account(key).id for key in sorted({*owners, estate.roles.landing})}
