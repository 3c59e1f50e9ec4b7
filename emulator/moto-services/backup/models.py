"""The state of AWS Backup per account and Region, and the look-ups that other services use."""

from datetime import datetime

from moto.core.base_backend import BackendDict, BaseBackend

from emulator.world import organizations

from .exceptions import no_such_vault
from .records import arns
from .records.entities import (
    AirGappedVault,
    BackupJob,
    CopyJob,
    Job,
    Plan,
    RecoveryPoint,
    RestoreAccessVault,
    RestoreJob,
    RestoreTestingPlan,
    Vault,
)
from .records.governance import Governance
from .records.ordered import Chronicle

# Settings of an account as a whole (not of one Region) are kept in this Region's backend.
_HOME_REGION = "us-east-1"


class BackupBackend(BaseBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.vaults: dict[str, Vault] = {}
        self.points: dict[str, Vault] = {}  # by point ARN: the vault of this account and Region that holds it
        self.leaving: dict[str, AirGappedVault] = {}  # deleted vaults that are still shown
        self.plans: dict[str, Plan] = {}
        self.points_of: dict[str, dict[str, None]] = {}  # by resource ARN: the ARNs of its points
        self.continuous: dict[str, str] = {}  # by resource ARN: its one active continuous point
        self.backup_jobs: Chronicle[BackupJob] = Chronicle()
        self.copy_jobs: Chronicle[CopyJob] = Chronicle()
        self.restore_jobs: Chronicle[RestoreJob] = Chronicle()
        self.pending: dict[str, Job] = {}  # jobs that are not over and that this account can look at
        self.discarding: dict[str, RestoreJob] = {}  # restore tests whose resource is being deleted
        self.tokens: dict[str, str] = {}  # idempotency tokens: the id of the job that one made
        self.opt_in: dict[str, bool] = {}
        self.management: dict[str, bool] = {}
        self.restore_testing_plans: dict[str, RestoreTestingPlan] = {}
        self.global_settings: dict[str, str] = {}
        self.global_settings_updated: datetime | None = None
        self.governance = Governance()

    @property
    def account(self) -> str:
        return str(self.account_id)

    @property
    def region(self) -> str:
        return str(self.region_name)

    def vault(self, name: str) -> Vault:
        """The vault of this account and Region, or ResourceNotFoundException."""
        if name not in self.vaults:
            raise no_such_vault(name)
        return self.vaults[name]


backup_backends = BackendDict(BackupBackend, "backup")


def backend_of(account: str, region: str) -> BackupBackend:
    backend: BackupBackend = backup_backends[account][region]
    return backend


def settings_backend(account: str) -> BackupBackend:
    """Where the settings of an account as a whole are kept."""
    return backend_of(account, _HOME_REGION)


def known_backend(account: str, region: str) -> BackupBackend | None:
    """The backend of an account that has used AWS Backup in that Region; looking never creates one.

    A closed account keeps its vaults until its post-closure period is over, and then has nothing any more.
    """
    regions = dict.get(backup_backends, account)
    # What moto answers for `in` is whether AWS has that Region.
    backend: BackupBackend | None = None if regions is None else dict.get(regions, region)
    return None if backend is None or organizations.account_gone(account) else backend


def find_vault(vault_arn: str) -> Vault | None:
    """A vault of any account by its ARN."""
    arn = arns.parse(vault_arn)
    if arn is None or arn.service != "backup" or not arn.resource.startswith("backup-vault:"):
        return None
    backend = known_backend(arn.account, arn.region)
    return None if backend is None else backend.vaults.get(arn.resource.removeprefix("backup-vault:"))


def vault_exists(vault_arn: str) -> bool:
    """For services that name vaults, such as RAM: whether there is such a vault."""
    return find_vault(vault_arn) is not None


def air_gapped_vault(vault_arn: str) -> AirGappedVault | None:
    vault = find_vault(vault_arn)
    return vault if isinstance(vault, AirGappedVault) else None


def find_point(point_arn: str, account: str, region: str) -> tuple[Vault, RecoveryPoint] | None:
    """A recovery point and the vault that holds it; ARNs without an account are looked up in `account`."""
    arn = arns.parse(point_arn)
    owner = arn.account if arn is not None and arn.account.isdecimal() else account
    backend = known_backend(owner, region)
    if backend is None or point_arn not in backend.points:
        return None
    vault = backend.points[point_arn]
    return vault, vault.points[point_arn]


def holder(vault: Vault) -> Vault | None:
    """The vault whose points a vault shows: itself, or what an open restore access vault stands for."""
    if not isinstance(vault, RestoreAccessVault):
        return vault
    return find_vault(vault.source_arn) if vault.state == "AVAILABLE" else None


def seen_through(vault: Vault) -> dict[str, RecoveryPoint]:
    """The points that a vault shows, by ARN; a closed restore access vault shows none."""
    source = holder(vault)
    return {} if source is None else source.points.data
