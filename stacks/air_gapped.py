"""Air-gapped vaults as two roles deploy them: generations, intake, approval by a team, a share for restore tests."""

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi

from airlock.domain.names import TEAM_REGION
from airlock.estate.models import DataClass, Vault
from components.isolated_vault import IsolatedVault, IsolatedVaultArgs
from components.vault_approval import ApprovedVault, VaultApprovals, VaultApprovalsArgs
from components.vault_intake import VaultIntake, VaultIntakeArgs
from components.vault_sharing import VaultSharing, VaultSharingArgs
from stacks.contracts import RecoveryContract
from stacks.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One vault of a data class, as the topology names it."""

    class_name: str
    data_class: DataClass
    vault: Vault
    region: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """A generation that was made, and where it is shown."""

    generation: Generation
    vault: IsolatedVault
    sharing: VaultSharing

    def export(self) -> dict[str, pulumi.Input[str]]:
        """As a contract carries it."""
        return {
            "name": self.generation.vault.name,
            "arn": self.vault.arn,
            "share_arn": self.sharing.share_arn,
        }


def generations(settings: Settings, class_names: Iterable[str], region: str | None = None) -> list[Generation]:
    """What the topology asks for, oldest first; with a Region only the vaults in it."""
    estate = settings.estate
    return [
        Generation(class_name=name, data_class=estate.data_classes[name], vault=vault, region=estate.region_of(vault))
        for name in class_names
        for vault in estate.vaults(name, region)
    ]


def teams_of(wanted: list[Generation]) -> list[str]:
    """The teams that these vaults are put under."""
    return sorted({generation.data_class.team for generation in wanted})


def compose_vaults(
    settings: Settings, wanted: list[Generation], recovery: RecoveryContract, opts: pulumi.ResourceOptions
) -> list[Held]:
    """Makes the vaults and puts each under the team of its data class."""
    held = [_make(settings, generation, opts) for generation in wanted]
    for team in teams_of(wanted):
        of_team = [one for one in held if one.generation.data_class.team == team]
        _approve(settings, team, of_team, recovery, opts)
    return held


def _make(settings: Settings, generation: Generation, opts: pulumi.ResourceOptions) -> Held:
    estate, spec, region = settings.estate, generation.vault, generation.region
    vault = IsolatedVault(
        spec.name,
        IsolatedVaultArgs(
            vault_name=spec.name,
            data_class=generation.class_name,
            region=region,
            min_retention_days=spec.min_retention_days,
            max_retention_days=spec.max_retention_days,
        ),
        opts,
    )
    foreign = [key for key in generation.data_class.sources if key != settings.account_key]
    if foreign:
        sources = tuple(estate.account(key).id for key in foreign)
        VaultIntake(
            f"{spec.name}-intake",
            VaultIntakeArgs(vault_name=vault.vault_name, region=region, source_account_ids=sources),
            opts,
        )
    sharing = VaultSharing(
        f"{spec.name}-forensic",
        VaultSharingArgs(
            share_name=f"airlock-{spec.name}",
            vault_arn=vault.arn,
            region=region,
            account_ids=(estate.account(estate.roles.forensic).id,),
        ),
        opts,
    )
    return Held(generation=generation, vault=vault, sharing=sharing)


def _approve(
    settings: Settings, team: str, held: list[Held], recovery: RecoveryContract, opts: pulumi.ResourceOptions
) -> None:
    shared = recovery.team(team)
    VaultApprovals(
        team,
        VaultApprovalsArgs(
            team_arn=shared.arn,
            share_arn=shared.share_arn,
            share_owner_account_id=settings.estate.recovery_account.id,
            team_connection=settings.connection(TEAM_REGION),
            vaults=tuple(
                ApprovedVault(
                    vault_name=one.generation.vault.name,
                    vault_arn=one.vault.arn,
                    connection=settings.connection(one.generation.region),
                )
                for one in held
            ),
        ),
        opts,
    )
