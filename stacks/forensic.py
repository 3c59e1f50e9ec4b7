"""The forensic account: restores out of the shared vaults, on a schedule, to know that they can be restored."""

import pulumi

from airlock.estate import Vault
from airlock.estate.stack_files import StackFile
from components.accepted_share import AcceptedShare, AcceptedShareArgs, Share
from components.backup_role import FOR_RESTORE, BackupRole, BackupRoleArgs
from components.restore_testing import RestoreTesting, RestoreTestingArgs
from stacks.accounts import account_options
from stacks.contracts import ForensicContract, SharedVault, VaultContract, WorkloadContract
from stacks.former_names import formerly
from stacks.settings import Settings
from stacks.upstream import Upstreams

# After the nightly backups and their copies.
SCHEDULE = "cron(0 9 ? * SUN *)"


def compose(settings: Settings) -> ForensicContract:
    """Accepts every vault that is shared with it, and tests restores out of those in its Region."""
    estate = settings.estate
    opts = account_options(settings)
    vault_arns = _accept(settings, opts)
    role = BackupRole(
        "restore-testing-role",
        BackupRoleArgs(
            role_name="airlock-restore-testing",
            description="AWS Backup tests restores with this role.",
            managed_policy_arns=FOR_RESTORE,
        ),
        opts,
    )
    types = {kind for data_class in estate.data_classes.values() for kind in data_class.resource_types}
    testing = RestoreTesting(
        "restore-testing",
        RestoreTestingArgs(
            plan_name="airlock",
            schedule=SCHEDULE,
            vault_arns=tuple(vault_arns),
            resource_types=tuple(sorted(types)),
            role_arn=role.arn,
        ),
        opts,
    )
    return ForensicContract(plan_name=testing.plan_name, role_arn=role.arn)


def _shared_vaults(settings: Settings) -> list[tuple[StackFile, Vault, SharedVault]]:
    """Every vault of the topology, with the stack that holds it and what that stack says about it."""

    def names(file: StackFile) -> list[str]:
        return [vault.name for vault in _vaults_of(settings, file)]

    upstreams = Upstreams(settings)
    holders: list[tuple[StackFile, VaultContract | WorkloadContract]] = [
        *upstreams.each("vault", VaultContract, holds=names),
        *upstreams.each("workload", WorkloadContract, holds=names),
    ]
    return [(file, vault, held.vault(vault.name)) for file, held in holders for vault in _vaults_of(settings, file)]


def _vaults_of(settings: Settings, file: StackFile) -> list[Vault]:
    """What the topology says that a stack holds."""
    estate = settings.estate
    if file.data_class:
        return estate.vaults(file.data_class, file.region or estate.region)
    return [vault for name in estate.classes_held_by(file.account) for vault in estate.vaults(name)]


def _accept(settings: Settings, opts: pulumi.ResourceOptions) -> list[pulumi.Output[str]]:
    """Accepts all of them; the ARNs of those in the Region of this stack, each once its share is accepted."""
    estate = settings.estate
    shared_vaults = _shared_vaults(settings)
    shares = {
        vault.name: Share(
            connection=settings.connection(estate.region_of(vault)),
            share_arn=shared.share_arn,
            resource_arn=shared.arn,
            owner_account_id=estate.account(file.account).id,
        )
        for file, vault, shared in shared_vaults
    }
    group = AcceptedShare("vaults", AcceptedShareArgs(shares=shares), formerly(next(iter(shares)), opts))
    accepted = group.acceptances
    # The id of an acceptance is the share's ARN: the vault's ARN, known in every preview, follows it in every run.
    return [
        pulumi.Output.all(shared.arn, accepted[vault.name].id).apply(lambda both: str(both[0]))
        for _, vault, shared in shared_vaults
        if estate.region_of(vault) == settings.region
    ]
