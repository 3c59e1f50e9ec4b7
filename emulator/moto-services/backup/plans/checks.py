"""What the body of a backup plan may hold, before anything of it is kept."""

import re
from typing import Any

from ..common.validation import check_shape
from ..exceptions import InvalidParameterValueException
from ..protection import locks
from ..records import arns
from ..recovery_points import continuous
from . import schedule

DEFAULT_SCHEDULE = "cron(0 5 ? * * *)"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,50}")
_SHORTEST_WINDOW = 60
_LONGEST_WINDOW = 52_560_000
_START_WINDOW, _COMPLETION_WINDOW = 480, 10080

# The options of advanced settings by resource type; each is enabled or disabled.
_OPTIONS = {"EC2": ("WindowsVSS",), "S3": ("BackupACLs", "BackupObjectTags")}


def check_body(body: dict[str, Any], account: str, region: str) -> None:
    """The same for a body that did not come with a request: the model's own limits first."""
    check_shape("BackupPlanInput", body)
    check(body, account, region)


def check(body: dict[str, Any], account: str, region: str) -> None:
    """Refuse a plan of an account and Region that AWS Backup would not take."""
    if not _NAME.fullmatch(body["BackupPlanName"]):
        name = body["BackupPlanName"]
        message = f"BackupPlanName is {name!r}; it has to be 1 to 50 letters, digits, '-', '_' or '.'."
        raise InvalidParameterValueException(message)
    names = [rule["RuleName"] for rule in body["Rules"]]
    if not names:
        raise InvalidParameterValueException("A backup plan has to have at least one rule.")
    if len(set(names)) < len(names):
        raise InvalidParameterValueException("The rules of a backup plan have to have different names.")
    for setting in body.get("AdvancedBackupSettings") or []:
        _check_setting(setting)
    for rule in body["Rules"]:
        try:
            _check_rule(rule, account, region)
        except InvalidParameterValueException as error:
            raise InvalidParameterValueException(f"Rule {rule['RuleName']}: {error.message}") from error


def _check_setting(setting: dict[str, Any]) -> None:
    kind = setting.get("ResourceType", "")
    if kind not in _OPTIONS:
        known = ", ".join(_OPTIONS)
        raise InvalidParameterValueException(f"AdvancedBackupSettings: {kind!r} has none; there are some of {known}.")
    for option, value in (setting.get("BackupOptions") or {}).items():
        if option not in _OPTIONS[kind] or value not in ("enabled", "disabled"):
            allowed = ", ".join(_OPTIONS[kind])
            message = f"AdvancedBackupSettings: {kind} takes {allowed}, enabled or disabled, not {option}={value}."
            raise InvalidParameterValueException(message)


def _check_rule(rule: dict[str, Any], account: str, region: str) -> None:
    try:
        schedule.check(rule.get("ScheduleExpression") or DEFAULT_SCHEDULE, rule.get("ScheduleExpressionTimezone"))
    except ValueError as reason:
        raise InvalidParameterValueException(str(reason)) from reason
    _check_windows(rule.get("StartWindowMinutes"), rule.get("CompletionWindowMinutes"))
    locks.check_lifecycle(rule.get("Lifecycle") or {})
    if rule.get("EnableContinuousBackup"):
        continuous.check_rule(rule.get("Lifecycle") or {})
    for action in rule.get("CopyActions") or []:
        _vault(action["DestinationBackupVaultArn"])
        locks.check_lifecycle(action.get("Lifecycle") or {})
    target = rule.get("TargetLogicallyAirGappedBackupVaultArn")
    if target is None:
        return
    arn = _vault(target)
    if (arn.account, arn.region) != (account, region):
        message = f"TargetLogicallyAirGappedBackupVaultArn: {target} is not in this account and Region."
        raise InvalidParameterValueException(message)


def _check_windows(start: int | None, completion: int | None) -> None:
    first = _START_WINDOW if start is None else start
    if not _SHORTEST_WINDOW <= first <= _LONGEST_WINDOW:
        message = f"StartWindowMinutes is {first}; it has to lie between {_SHORTEST_WINDOW} and {_LONGEST_WINDOW}."
        raise InvalidParameterValueException(message)
    whole = _COMPLETION_WINDOW if completion is None else completion
    if completion is not None and not first + _SHORTEST_WINDOW <= whole <= _LONGEST_WINDOW:
        message = (
            f"CompletionWindowMinutes is {whole}; it has to be at least {_SHORTEST_WINDOW} more than "
            f"StartWindowMinutes ({first}) and at most {_LONGEST_WINDOW}."
        )
        raise InvalidParameterValueException(message)


def _vault(text: str) -> arns.Arn:
    arn = arns.parse(text)
    if arn is None or arn.service != "backup" or not arn.resource.startswith("backup-vault:"):
        raise InvalidParameterValueException(f"{text} is not the ARN of a backup vault.")
    return arn
