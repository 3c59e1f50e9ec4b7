"""What the backups client answers: AWS's nouns as frozen dataclasses. A missing text is ""; a missing time is None."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Request:
    """The last question put to the team about a vault: PENDING, APPROVED or FAILED."""

    session_arn: str
    status: str
    message: str
    initiated: datetime | None
    expires: datetime | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Request":
        return cls(
            session_arn=answer.get("MpaSessionArn", ""),
            status=answer.get("Status", ""),
            message=answer.get("StatusMessage", ""),
            initiated=answer.get("InitiationDate"),
            expires=answer.get("ExpiryDate"),
        )


@dataclass(frozen=True, kw_only=True)
class Vault:
    """A backup vault of any type."""

    name: str
    arn: str
    type: str
    state: str
    min_retention_days: int | None
    max_retention_days: int | None
    source_arn: str
    team_arn: str
    session_arn: str
    last_team_update: Request | None
    created: datetime | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Vault":
        update = answer.get("LatestMpaApprovalTeamUpdate")
        return cls(
            name=answer["BackupVaultName"],
            arn=answer.get("BackupVaultArn", ""),
            type=answer.get("VaultType", "BACKUP_VAULT"),
            # Standard vaults have no state; they are there as soon as they are made.
            state=answer.get("VaultState") or "AVAILABLE",
            min_retention_days=answer.get("MinRetentionDays"),
            max_retention_days=answer.get("MaxRetentionDays"),
            source_arn=answer.get("SourceBackupVaultArn", ""),
            team_arn=answer.get("MpaApprovalTeamArn", ""),
            session_arn=answer.get("MpaSessionArn", ""),
            last_team_update=Request.read(update) if update else None,
            created=answer.get("CreationDate"),
        )


@dataclass(frozen=True, kw_only=True)
class AccessVault:
    """A restore-access vault, as the owner of the source vault sees it."""

    arn: str
    state: str
    created: datetime | None
    approved: datetime | None
    last_revoke: Request | None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "AccessVault":
        revoke = answer.get("LatestRevokeRequest")
        return cls(
            arn=answer["RestoreAccessBackupVaultArn"],
            state=answer.get("VaultState", ""),
            created=answer.get("CreationDate"),
            approved=answer.get("ApprovalDate"),
            last_revoke=Request.read(revoke) if revoke else None,
        )


@dataclass(frozen=True, kw_only=True)
class RecoveryPoint:
    """A recovery point. In a logically air-gapped vault its ARN never names a snapshot."""

    arn: str
    resource_arn: str
    resource_type: str
    resource_name: str
    status: str
    created: datetime
    delete_at: datetime | None
    vault_arn: str

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "RecoveryPoint":
        return cls(
            arn=answer["RecoveryPointArn"],
            resource_arn=answer.get("ResourceArn", ""),
            resource_type=answer.get("ResourceType", ""),
            resource_name=answer.get("ResourceName", ""),
            status=answer.get("Status", ""),
            created=answer["CreationDate"],
            delete_at=answer.get("CalculatedLifecycle", {}).get("DeleteAt"),
            vault_arn=answer.get("BackupVaultArn", ""),
        )


@dataclass(frozen=True, kw_only=True)
class RestoreJob:
    """A restore: PENDING, RUNNING, COMPLETED, ABORTED or FAILED."""

    id: str
    status: str
    message: str
    resource_type: str
    created_resource_arn: str
    created: datetime | None
    completed: datetime | None

    @property
    def is_over(self) -> bool:
        return self.status in {"COMPLETED", "ABORTED", "FAILED"}

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "RestoreJob":
        return cls(
            id=answer["RestoreJobId"],
            status=answer.get("Status", ""),
            message=answer.get("StatusMessage", ""),
            resource_type=answer.get("ResourceType", ""),
            created_resource_arn=answer.get("CreatedResourceArn", ""),
            created=answer.get("CreationDate"),
            completed=answer.get("CompletionDate"),
        )
