"""The controls of Backup Audit Manager: their names, and what their parameters may hold."""

import re
from typing import Any, NamedTuple

from ..exceptions import InvalidParameterValueException

_SCOPES_WITHOUT_TAGS = frozenset({"RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT"})


class Kind(NamedTuple):
    """What a parameter holds: a whole number between two bounds, one of some words, or a list in one text."""

    lowest: int | None = None
    highest: int | None = None
    words: tuple[str, ...] = ()
    pattern: str = ""
    most: int = 0


_DAYS = Kind(1, 36500)
_HOURS_OR_DAYS = Kind(words=("hours", "days"))
_COUNT = Kind(1, 36500)
_ACCOUNT = r"[0-9]{12}"
_REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]"
_PRINCIPAL = r"arn:aws[a-z-]*:iam::[0-9]{12}:.+"

CONTROLS: dict[str, dict[str, Kind]] = {
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN": {},
    "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK": {
        "requiredRetentionDays": _DAYS,
        "requiredFrequencyUnit": _HOURS_OR_DAYS,
        "requiredFrequencyValue": _COUNT,
    },
    "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED": {"principalArnList": Kind(pattern=_PRINCIPAL, most=5)},
    "BACKUP_RECOVERY_POINT_ENCRYPTED": {},
    "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK": {"requiredRetentionDays": _DAYS},
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION": {"crossRegionList": Kind(pattern=_REGION, most=50)},
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT": {"crossAccountList": Kind(pattern=_ACCOUNT, most=5)},
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK": {"minRetentionDays": _DAYS, "maxRetentionDays": _DAYS},
    "BACKUP_LAST_RECOVERY_POINT_CREATED": {
        "recoveryPointAgeValue": Kind(1, 744),
        "recoveryPointAgeUnit": _HOURS_OR_DAYS,
    },
    "RESTORE_TIME_FOR_RESOURCES_MEET_TARGET": {"maxRestoreTime": _COUNT},
    "RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT": {
        "recoveryPointAgeValue": Kind(1, 2184),
        "recoveryPointAgeUnit": _HOURS_OR_DAYS,
    },
}

# The age of a point, by control and unit.
_AGES = {
    ("BACKUP_LAST_RECOVERY_POINT_CREATED", "hours"): (1, 744),
    ("BACKUP_LAST_RECOVERY_POINT_CREATED", "days"): (1, 31),
    ("RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT", "hours"): (24, 2184),
    ("RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT", "days"): (1, 91),
}


def check(controls: list[dict[str, Any]]) -> None:
    """Refuse controls that there are not, parameters that they do not take, and values that these cannot hold."""
    if not controls:
        raise InvalidParameterValueException("FrameworkControls: a framework has to have at least one control.")
    for control in controls:
        _check_one(control)


def _check_one(control: dict[str, Any]) -> None:
    name = control["ControlName"]
    known = CONTROLS.get(name)
    if known is None:
        raise InvalidParameterValueException(f"ControlName: there is no control {name}.")
    given = {
        one.get("ParameterName", ""): one.get("ParameterValue", "")
        for one in control.get("ControlInputParameters") or []
    }
    for parameter, value in given.items():
        if parameter not in known:
            offered = ", ".join(known) or "none"
            raise InvalidParameterValueException(f"Control {name} takes no parameter {parameter}; it takes: {offered}.")
        _check_value(name, parameter, known[parameter], value)
    _check_age(name, given)
    _check_scope(name, control.get("ControlScope") or {})


def _check_value(control: str, parameter: str, kind: Kind, value: str) -> None:
    place = f"Control {control}: {parameter} is {value!r}"
    if kind.words:
        if value not in kind.words:
            raise InvalidParameterValueException(f"{place}; allowed are: {', '.join(kind.words)}.")
        return
    if kind.pattern:
        parts = [part.strip() for part in value.split(",")]
        if len(parts) > kind.most or not all(re.fullmatch(kind.pattern, part) for part in parts):
            raise InvalidParameterValueException(f"{place}; it has to be at most {kind.most} values between commas.")
        return
    if not value.isdecimal() or not (kind.lowest or 0) <= int(value) <= (kind.highest or 0):
        message = f"{place}; it has to be a whole number between {kind.lowest} and {kind.highest}."
        raise InvalidParameterValueException(message)


def _check_age(control: str, given: dict[str, str]) -> None:
    unit, value = given.get("recoveryPointAgeUnit"), given.get("recoveryPointAgeValue")
    if unit is None or value is None:
        return
    lowest, highest = _AGES[control, unit]
    if not lowest <= int(value) <= highest:
        message = (
            f"Control {control}: recoveryPointAgeValue is {value}; in {unit} it lies between {lowest} and {highest}."
        )
        raise InvalidParameterValueException(message)


def _check_scope(control: str, scope: dict[str, Any]) -> None:
    tags = scope.get("Tags") or {}
    if len(tags) > 1:
        raise InvalidParameterValueException(f"Control {control}: its scope can name one tag, not {len(tags)}.")
    if tags and control in _SCOPES_WITHOUT_TAGS:
        raise InvalidParameterValueException(
            f"Control {control}: its scope is one of resource types or of one resource, not of tags."
        )
