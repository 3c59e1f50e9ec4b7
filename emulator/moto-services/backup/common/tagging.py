"""Tags of vaults, plans, recovery points and restore testing plans, by ARN."""

from ..exceptions import (
    AccessDeniedException,
    InvalidParameterValueException,
    LimitExceededException,
    ResourceNotFoundException,
)
from ..models import BackupBackend, backend_of, find_point, find_vault
from ..records import arns
from ..records.entities import AIR_GAPPED, Plan, RestoreTestingPlan
from ..records.governance import Noun
from . import other_services

_MOST_TAGS = 50
_LONGEST_KEY = 128
_LONGEST_VALUE = 256


def tags_of(backend: BackupBackend, resource_arn: str) -> dict[str, str]:
    """The tags to read; those of a shared vault are for its consumers too."""
    vault = find_vault(resource_arn)
    if vault is not None and vault.account != backend.account:
        if vault.kind != AIR_GAPPED or not other_services.shared_with(vault.arn, backend.account):
            raise AccessDeniedException
        return vault.tags
    return _own_tags(backend, resource_arn)


def tag(backend: BackupBackend, resource_arn: str, tags: dict[str, str]) -> None:
    check(tags)
    own = _own_tags(backend, resource_arn)
    if len({*own, *tags}) > _MOST_TAGS:
        raise LimitExceededException(f"{resource_arn} would have more than {_MOST_TAGS} tags.")
    own.update(tags)


def untag(backend: BackupBackend, resource_arn: str, keys: list[str]) -> None:
    own = _own_tags(backend, resource_arn)
    for key in keys:
        own.pop(key, None)


def check(tags: dict[str, str]) -> None:
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            raise InvalidParameterValueException(f"The tag key {key} starts with aws:, which is reserved.")
        if not 1 <= len(key) <= _LONGEST_KEY or len(value) > _LONGEST_VALUE:
            message = f"The tag {key} is too long: {_LONGEST_KEY} characters for a key, {_LONGEST_VALUE} for a value."
            raise InvalidParameterValueException(message)
    if len(tags) > _MOST_TAGS:
        raise InvalidParameterValueException(f"At most {_MOST_TAGS} tags are allowed.")


def _own_tags(backend: BackupBackend, resource_arn: str) -> dict[str, str]:
    arn = arns.parse(resource_arn)
    if arn is None:
        raise InvalidParameterValueException(f"ResourceArn: {resource_arn} is not an ARN.")
    if arn.account.isdecimal() and arn.account != backend.account:
        raise AccessDeniedException
    there = backend_of(backend.account, arn.region or backend.region)
    found = _find(there, resource_arn)
    if found is None:
        raise ResourceNotFoundException(f"{resource_arn} does not exist.")
    return found


def _find(backend: BackupBackend, resource_arn: str) -> dict[str, str] | None:
    vault = find_vault(resource_arn)
    if vault is not None:
        return vault.tags
    leaving = next((vault for vault in backend.leaving.values() if vault.arn == resource_arn), None)
    if leaving is not None:
        return leaving.tags
    point = find_point(resource_arn, backend.account, backend.region)
    if point is not None:
        return point[1].tags
    plans = [plan for plan in backend.plans.values() if plan.deleted is None]
    holders: list[Plan | RestoreTestingPlan | Noun] = [
        *plans,
        *backend.restore_testing_plans.values(),
        *backend.governance.tagged(),
    ]
    return next((holder.tags for holder in holders if holder.arn == resource_arn), None)
