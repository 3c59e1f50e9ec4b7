"""From an operation to the permissions that it needs."""

from collections.abc import Callable

from emulator.authorization.needs import Asking, Need, Values
from emulator.authorization.services import backup, iam, kms, mpa, organizations, ram, s3, sts

Find = Callable[[Asking], list[Need]]
Read = Callable[[Asking], Values]

# Of all other services only the action counts.
CLOSELY: dict[str, tuple[Find, Read]] = {
    "backup": (backup.needs, backup.values),
    "iam": (iam.needs, iam.values),
    "kms": (kms.needs, kms.values),
    "mpa": (mpa.needs, mpa.values),
    "organizations": (organizations.needs, organizations.values),
    "ram": (ram.needs, ram.values),
    "s3": (s3.needs, s3.values),
    "sts": (sts.needs, sts.values),
}
# Services that sign with one name and have another in policies.
_PREFIXES = {"email": "ses", "monitoring": "cloudwatch", "tagging": "tag"}


def needed(service: str, asking: Asking) -> list[Need]:
    """Every permission that the call needs; all of them must be allowed."""
    if service in CLOSELY:
        return CLOSELY[service][0](asking)
    return [Need(f"{_PREFIXES.get(service, service)}:{asking.operation}", None)]


def values(service: str, asking: Asking) -> Values:
    """The called service's own condition keys."""
    return CLOSELY[service][1](asking) if service in CLOSELY else {}
