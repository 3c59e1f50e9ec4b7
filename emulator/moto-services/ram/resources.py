"""What can be shared: the resource types, their managed permissions, and whether a resource exists."""

import importlib
from dataclasses import dataclass

from .exceptions import InvalidParameterException, MalformedArnException, RamError


@dataclass(frozen=True)
class ResourceType:
    """A type that RAM shares. `people` tells whether IAM roles and users can be principals (accounts always can)."""

    name: str
    service: str
    arn_prefix: str
    permission_name: str
    actions: tuple[str, ...]
    people: bool

    @property
    def permission_arn(self) -> str:
        return f"arn:aws:ram::aws:permission/{self.permission_name}"


APPROVAL_TEAM = ResourceType(
    name="mpa:ApprovalTeam",
    service="mpa",
    arn_prefix="approval-team/",
    permission_name="AWSRAMMPAApprovalTeamAccess",
    actions=("mpa:GetApprovalTeam", "mpa:GetSession", "mpa:ListSessions", "mpa:StartSession"),
    people=True,
)
# The name of this permission is not published; it follows the form of the others.
BACKUP_VAULT = ResourceType(
    name="backup:BackupVault",
    service="backup",
    arn_prefix="backup-vault:",
    permission_name="AWSRAMDefaultPermissionBackupVault",
    actions=(
        "backup:DescribeBackupVault",
        "backup:DescribeRecoveryPoint",
        "backup:GetRecoveryPointRestoreMetadata",
        "backup:ListProtectedResourcesByBackupVault",
        "backup:ListRecoveryPointsByBackupVault",
        "backup:ListTags",
        "backup:StartRestoreJob",
    ),
    people=False,
)
TYPES = (APPROVAL_TEAM, BACKUP_VAULT)


def account_in(arn: str) -> str:
    return arn.split(":", 5)[4]


def region_in(arn: str) -> str:
    return arn.split(":", 5)[3]


def type_of(arn: str) -> ResourceType:
    """The type of a resource, or MalformedArnException for what RAM does not share."""
    parts = arn.split(":", 5)
    for kind in TYPES:
        if len(parts) == 6 and parts[0] == "arn" and parts[2] == kind.service and parts[5].startswith(kind.arn_prefix):
            return kind
    raise MalformedArnException(
        f"The specified resource ARN {arn} is not valid, or RAM does not share resources of this type. Verify the ARN."
    )


def exists(arn: str) -> bool:
    """Whether the owning service has the resource. It is looked up late, because it asks RAM in turn."""
    if type_of(arn) is APPROVAL_TEAM:
        return importlib.import_module("moto.mpa.models").team(arn) is not None
    return bool(importlib.import_module("moto.backup.models").vault_exists(arn))


def check_type(name: str | None, error: type[RamError] = InvalidParameterException) -> None:
    """Refuse a resource type that RAM does not know."""
    if name is not None and name.lower() not in (kind.name.lower() for kind in TYPES):
        raise error(f"Invalid resource type: {name}")


def named(name: str) -> ResourceType:
    """The type of that name, in whatever case it is written."""
    check_type(name)
    return next(kind for kind in TYPES if kind.name.lower() == name.lower())
