"""Events of vaults, plans and settings, and what became of votes about vaults, as in AWS Backup's own samples."""

from typing import Any

from emulator.events import service_events
from emulator.world import clock

from ..records.entities import AirGappedVault, Plan, RestoreAccessVault, Vault

_SOURCE = "aws.backup"
_TRAIL_SOURCE = "backup.amazonaws.com"


def vault(found: Vault, state: str) -> None:
    """Tell the world that a vault was CREATED, MODIFIED or DELETED; of a change only the lock is named."""
    detail: dict[str, Any] = {"backupVaultName": found.name, "state": state}
    if state == "MODIFIED":
        detail["isLocked"] = str(found.lock is not None).lower()
    _emit("Backup Vault State Change", found.account, found.region, detail, (found.arn,))


def plan(found: Plan, state: str) -> None:
    moments = {"CREATED": "creationDate", "MODIFIED": "modifiedAt", "DELETED": "deletionDate"}
    detail = {
        "backupPlanId": found.plan_id,
        "versionId": found.version_id,
        moments[state]: _now(),
        "state": state,
    }
    _emit("Backup Plan State Change", found.account, found.region, detail, (found.arn,))


def region_settings(account: str, region: str, changed: dict[str, dict[str, bool]]) -> None:
    detail = {"modifiedAt": _now(), **{name: value for name, value in changed.items() if value}, "state": "MODIFIED"}
    _emit("Region Setting State Change", account, region, detail, ())


def association_completed(vault: AirGappedVault) -> None:
    _record("AssociateBackupVaultMpaApprovalTeamCompleted", vault, {"mpaApprovalTeamArn": vault.team_arn})


def vote_failed(operation: str, vault: Vault, session_arn: str, message: str) -> None:
    """The request that `operation` made was not approved, or could not be carried out."""
    _record(f"{operation}Failed", vault, {"mpaSessionArn": session_arn, "statusMessage": message})


def access_deleted(access: RestoreAccessVault) -> None:
    _record("RestoreAccessBackupVaultDeleted", access, {"sourceBackupVaultArn": access.source_arn})


def _emit(detail_type: str, account: str, region: str, detail: dict[str, Any], resources: tuple[str, ...]) -> None:
    service_events.emit(service_events.NativeEvent(_SOURCE, detail_type, account, region, detail, resources))


def _record(name: str, vault: Vault, details: dict[str, Any]) -> None:
    shown = {"backupVaultName": vault.name, "backupVaultArn": vault.arn, **details}
    service_events.emit(service_events.ServiceEvent(_TRAIL_SOURCE, name, vault.account, vault.region, shown))


def _now() -> str:
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
