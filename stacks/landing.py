"""The landing account: who asks for access on the worst day, and where the data comes back."""

from airlock.domain.names import TEAM_REGION
from components.accepted_share import AcceptedShare, AcceptedShareArgs, Share
from components.recovery_landing import RecoveryLanding, RecoveryLandingArgs
from stacks.accounts import account_options
from stacks.contracts import LandingContract, RecoveryContract
from stacks.former_names import formerly
from stacks.settings import Settings
from stacks.upstream import Upstreams


def compose(settings: Settings) -> LandingContract:
    """Accepts the teams, so that they can be asked; the requester and restore roles; the key for what is restored."""
    estate = settings.estate
    recovery = Upstreams(settings).one("recovery", RecoveryContract, holds=estate.teams)
    opts = account_options(settings)
    teams = {name: recovery.teams[name] for name in sorted(estate.teams)}
    shares = {
        f"team-{name}": Share(
            connection=settings.connection(TEAM_REGION),
            share_arn=team.share_arn,
            resource_arn=team.arn,
            owner_account_id=estate.recovery_account.id,
            # Teams and landing account are in the same hands, so a lapsed invitation can be made anew.
            owner_connection=estate.connection(estate.recovery_account.key, TEAM_REGION),
        )
        for name, team in teams.items()
    }
    AcceptedShare("teams", AcceptedShareArgs(shares=shares), formerly(next(iter(shares)), opts))
    landing = RecoveryLanding(
        "landing", RecoveryLandingArgs(account_id=settings.account.id, region=settings.region), opts
    )
    return LandingContract(
        requester_role_arn=landing.requester_role_arn,
        restore_role_arn=landing.restore_role_arn,
        kms_key_arn=landing.kms_key_arn,
    )
