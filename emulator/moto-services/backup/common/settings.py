"""Global settings of an organization and Region settings of an account."""

from datetime import datetime

from emulator.world import clock, organizations

from ..exceptions import InvalidParameterValueException, InvalidRequestException
from ..models import BackupBackend, settings_backend
from . import control_events

CROSS_ACCOUNT = "isCrossAccountBackupEnabled"
MPA = "isMpaEnabled"
_KEYS = (CROSS_ACCOUNT, MPA, "isDelegatedAdministratorEnabled")

RESOURCE_TYPES = (
    "Aurora",
    "CloudFormation",
    "DSQL",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "Redshift Serverless",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)

# The types whose backups AWS Backup can manage in full; EFS is so from the start, DynamoDB by choice.
_MANAGEMENT_DEFAULTS = {"DynamoDB": False, "EFS": True}


def describe_global(account: str) -> tuple[dict[str, str], datetime | None]:
    backend = settings_backend(_organization(account).management)
    settings = {key: backend.global_settings.get(key, "false") for key in _KEYS}
    return settings, backend.global_settings_updated


def update_global(account: str, settings: dict[str, str]) -> None:
    if _organization(account).management != account:
        raise InvalidRequestException("Only the management account of an organization can update global settings.")
    for key, value in settings.items():
        if key not in _KEYS:
            raise InvalidParameterValueException(f"GlobalSettings: {key} is unknown; known are {', '.join(_KEYS)}.")
        if value not in ("true", "false"):
            raise InvalidParameterValueException(f"GlobalSettings: {key} is {value!r}; allowed are 'true' and 'false'.")
    backend = settings_backend(account)
    backend.global_settings.update(settings)
    backend.global_settings_updated = clock.now()


def organization_allows(account: str, key: str) -> bool:
    """Whether the organization of this account has switched a global setting on."""
    organization = organizations.organization_of(account)
    return organization is not None and settings_backend(organization.management).global_settings.get(key) == "true"


def _organization(account: str) -> organizations.Organization:
    organization = organizations.organization_of(account)
    if organization is None:
        raise InvalidRequestException(f"Account {account} is not a member of an organization.")
    return organization


def region_settings(backend: BackupBackend) -> tuple[dict[str, bool], dict[str, bool]]:
    """Service opt-ins (off in a new account) and full management."""
    opt_in = {name: backend.opt_in.get(name, False) for name in RESOURCE_TYPES}
    return opt_in, {**_MANAGEMENT_DEFAULTS, **backend.management}


def update_region(backend: BackupBackend, opt_in: dict[str, bool], management: dict[str, bool]) -> None:
    _check_types("ResourceTypeOptInPreference", opt_in, RESOURCE_TYPES)
    _check_types("ResourceTypeManagementPreference", management, tuple(_MANAGEMENT_DEFAULTS))
    backend.opt_in.update(opt_in)
    backend.management.update(management)
    changed = {"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}
    control_events.region_settings(backend.account, backend.region, changed)


def _check_types(parameter: str, preference: dict[str, bool], known: tuple[str, ...]) -> None:
    unknown = [name for name in preference if name not in known]
    if unknown:
        message = f"{parameter}: {', '.join(unknown)} is not known; known are {', '.join(known)}."
        raise InvalidParameterValueException(message)


def opted_in(backend: BackupBackend, resource_type: str) -> bool:
    return backend.opt_in.get(resource_type, False)


def fully_managed(backend: BackupBackend, resource_type: str) -> bool:
    """Whether AWS Backup itself holds the data of this type (S3 always, DynamoDB with advanced features)."""
    return resource_type == "S3" or {**_MANAGEMENT_DEFAULTS, **backend.management}.get(resource_type, False)
