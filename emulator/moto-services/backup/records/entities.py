"""What AWS Backup keeps, one class per noun of AWS. Plain data: the rules live in the modules of the topics."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from emulator.world import clock, pace

from . import arns
from .ordered import Chronicle

STANDARD = "BACKUP_VAULT"
AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
RESTORE_ACCESS = "RESTORE_ACCESS_BACKUP_VAULT"

# The states in which a job of any kind stays.
ENDS = ("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL")

Lifecycle = dict[str, Any]

# In minutes: a hundred years.
_LONGEST_WINDOW = 52_560_000


@dataclass
class Content:
    """What was backed up, as it was at that moment: enough to make the resource anew in any account."""

    resource_type: str
    size: int
    data: dict[str, Any]
    restore_metadata: dict[str, str]
    kms_key_arn: str | None = None
    aws_managed_key: bool = False
    fully_managed: bool = False
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class RecoveryPoint:
    arn: str
    resource_arn: str
    resource_type: str
    resource_name: str
    created: datetime
    content: Content
    iam_role_arn: str
    lifecycle: Lifecycle
    created_by: dict[str, str] | None = None
    source_vault_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    completed: datetime | None = None
    last_restored: datetime | None = None
    # COMPLETED, or of a continuous backup AVAILABLE and then STOPPED; DELETING until it is gone.
    status: str = "COMPLETED"
    status_message: str = ""
    continuous: bool = False
    ended: datetime | None = None  # when a continuous backup stopped following its resource
    deleting: pace.Step | None = None

    @property
    def temporary(self) -> bool:
        """On its way into an air-gapped vault: it goes with the copy, and is not tested, indexed or scanned."""
        return "DeleteAfterEvent" in self.lifecycle

    @property
    def delete_at(self) -> datetime | None:
        """When its retention ends; None is forever. That of a continuous backup counts from when it stopped."""
        days = self.lifecycle.get("DeleteAfterDays")
        return None if days is None or days < 0 else (self.ended or self.created) + timedelta(days=days)

    @property
    def cold_at(self) -> datetime | None:
        days = self.lifecycle.get("MoveToColdStorageAfterDays")
        return None if days is None or days < 0 else self.created + timedelta(days=days)

    @property
    def storage_class(self) -> str:
        """AWS Backup ignores the cold tier for types that have none."""
        moved = self.cold_at is not None and self.cold_at <= clock.now()
        return "COLD" if moved and cold_tier(self) else "WARM"


def cold_tier(point: RecoveryPoint) -> bool:
    """Whether backups like this one can move to cold storage; EBS moves its own only when asked to."""
    if point.resource_type == "EBS":
        return bool(point.lifecycle.get("OptInToArchiveForSupportedResources"))
    return point.resource_type == "EFS" or (point.resource_type == "DynamoDB" and point.content.fully_managed)


@dataclass
class Lock:
    """A vault lock. `date` is when it stops being changeable; None is governance mode."""

    min_days: int | None
    max_days: int | None
    date: datetime | None

    @property
    def immutable(self) -> bool:
        return self.date is not None and self.date <= clock.now()


@dataclass
class Vault:
    """A standard backup vault, and what all kinds of vaults have in common."""

    kind = STANDARD

    name: str
    account: str
    region: str
    created: datetime
    creator_request_id: str | None = None
    key_arn: str | None = None
    key_type: str = "CUSTOMER_MANAGED_KMS_KEY"
    tags: dict[str, str] = field(default_factory=dict)
    policy: str | None = None
    notifications: dict[str, Any] | None = None
    lock: Lock | None = None
    points: Chronicle[RecoveryPoint] = field(default_factory=Chronicle)
    deleting: dict[str, RecoveryPoint] = field(default_factory=dict)  # those of `points` that are on their way out

    @property
    def arn(self) -> str:
        return arns.vault(self.region, self.account, self.name)

    def look(self) -> str:
        """Its state, for a reader who looks now."""
        return "AVAILABLE"


@dataclass
class PendingVote:
    """A request about a vault that its team has to vote on, as the Latest... members of the answers show it."""

    session_arn: str
    started: datetime
    status: str = "PENDING"
    message: str = ""

    @property
    def expires(self) -> datetime:
        return self.started + timedelta(hours=24)


@dataclass
class Access:
    """What the owner of an air-gapped vault knows of one restore access vault on it."""

    arn: str
    created: datetime
    approved: datetime | None = None
    revoke: PendingVote | None = None


@dataclass
class AirGappedVault(Vault):
    """A logically air-gapped vault: locked in compliance mode from its first second."""

    kind = AIR_GAPPED

    creating: pace.Step | None = None
    key_missing: bool = False
    leaving: pace.Step | None = None
    team_arn: str | None = None
    team_update: PendingVote | None = None
    accesses: dict[str, Access] = field(default_factory=dict)

    def look(self) -> str:
        if self.creating is not None and self.creating.look(clock.now()):
            self.creating = None
        if self.creating is not None:
            return "CREATING"
        return "FAILED" if self.key_missing else "AVAILABLE"


@dataclass
class RestoreAccessVault(Vault):
    """A mount point of somebody else's air-gapped vault: it holds no data and opens when the vault's team says so."""

    kind = RESTORE_ACCESS

    source_arn: str = ""
    session_arn: str = ""
    state: str = "CREATING"

    def look(self) -> str:
        return self.state


@dataclass
class Plan:
    plan_id: str
    account: str
    region: str
    name: str
    body: dict[str, Any]
    version_id: str
    created: datetime
    creator_request_id: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    selections: dict[str, "Selection"] = field(default_factory=dict)
    deleted: datetime | None = None
    last_run: datetime | None = None
    managed_by_organization: bool = False

    @property
    def arn(self) -> str:
        return arns.plan(self.region, self.account, self.plan_id)


@dataclass
class Selection:
    selection_id: str
    plan_id: str
    body: dict[str, Any]
    created: datetime
    creator_request_id: str | None = None


@dataclass
class Job:
    """A backup, copy or restore job. `state` moves on by looks or by the clock (see `progress`)."""

    kind = ""

    job_id: str
    account: str
    region: str
    created: datetime
    state: str
    step: pace.Step
    iam_role_arn: str = ""
    message: str = ""
    completed: datetime | None = None
    failure: str = ""

    @property
    def over(self) -> bool:
        return self.state in ENDS


@dataclass(kw_only=True)
class BackupJob(Job):
    kind = "backup"

    vault_name: str
    air_gapped_arn: str | None = None
    resource_arn: str
    resource_type: str
    resource_name: str
    point_arn: str | None = None
    content: Content | None = None
    lifecycle: Lifecycle = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    copies: list[dict[str, Any]] = field(default_factory=list)
    created_by: dict[str, str] | None = None
    start_window: int = 480
    complete_window: int | None = None
    options: dict[str, str] = field(default_factory=dict)
    continuous: bool = False
    started: datetime | None = None
    expires: bool = False  # its end by its windows is on the timetable

    @property
    def start_by(self) -> datetime:
        return self.created + timedelta(minutes=self.start_window)

    @property
    def complete_by(self) -> datetime:
        """Counted from when it was scheduled, however late it starts. Without a window: long after every start."""
        return self.created + timedelta(minutes=self.complete_window or _LONGEST_WINDOW)


@dataclass(kw_only=True)
class CopyJob(Job):
    kind = "copy"

    source_vault_arn: str
    point: RecoveryPoint
    destination_vault_arn: str
    destination_point_arn: str | None = None
    lifecycle: Lifecycle = field(default_factory=dict)
    created_by: dict[str, str] | None = None
    backup_job_id: str | None = None
    removes_source: bool = False


@dataclass(kw_only=True)
class RestoreJob(Job):
    kind = "restore"

    point: RecoveryPoint
    vault_arn: str
    metadata: dict[str, str] = field(default_factory=dict)
    created_resource_arn: str | None = None
    resource_type: str = ""
    with_tags: bool = False
    test: "RestoreTest | None" = None


@dataclass
class RestoreTest:
    """What a restore job knows that a restore testing plan started: the verdict about it, and its clean-up."""

    plan_arn: str
    selection: str
    validation_hours: int
    validation: str | None = None
    validation_message: str = ""
    deletion: str | None = None
    deletion_message: str = ""
    deleting: pace.Step | None = None


@dataclass
class RestoreTestingPlan:
    name: str
    arn: str
    created: datetime
    body: dict[str, Any]
    creator_request_id: str | None = None
    updated: datetime | None = None
    last_run: datetime | None = None
    schedule_version: int = 0  # runs that were entered for an earlier schedule find another number and do nothing
    tags: dict[str, str] = field(default_factory=dict)
    selections: dict[str, dict[str, Any]] = field(default_factory=dict)
