"""Backup plans from templates, and plans as text. AWS names its templates; their ids and rules here are ours."""

import copy
import json
from typing import Any

from emulator.world import ids

from ..exceptions import BackupError, InvalidParameterValueException, ResourceNotFoundException
from ..models import BackupBackend
from . import checks, plans

_RULES: dict[str, dict[str, Any]] = {
    "DailyBackups": {"ScheduleExpression": "cron(0 5 ? * * *)", "Lifecycle": {"DeleteAfterDays": 35}},
    "WeeklyBackups": {"ScheduleExpression": "cron(0 5 ? * 7 *)", "Lifecycle": {"DeleteAfterDays": 90}},
    "MonthlyBackups": {
        "ScheduleExpression": "cron(0 5 1 * ? *)",
        "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365},
    },
}

# By name: the rules, and how many days the monthly backups of the template live.
_TEMPLATES: dict[str, tuple[tuple[str, ...], int]] = {
    "Daily-35day-Retention": (("DailyBackups",), 0),
    "Daily-Monthly-1yr-Retention": (("DailyBackups", "MonthlyBackups"), 365),
    "Daily-Weekly-Monthly-5yr-Retention": (("DailyBackups", "WeeklyBackups", "MonthlyBackups"), 1825),
    "Daily-Weekly-Monthly-7yr-Retention": (("DailyBackups", "WeeklyBackups", "MonthlyBackups"), 2555),
}
_VAULT = "Default"


def all_templates() -> list[dict[str, str]]:
    return [{"BackupPlanTemplateId": _id(name), "BackupPlanTemplateName": name} for name in _TEMPLATES]


def plan_of(template_id: str) -> dict[str, Any]:
    """The plan that a template stands for."""
    name = next((name for name in _TEMPLATES if _id(name) == template_id), None)
    if name is None:
        raise ResourceNotFoundException(f"Backup plan template {template_id} does not exist.")
    rules, monthly_days = _TEMPLATES[name]
    body = {"BackupPlanName": name, "Rules": [_rule(rule, monthly_days) for rule in rules]}
    return plans.complete(body)


def _rule(name: str, monthly_days: int) -> dict[str, Any]:
    rule = copy.deepcopy(_RULES[name]) | {"RuleName": name, "TargetBackupVaultName": _VAULT}
    if name == "MonthlyBackups":
        rule["Lifecycle"]["DeleteAfterDays"] = monthly_days
    return rule


def exported(backend: BackupBackend, plan_id: str) -> str:
    """A plan as text, without the ids of its rules: what GetBackupPlanFromJSON reads again."""
    return json.dumps(plans.without_ids(plans.plan_of(backend, plan_id).body))


def from_text(backend: BackupBackend, text: str) -> dict[str, Any]:
    """The plan of a text, checked as CreateBackupPlan would, with its defaults filled in."""
    try:
        body = json.loads(text)
    except ValueError as error:
        raise InvalidParameterValueException(f"BackupPlanTemplateJson is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise InvalidParameterValueException("BackupPlanTemplateJson is not a JSON object.")
    body = body.get("BackupPlan", body)
    try:
        checks.check_body(body, backend.account, backend.region)
    except BackupError as error:
        raise InvalidParameterValueException(f"BackupPlanTemplateJson is not a backup plan: {error.message}") from error
    return plans.complete(body)


def _id(name: str) -> str:
    return ids.derived_uuid("backup-plan-template", name)
