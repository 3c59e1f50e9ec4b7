"""Which resources a plan's selection covers at this moment."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from ..common import settings
from ..content import resources
from ..content.errors import RESTORE_TEST
from ..content.resources import Resource
from ..models import BackupBackend

# In an ARN: arn:partition:service:region:account:resource.
_COLONS = 5
_SHARING_A_FORM = ("Aurora", "DocumentDB", "Neptune")

_CONDITIONS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (lambda value, pattern: value == pattern, False),
    "StringNotEquals": (lambda value, pattern: value == pattern, True),
    "StringLike": (fnmatchcase, False),
    "StringNotLike": (fnmatchcase, True),
}


def chosen(backend: BackupBackend, selection: dict[str, Any], opted_in_at: BackupBackend) -> Iterable[Resource]:
    """The resources that match: those of Resources or of ListOfTags, for which all Conditions hold, without
    NotResources. Service opt-in (of `opted_in_at`) matters unless a pattern names the type or the resource.
    """
    for resource in _candidates(backend, selection):
        if any(fnmatchcase(resource.arn, pattern) for pattern in selection.get("NotResources") or []):
            continue
        if _is_a_restore_test(resource) or not _conditions_hold(resource, selection.get("Conditions") or {}):
            continue
        patterns = [pattern for pattern in selection.get("Resources") or [] if fnmatchcase(resource.arn, pattern)]
        outright = any(_names_type(pattern, resource) for pattern in patterns)
        everything = not selection.get("Resources") and not selection.get("ListOfTags")
        matches = everything or bool(patterns) or _tagged(resource, selection.get("ListOfTags") or [])
        if matches and (outright or settings.opted_in(opted_in_at, resource.resource_type)):
            yield resource


def _candidates(backend: BackupBackend, selection: dict[str, Any]) -> Iterable[Resource]:
    """What can match at all, each once: a selection by ARN alone looks at nothing else."""
    patterns = selection.get("Resources") or []
    if not patterns or selection.get("ListOfTags"):
        return resources.all_resources(backend.account, backend.region)
    found = (
        resource for pattern in patterns for resource in resources.matching(pattern, backend.account, backend.region)
    )
    return {resource.arn: resource for resource in found}.values()


def _names_type(pattern: str, resource: Resource) -> bool:
    """Whether a pattern names the resource or its type, and not only a service (`arn:aws:ec2:*`).

    Clusters of all engines share one form of ARN, so that a wildcard of it names no type.
    """
    if pattern == resource.arn:
        return True
    return pattern.count(":") >= _COLONS and resource.resource_type not in _SHARING_A_FORM


def _is_a_restore_test(resource: Resource) -> bool:
    """What restore testing made is never backed up."""
    return RESTORE_TEST in dict(resource.tags) or resource.name_of_id.startswith(RESTORE_TEST)


def _tagged(resource: Resource, wanted: list[dict[str, str]]) -> bool:
    """Tags of ListOfTags are alternatives."""
    tags = dict(resource.tags)
    return any(tags.get(_tag_key(tag["ConditionKey"])) == tag["ConditionValue"] for tag in wanted)


def _conditions_hold(resource: Resource, conditions: dict[str, list[dict[str, str]]]) -> bool:
    """Conditions all have to hold; a tag that is missing is equal to nothing."""
    tags = dict(resource.tags)
    for operator, wanted in conditions.items():
        test, negated = _CONDITIONS[operator]
        for condition in wanted or []:
            value = tags.get(_tag_key(condition["ConditionKey"]))
            if (value is not None and test(value, condition["ConditionValue"])) is negated:
                return False
    return True


def _tag_key(key: str) -> str:
    return key.removeprefix("aws:ResourceTag/")
