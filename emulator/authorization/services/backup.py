"""AWS Backup: the resources of its operations, what it does in the caller's name, and its condition keys."""

from collections.abc import Callable, Iterator
from typing import Any

from emulator.authorization import switch
from emulator.authorization.needs import Asking, Need, Values, Where, given, pass_role, through

Parameters = dict[str, Any]

# The first of these parameters that an operation has is the resource. A `*` stands for what AWS adds to a name.
_BY_PARAMETER: tuple[tuple[str, str], ...] = (
    ("RecoveryPointArn", "{value}"),
    ("AccessPointArn", "{value}"),
    ("SourceBackupVaultArn", "{value}"),
    ("BackupPlanId", "backup-plan:{value}"),
    ("FrameworkName", "framework:{value}-*"),
    ("ReportPlanName", "report-plan:{value}-*"),
    ("RestoreTestingPlanName", "restore-testing-plan:{value}-*"),
    ("TieringConfigurationName", "tiering-configuration:{value}-*"),
    ("LegalHoldId", "legal-hold:{value}"),
    ("BackupVaultName", "backup-vault:{value}"),
)
_BY_RESOURCE_ARN = ("ListTags", "TagResource", "UntagResource")
# Lists and settings of the account, whatever filters they take.
_WITHOUT_RESOURCE = ("ListBackupAccessPointsByResource", "DescribeProtectedResource")
_CREATES = {
    "CreateBackupPlan": "backup-plan:*",
    "CreateLegalHold": "legal-hold:*",
    "CreateRestoreTestingPlan": "restore-testing-plan:*",
    "CreateTieringConfiguration": "tiering-configuration:*",
}
_TAGS = ("BackupVaultTags", "BackupPlanTags", "FrameworkTags", "ReportPlanTags", "Tags")
_KEY_OF_A_STANDARD_VAULT = ("CreateGrant", "GenerateDataKey", "Decrypt", "RetireGrant", "DescribeKey")
_KEY_OF_AN_AIR_GAPPED_VAULT = ("CreateGrant", "DescribeKey")
_KEYS = {
    "CreateBackupVault": _KEY_OF_A_STANDARD_VAULT,
    "CreateLogicallyAirGappedBackupVault": _KEY_OF_AN_AIR_GAPPED_VAULT,
}


def needs(asking: Asking) -> list[Need]:
    operation, parameters, where = asking.operation, asking.parameters, asking.where
    resource = _resource(operation, parameters, where)
    found = [Need(f"backup:{operation}", resource)]
    if operation.startswith("Create") and any(parameters.get(name) for name in _TAGS):
        found.append(Need("backup:TagResource", resource))
    if operation in _KEYS and switch.asks_for_backup_storage():
        found.append(Need("backup-storage:MountCapsule", "*", through("backup")))
    found += [pass_role(role, "backup") for role in _roles(parameters)]
    key = parameters.get("EncryptionKeyArn")
    if key and operation in _KEYS:
        found += [Need(f"kms:{name}", key, _for_backup(where)) for name in _KEYS[operation]]
    return found


def _for_backup(where: Where) -> Values:
    service = (f"backup.{where.region}.amazonaws.com",)
    return {**through("backup"), "kms:viaservice": service, "kms:grantisforawsresource": ("true",)}


def _resource(operation: str, parameters: Parameters, where: Where) -> str:
    if operation in _BY_RESOURCE_ARN:
        return str(parameters.get("ResourceArn", "*"))
    if operation in _CREATES:
        return where.arn("backup", _CREATES[operation])
    if operation in _WITHOUT_RESOURCE:
        return "*"
    for name, pattern in _BY_PARAMETER:
        if parameters.get(name):
            written = pattern.format(value=parameters[name])
            owner = str(parameters.get("BackupVaultAccountId") or where.account)
            return written if pattern == "{value}" else where.arn("backup", written, owner)
    return "*"


def _roles(parameters: Parameters) -> Iterator[str]:
    """Every role that the caller hands to AWS Backup, also those inside a selection."""
    for name, value in parameters.items():
        if name in ("IamRoleArn", "ScannerRoleArn") and value:
            yield str(value)
        elif isinstance(value, dict) and name in ("BackupSelection", "RestoreTestingSelection"):
            yield from _roles(value)


def values(asking: Asking) -> Values:
    """The condition keys of AWS Backup that the operation knows."""
    operation, parameters = asking.operation, asking.parameters
    read = _VALUES.get(operation)
    return {} if read is None else read(parameters)


def _lock(parameters: Parameters) -> Values:
    return given(
        backup__ChangeableForDays=parameters.get("ChangeableForDays"),
        backup__MinRetentionDays=parameters.get("MinRetentionDays"),
        backup__MaxRetentionDays=parameters.get("MaxRetentionDays"),
    )


def _report(parameters: Parameters) -> Values:
    return given(backup__FrameworkArns=parameters.get("ReportSetting", {}).get("FrameworkArns"))


def _team(parameters: Parameters) -> Values:
    return given(backup__MpaApprovalTeamArn=parameters.get("MpaApprovalTeamArn"))


def _index(parameters: Parameters) -> Values:
    return given(backup__Index=parameters.get("Index"))


_VALUES: dict[str, Callable[[Parameters], Values]] = {
    "AssociateBackupVaultMpaApprovalTeam": _team,
    "CreateLogicallyAirGappedBackupVault": _lock,
    "PutBackupVaultLockConfiguration": _lock,
    "CreateReportPlan": _report,
    "UpdateReportPlan": _report,
    "UpdateRecoveryPointIndexSettings": _index,
}


def copy(source_vault_arn: str, destination_vault_arn: str, path: tuple[str, ...]) -> list[Need]:
    """What the role of a copy job needs; `path` is the place of the destination's account in its organization."""
    targets = {"backup:copytargets": (destination_vault_arn,), "backup:copytargetorgpaths": path}
    return [
        Need("backup:CopyFromBackupVault", source_vault_arn, targets),
        Need("backup:CopyIntoBackupVault", destination_vault_arn),
    ]
