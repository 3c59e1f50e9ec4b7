"""The vault account: the air-gapped vaults of one data class in one Region, fed by copies from other accounts."""

from stacks.accounts import account_options
from stacks.air_gapped import compose_vaults, generations_of, teams_of
from stacks.contracts import RecoveryContract, VaultContract
from stacks.settings import Settings
from stacks.upstream import Upstreams


def compose(settings: Settings) -> VaultContract:
    """All generations of the data class, open for copies of its sources, each under its team."""
    generations = generations_of(settings, [settings.data_class], settings.region)
    recovery = Upstreams(settings).one("recovery", RecoveryContract, holds=teams_of(generations))
    vaults = compose_vaults(settings, generations, recovery, account_options(settings))
    return VaultContract(data_class=settings.data_class, vaults=[vault.export() for vault in vaults])
