"""Air-gapped vaults as two roles deploy them: generations, intake, approval by a team, a share for restore tests."""

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi

from airlock.domain.names import TEAM_REGION
from airlock.estate.models import DataClass, Vault
from components.isolated_vault import IsolatedVault, IsolatedVaultArgs, VaultSpec
from components.vault_approval import ApprovedVault, VaultApprovals, VaultApprovalsArgs
from components.vault_intake import OpenVault, VaultIntake, VaultIntakeArgs
from components.vault_sharing import VaultShare, VaultSharing, VaultSharingArgs
from stacks.contracts import RecoveryContract, SharedVault
from stacks.former_names import formerly
from stacks.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One vault of a data class, as the topology names it."""

    class_name: str
    data_class: DataClass
    vault: Vault
    region: str

    @property
    def name(self) -> str:
        """The vault's name, by which its resources are named too."""
        return self.vault.name


@dataclass(frozen=True, kw_only=True)
class DeployedVault:
    """A generation that the stack deploys, and the share in which others see it."""

    generation: Generation
    arn: pulumi.Output[str]
    share_arn: pulumi.Output[str]

    def export(self) -> SharedVault:
        """As a contract carries it."""
        return SharedVault(name=self.generation.name, arn=self.arn, share_arn=self.share_arn)


def generations_of(settings: Settings, class_names: Iterable[str], region: str | None = None) -> list[Generation]:
    """What the topology asks for, oldest first; with a Region only the vaults in it."""
    estate = settings.estate
    return [
        Generation(class_name=name, data_class=estate.data_classes[name], vault=vault, region=estate.region_of(vault))
        for name in class_names
        for vault in estate.vaults(name, region)
    ]


def teams_of(generations: list[Generation]) -> list[str]:
    """The teams that these vaults are put under."""
    return sorted({generation.data_class.team for generation in generations})


def compose_vaults(
    settings: Settings, generations: list[Generation], recovery: RecoveryContract, opts: pulumi.ResourceOptions
) -> list[DeployedVault]:
    """Makes the vaults and puts each under the team of its data class; one component of a kind stands for all."""
    if not generations:
        return []
    vaults = _isolate(generations, opts)
    _take_in(settings, generations, vaults, opts)
    shares = _share(settings, generations, vaults, opts)
    deployed = [
        DeployedVault(
            generation=generation,
            arn=vaults.vaults[generation.name].arn,
            share_arn=shares.shares[generation.name].arn,
        )
        for generation in generations
    ]
    for team in teams_of(generations):
        of_team = [vault for vault in deployed if vault.generation.data_class.team == team]
        _approve(settings, team, of_team, recovery, opts)
    return deployed


def _isolate(generations: list[Generation], opts: pulumi.ResourceOptions) -> IsolatedVault:
    specs = {
        generation.name: VaultSpec(
            data_class=generation.class_name,
            region=generation.region,
            min_retention_days=generation.vault.min_retention_days,
            max_retention_days=generation.vault.max_retention_days,
        )
        for generation in generations
    }
    return IsolatedVault("vaults", IsolatedVaultArgs(vaults=specs), formerly(next(iter(specs)), opts))


def _take_in(
    settings: Settings, generations: list[Generation], vaults: IsolatedVault, opts: pulumi.ResourceOptions
) -> None:
    """Opens the vaults for the copies of other accounts, where there are any."""
    opened = {}
    for generation in generations:
        sources = [key for key in generation.data_class.sources if key != settings.account_key]
        if sources:
            opened[generation.name] = OpenVault(
                vault_name=vaults.vaults[generation.name].name,
                region=generation.region,
                source_account_ids=tuple(settings.estate.account(key).id for key in sources),
            )
    if opened:
        VaultIntake("intake", VaultIntakeArgs(vaults=opened), formerly(f"{next(iter(opened))}-intake", opts))


def _share(
    settings: Settings, generations: list[Generation], vaults: IsolatedVault, opts: pulumi.ResourceOptions
) -> VaultSharing:
    """Shows every vault to the forensic account."""
    estate = settings.estate
    shares = {
        generation.name: VaultShare(
            share_name=f"airlock-{generation.name}",
            vault_arn=vaults.vaults[generation.name].arn,
            region=generation.region,
            account_ids=(estate.account(estate.roles.forensic).id,),
        )
        for generation in generations
    }
    former_name = f"{next(iter(shares))}-forensic"
    return VaultSharing("forensic", VaultSharingArgs(vaults=shares), formerly(former_name, opts))


def _approve(
    settings: Settings, team: str, vaults: list[DeployedVault], recovery: RecoveryContract, opts: pulumi.ResourceOptions
) -> None:
    shared = recovery.teams[team]
    VaultApprovals(
        team,
        VaultApprovalsArgs(
            team_arn=shared.arn,
            share_arn=shared.share_arn,
            share_owner_account_id=settings.estate.recovery_account.id,
            team_connection=settings.connection(TEAM_REGION),
            vaults=tuple(
                ApprovedVault(
                    vault_name=vault.generation.name,
                    vault_arn=vault.arn,
                    connection=settings.connection(vault.generation.region),
                )
                for vault in vaults
            ),
        ),
        opts,
    )
