"""Global settings of an organization and Region settings of an account."""

from datetime import datetime

from emulator.world import choices, clock, organizations

from ..exceptions import InvalidParameterValueException, InvalidRequestException
from ..models import BackupBackend, settings_backend
from . import control_events, undocumented

CROSS_ACCOUNT = "isCrossAccountBackupEnabled"
MPA = "isMpaEnabled"
_KEYS = (CROSS_ACCOUNT, MPA, "isDelegatedAdministratorEnabled")
_ONE_MORE_KEY = "isFurtherFeatureEnabled"

_USUAL_TYPES = (
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

_LARGE_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
_NOT_IN_EVERY_REGION = ("Aurora", "DSQL", "EFS", "Redshift Serverless", "Timestream")
# Types of services that AWS Backup does not protect today: what comes will have other names.
_TO_COME = {"MemoryDB": True, "WorkSpaces": False}

# The types whose backups AWS Backup can manage in full; EFS is so from the start, DynamoDB by choice.
_MANAGEMENT_DEFAULTS = {"DynamoDB": False, "EFS": True}


def describe_global(account: str) -> tuple[dict[str, str], datetime | None]:
    backend = settings_backend(_organization(account).management)
    settings = {key: backend.global_settings.get(key, "false") for key in _keys()}
    return settings, backend.global_settings_updated


def update_global(account: str, settings: dict[str, str]) -> None:
    if _organization(account).management != account:
        raise InvalidRequestException("Only the management account of an organization can update global settings.")
    for key, value in settings.items():
        if key not in _keys():
            raise InvalidParameterValueException(f"GlobalSettings: {key} is unknown; known are {', '.join(_keys())}.")
        if value not in ("true", "false"):
            raise InvalidParameterValueException(f"GlobalSettings: {key} is {value!r}; allowed are 'true' and 'false'.")
    backend = settings_backend(account)
    backend.global_settings.update(settings)
    backend.global_settings_updated = clock.now()


def _keys() -> tuple[str, ...]:
    return (*_KEYS, _ONE_MORE_KEY) if choices.taken(undocumented.GLOBAL_SETTINGS) == "one-more" else _KEYS


def organization_allows(account: str, key: str) -> bool:
    """Whether the organization of this account has switched a global setting on."""
    organization = organizations.organization_of(account)
    return organization is not None and settings_backend(organization.management).global_settings.get(key) == "true"


def _organization(account: str) -> organizations.Organization:
    organization = organizations.organization_of(account)
    if organization is None:
        raise InvalidRequestException(f"Account {account} is not a member of an organization.")
    return organization


def resource_types(region: str) -> tuple[str, ...]:
    """The resource types that a Region knows."""
    chosen = choices.taken(undocumented.TYPES_OF_A_REGION)
    if chosen == "by-region":
        chosen = "longer" if region in _LARGE_REGIONS else "shorter"
    match chosen:
        case "shorter":
            return tuple(name for name in _USUAL_TYPES if name not in _NOT_IN_EVERY_REGION)
        case "longer":
            return (*_USUAL_TYPES, *_TO_COME)
    return _USUAL_TYPES


def _managed_types(region: str) -> dict[str, bool]:
    """Those of a Region's types that can be managed in full, and whether they are so from the start."""
    known = resource_types(region)
    return {name: on for name, on in {**_MANAGEMENT_DEFAULTS, **_TO_COME}.items() if name in known}


def region_settings(backend: BackupBackend) -> tuple[dict[str, bool], dict[str, bool]]:
    """Service opt-ins (off in a new account) and full management."""
    opt_in = {name: backend.opt_in.get(name, False) for name in resource_types(backend.region)}
    managed = _managed_types(backend.region)
    return opt_in, {name: backend.management.get(name, default) for name, default in managed.items()}


def update_region(backend: BackupBackend, opt_in: dict[str, bool], management: dict[str, bool]) -> None:
    _check_types("opt in", opt_in, resource_types(backend.region))
    _check_types("management", management, tuple(_managed_types(backend.region)))
    backend.opt_in.update(opt_in)
    backend.management.update(management)
    changed = {"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}
    control_events.region_settings(backend.account, backend.region, changed)


def _check_types(preference: str, named: dict[str, bool], known: tuple[str, ...]) -> None:
    """AWS does not say which one it is that it does not know."""
    if not named.keys() <= set(known):
        raise InvalidParameterValueException(
            f"Element present in resource type {preference} preference has invalid values. Please use "
            "describeRegionSettings API to know the supported resource types."
        )


def opted_in(backend: BackupBackend, resource_type: str) -> bool:
    return backend.opt_in.get(resource_type, False)


def fully_managed(backend: BackupBackend, resource_type: str) -> bool:
    """Whether AWS Backup itself holds the data of this type (S3 always, DynamoDB with advanced features)."""
    return resource_type == "S3" or {**_MANAGEMENT_DEFAULTS, **backend.management}.get(resource_type, False)
