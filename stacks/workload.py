"""An account with data: it backs up locally, and copies into air-gapped vaults, its own or the vault account's."""

import pulumi

from airlock.domain.arns import vault_arn
from airlock.domain.names import BACKUP_ROLE
from airlock.domain.retention import Bounds
from airlock.estate import DataClass
from components.backup_role import FOR_BACKUP, FOR_RESTORE, BackupRole, BackupRoleArgs
from components.backup_schedule import BackupSchedule, BackupScheduleArgs, CopyTarget
from components.local_vault import LocalVault, LocalVaultArgs
from components.service_opt_in import ServiceOptIn, ServiceOptInArgs
from stacks.accounts import account_options
from stacks.air_gapped import DeployedVault, compose_vaults, generations_of, teams_of
from stacks.contracts import RecoveryContract, WorkloadContract
from stacks.settings import Settings
from stacks.upstream import Upstreams


def compose(settings: Settings) -> WorkloadContract:
    """Everything that the account needs to back itself up, and the vaults that it holds."""
    estate, account = settings.estate, settings.account
    generations = generations_of(settings, estate.classes_held_by(account.key))
    recovery = Upstreams(settings).one("recovery", RecoveryContract, holds=teams_of(generations))
    opts = account_options(settings)
    vaults = compose_vaults(settings, generations, recovery, opts)
    backed_up = {name: item for name, item in estate.data_classes.items() if account.key in item.sources}
    types = {kind for data_class in backed_up.values() for kind in data_class.resource_types}
    args = ServiceOptInArgs(connection=settings.connection(), resource_types=tuple(sorted(types)))
    ServiceOptIn("services", args, opts)
    role = BackupRole(
        "backup",
        BackupRoleArgs(
            role_name=BACKUP_ROLE,
            description="AWS Backup makes backups and copies with this role.",
            managed_policy_arns=(*FOR_BACKUP, *FOR_RESTORE),
        ),
        opts,
    )
    local = {name: _back_up(settings, name, data_class, role, vaults, opts) for name, data_class in backed_up.items()}
    return WorkloadContract(
        account_id=account.id,
        local_vault_arns={name: vault.arn for name, vault in local.items()},
        vaults=[vault.export() for vault in vaults],
    )


def _back_up(
    settings: Settings,
    name: str,
    data_class: DataClass,
    role: BackupRole,
    vaults: list[DeployedVault],
    opts: pulumi.ResourceOptions,
) -> LocalVault:
    """Local vault and plan of one data class."""
    vault_account = settings.estate.account(data_class.vault_account)
    local = LocalVault(
        f"{name}-local",
        LocalVaultArgs(
            vault_name=data_class.local_vault,
            account_id=settings.account.id,
            backup_role_name=BACKUP_ROLE,
            copying_account_ids=(vault_account.id,),
        ),
        opts,
    )
    BackupSchedule(
        f"{name}-schedule",
        BackupScheduleArgs(
            plan_name=f"airlock-{name}",
            schedule=data_class.schedule,
            local_vault_name=local.vault_name,
            local_retention_days=data_class.local_retention_days,
            copy=_copy_target(settings, data_class, vaults),
            role_arn=role.arn,
            tag_key=data_class.select_by_tag.key,
            tag_value=data_class.select_by_tag.value,
        ),
        opts,
    )
    return local


def _copy_target(settings: Settings, data_class: DataClass, vaults: list[DeployedVault]) -> CopyTarget:
    """The newest generation: one made here, or one that the topology places in the vault account."""
    newest = data_class.newest_vault
    estate = settings.estate
    own = [vault.arn for vault in vaults if vault.generation.vault is newest]
    elsewhere = vault_arn(estate.region_of(newest), estate.account(data_class.vault_account).id, newest.name)
    return CopyTarget(
        vault_arn=own[0] if own else elsewhere,
        bounds=Bounds(newest.min_retention_days, newest.max_retention_days),
        retention_days=data_class.copy_retention_days,
    )
