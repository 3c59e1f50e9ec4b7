"""Delegated administrator of AWS Backup: plans for the accounts that only organization policies reach."""

from airlock.domain.arns import vault_arn
from airlock.domain.retention import Bounds
from airlock.estate import Estate
from components.backup_policy import BackupPolicy, BackupPolicyArgs
from stacks.accounts import account_options
from stacks.contracts import BackupAdminContract, ManagementContract
from stacks.settings import Settings
from stacks.upstream import Upstreams


def compose(settings: Settings) -> BackupAdminContract:
    """One backup policy per data class that has a roll-out account among its sources."""
    estate = settings.estate
    # Only to stop early: without delegation by that stack, AWS refuses the policies one by one.
    Upstreams(settings).one("management", ManagementContract)
    opts = account_options(settings)
    policies = {
        name: BackupPolicy(name, _arguments(estate, name), opts)
        for name, data_class in estate.data_classes.items()
        if set(data_class.sources) & set(estate.roles.rollout)
    }
    return BackupAdminContract(policy_ids={name: policy.policy_id for name, policy in policies.items()})


def _arguments(estate: Estate, name: str) -> BackupPolicyArgs:
    data_class = estate.data_classes[name]
    vault = data_class.newest_vault
    targets = [key for key in data_class.sources if key in estate.roles.rollout]
    return BackupPolicyArgs(
        policy_name=f"airlock-{name}",
        region=estate.region,
        schedule=data_class.schedule,
        local_vault_name=data_class.local_vault,
        local_retention_days=data_class.local_retention_days,
        copy_vault_arn=vault_arn(estate.region_of(vault), estate.account(data_class.vault_account).id, vault.name),
        copy_vault_bounds=Bounds(vault.min_retention_days, vault.max_retention_days),
        copy_retention_days=data_class.copy_retention_days,
        tag_key=data_class.select_by_tag.key,
        tag_value=data_class.select_by_tag.value,
        account_ids={key: estate.account(key).id for key in targets},
    )
