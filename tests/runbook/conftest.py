"""A landing account in memory: what the runbook sees of AWS, ten lines per service."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from airlock.clients.approval_types import Session, Vote
from airlock.clients.backup_types import AccessVault, RecoveryPoint, RestoreJob, Vault
from airlock.domain.errors import AccessDenied, RefusedByAws
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.runbook.journal import Journal

TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1"
SESSION = "arn:aws:mpa:us-east-1:777777777777:session/quorum-1/s-1"
SOURCE = "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-2026"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def protected(name: str, region: str = "eu-west-1") -> ProtectedVault:
    return ProtectedVault(
        name=name,
        arn=f"arn:aws:backup:{region}:444444444444:backup-vault:{name}",
        region=region,
        account_id="444444444444",
        data_class="payments",
        team_arn=TEAM,
        min_retention_days=7,
        max_retention_days=90,
        rto_minutes=240,
        rpo_minutes=1440,
        resource_types=["S3", "DynamoDB", "EBS"],
    )


@dataclass
class FakeBackups:
    """One Region of the landing account."""

    region: str
    vaults: dict[str, Vault] = field(default_factory=dict)
    points: list[RecoveryPoint] = field(default_factory=list)
    jobs: dict[str, RestoreJob] = field(default_factory=dict)
    started: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    looks_until_over: int = 1
    ends_as: str = "COMPLETED"
    says: str = ""
    refuses_type: str = ""

    def put(self, name: str, **facts: Any) -> None:
        given = {
            "type": "RESTORE_ACCESS_BACKUP_VAULT",
            "state": "CREATING",
            "source_arn": SOURCE,
            "session_arn": SESSION,
            "created": NOW,
            **facts,
        }
        self.vaults[name] = Vault(
            name=name,
            arn=f"arn:aws:backup:{self.region}:888888888888:backup-vault:{name}",
            min_retention_days=None,
            max_retention_days=None,
            team_arn="",
            last_team_update=None,
            **given,
        )

    def find_vault(self, name: str) -> Vault | None:
        return self.vaults.get(name)

    def list_vaults(self, vault_type: str | None = None) -> list[Vault]:
        return [vault for vault in self.vaults.values() if vault_type in (None, vault.type)]

    def create_restore_access_vault(self, source_arn: str, name: str, request_id: str, comment: str) -> AccessVault:
        if name in self.vaults:
            raise RefusedByAws(f"{name} exists", code="AlreadyExistsException")
        self.asked.append({"source": source_arn, "name": name, "request_id": request_id, "comment": comment})
        self.put(name, source_arn=source_arn, session_arn="")
        return AccessVault(arn=self.vaults[name].arn, state="CREATING", created=NOW, approved=None, last_revoke=None)

    def delete_vault(self, name: str) -> None:
        self.deleted.append(name)

    def wait_until_gone(self, name: str) -> None:
        del self.vaults[name]

    def list_recovery_points(self, vault_name: str, owner_account: str | None = None) -> list[RecoveryPoint]:
        assert self.vaults[vault_name].state == "AVAILABLE", "AWS shows nothing before the vote"
        return self.points

    def restore_metadata(self, vault_name: str, point_arn: str, owner_account: str | None = None) -> dict[str, str]:
        return {"volumeType": "gp3", "volumeSize": "1", "encrypted": "false", "availabilityZone": "eu-west-1c"}

    def start_restore(
        self, point_arn: str, metadata: Mapping[str, str], role_arn: str, resource_type: str, token: str
    ) -> str:
        if resource_type == self.refuses_type:
            raise AccessDenied(f"AWS refused StartRestoreJob for {resource_type}.", code="AccessDeniedException")
        self.started.append({"point": point_arn, "metadata": dict(metadata), "role": role_arn, "token": token})
        job = f"job-{len(self.started)}"
        self.jobs[job] = RestoreJob(
            id=job,
            status="RUNNING",
            message="",
            resource_type=resource_type,
            created_resource_arn="",
            created=NOW,
            completed=None,
        )
        return job

    def describe_restore(self, job_id: str) -> RestoreJob:
        job = self.jobs[job_id]
        if self.looks_until_over > 0:
            self.looks_until_over -= 1
            return job
        made = f"arn:restored:{job_id}" if self.ends_as == "COMPLETED" else ""
        return replace(job, status=self.ends_as, created_resource_arn=made, message=self.says)


@dataclass
class FakeApprovals:
    """What the shared team shows."""

    sessions: dict[str, Session] = field(default_factory=dict)

    def put(self, status: str, code: str = "", votes: tuple[str, ...] = (), execution: str = "PENDING") -> None:
        self.sessions[SESSION] = Session(
            arn=SESSION,
            team_arn=TEAM,
            action="CreateRestoreAccessBackupVault",
            protected_resource_arn=SOURCE,
            status=status,
            status_code=code,
            execution_status=execution,
            threshold=2,
            approvers=3,
            initiated=NOW,
            expires=NOW.replace(day=21),
            completed=None,
            requester_account="888888888888",
            requester_principal="",
            votes=tuple(Vote(identity_id=str(n), response=vote, time=NOW) for n, vote in enumerate(votes)),
        )

    def get_session(self, arn: str) -> Session:
        if arn not in self.sessions:
            raise AccessDenied("The team is not shared with this account.", code="AccessDeniedException")
        return self.sessions[arn]


@dataclass
class FakeCalls:
    """Opens the two of them, per Region."""

    regions: dict[str, FakeBackups] = field(default_factory=dict)
    mpa: FakeApprovals = field(default_factory=FakeApprovals)

    def backups(self, region: str) -> FakeBackups:
        return self.regions.setdefault(region, FakeBackups(region))

    def approvals(self) -> FakeApprovals:
        return self.mpa


def point(resource: str, hour: int, kind: str = "S3", status: str = "COMPLETED") -> RecoveryPoint:
    return RecoveryPoint(
        arn=f"arn:aws:backup:eu-west-1:444444444444:recovery-point:{resource.rpartition(':')[2]}-{hour}",
        resource_arn=resource,
        resource_type=kind,
        resource_name="",
        status=status,
        created=NOW.replace(hour=hour),
        delete_at=None,
        vault_arn="",
    )


@pytest.fixture
def make_point() -> Any:
    return point


@pytest.fixture
def calls() -> FakeCalls:
    return FakeCalls()


@pytest.fixture
def inventory() -> Inventory:
    return Inventory(
        estate="nordbank",
        pattern="cross-organization",
        written_at="2026-11-20T10:00:00+00:00",
        landing=Landing(
            account_id="888888888888",
            region="eu-west-1",
            profile="landing",
            requester_role_arn="arn:aws:iam::888888888888:role/airlock-requester",
            restore_role_arn="arn:aws:iam::888888888888:role/airlock-restore",
            kms_key_arn="arn:aws:kms:eu-west-1:888888888888:key/1",
        ),
        teams=[Team(name="quorum", arn=TEAM, threshold=2, approvers=["ada.lind", "bo.berg", "cleo.dahl"])],
        portal_url="https://portal.example",
        vaults=[protected("payments-2026"), protected("ledger-2026", "eu-central-1")],
        primary_account_ids=["111111111111", "444444444444"],
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl", lambda: NOW)


@pytest.fixture
def now() -> datetime:
    return NOW
