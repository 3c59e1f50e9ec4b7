"""Restore testing plans and their selections. How they run is in `testing_runs`."""

import copy
import re
from typing import Any

from emulator.world import clock, ids

from ..common.roles import check_role
from ..content import by_type
from ..exceptions import (
    AlreadyExistsException,
    InvalidParameterValueException,
    InvalidRequestException,
    LimitExceededException,
    MissingParameterValueException,
    ResourceNotFoundException,
)
from ..models import BackupBackend
from ..plans import schedule
from ..records import arns
from ..records.entities import RestoreTestingPlan
from . import testing_runs

_NAME = re.compile(r"[a-zA-Z0-9_]{1,50}")
_MOST_PLANS = 100
_MOST_SELECTIONS = 30
_MOST_ARNS = 30
_TYPES = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3")
_REQUIRED = ("Algorithm", "IncludeVaults", "RecoveryPointTypes")
_MOST_CONDITIONS = 30
_MOST_VAULTS = 30


def create_plan(
    backend: BackupBackend, body: dict[str, Any], tags: dict[str, str], creator_request_id: str | None
) -> RestoreTestingPlan:
    name = body["RestoreTestingPlanName"]
    _check_name("RestoreTestingPlanName", name)
    earlier = backend.restore_testing_plans.get(name)
    if earlier is not None:
        if creator_request_id is not None and creator_request_id == earlier.creator_request_id:
            return earlier
        raise AlreadyExistsException(f"A restore testing plan with the name {name} already exists.", arn=earlier.arn)
    complete = {"StartWindowHours": 24, "ScheduleExpressionTimezone": "Etc/UTC", **copy.deepcopy(body)}
    complete["RecoveryPointSelection"].setdefault("SelectionWindowDays", 30)
    complete["RecoveryPointSelection"].setdefault("ExcludeVaults", [])
    _check_plan(complete)
    if len(backend.restore_testing_plans) >= _MOST_PLANS:
        raise LimitExceededException(f"This account has {_MOST_PLANS} restore testing plans, the most allowed.")
    arn = arns.restore_testing_plan(backend.region, backend.account, name, ids.uuid("restore-testing-plan"))
    plan = RestoreTestingPlan(name, arn, clock.now(), complete, creator_request_id, tags=tags)
    backend.restore_testing_plans[name] = plan
    testing_runs.schedule_plan(backend, plan)
    return plan


def update_plan(backend: BackupBackend, name: str, changes: dict[str, Any]) -> RestoreTestingPlan:
    plan = plan_of(backend, name)
    body = copy.deepcopy(plan.body)
    selection = {**body["RecoveryPointSelection"], **(changes.get("RecoveryPointSelection") or {})}
    body.update({key: value for key, value in changes.items() if value is not None})
    body["RecoveryPointSelection"] = selection
    _check_plan(body)
    plan.body, plan.updated = body, clock.now()
    testing_runs.schedule_plan(backend, plan)
    return plan


def delete_plan(backend: BackupBackend, name: str) -> None:
    """Deleting what is not there succeeds: the operation's model has no error for it."""
    plan = backend.restore_testing_plans.get(name)
    if plan is not None and plan.selections:
        raise InvalidRequestException(f"Restore testing plan {name} has selections; delete them first.")
    backend.restore_testing_plans.pop(name, None)


def plan_of(backend: BackupBackend, name: str) -> RestoreTestingPlan:
    if name not in backend.restore_testing_plans:
        raise ResourceNotFoundException(f"Restore testing plan {name} does not exist in this account and Region.")
    return backend.restore_testing_plans[name]


def _check_name(parameter: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        message = f"{parameter} is {name!r}; it has to be 1 to 50 letters, digits and underscores."
        raise InvalidParameterValueException(message)


def _check_plan(body: dict[str, Any]) -> None:
    try:
        schedule.check(body["ScheduleExpression"], body.get("ScheduleExpressionTimezone"))
    except ValueError as reason:
        raise InvalidParameterValueException(f"ScheduleExpression: {reason}") from reason
    if not 1 <= body["StartWindowHours"] <= 168:
        raise InvalidParameterValueException("StartWindowHours has to lie between 1 and 168.")
    selection = body["RecoveryPointSelection"]
    missing = [key for key in _REQUIRED if not selection.get(key)]
    if missing:
        raise MissingParameterValueException(f"RecoveryPointSelection lacks {', '.join(missing)}.")
    if not 1 <= selection["SelectionWindowDays"] <= 365:
        raise InvalidParameterValueException("SelectionWindowDays has to lie between 1 and 365.")
    if len(selection["IncludeVaults"]) + len(selection["ExcludeVaults"]) > _MOST_VAULTS:
        raise InvalidParameterValueException(f"IncludeVaults and ExcludeVaults can hold at most {_MOST_VAULTS} vaults.")
    for vault in (*selection["IncludeVaults"], *selection["ExcludeVaults"]):
        if vault != "*" and not (vault.startswith("arn:") and ":backup-vault:" in vault):
            raise InvalidParameterValueException(
                f"RecoveryPointSelection: {vault} is neither * nor the ARN of a vault."
            )


# Selections


def create_selection(
    backend: BackupBackend, plan_name: str, body: dict[str, Any], creator_request_id: str | None
) -> dict[str, Any]:
    plan = plan_of(backend, plan_name)
    name = body["RestoreTestingSelectionName"]
    _check_name("RestoreTestingSelectionName", name)
    if name in plan.selections:
        earlier = plan.selections[name]
        if creator_request_id is not None and creator_request_id == earlier.get("CreatorRequestId"):
            return earlier
        raise AlreadyExistsException(f"Restore testing plan {plan_name} has a selection {name} already.")
    if len(plan.selections) >= _MOST_SELECTIONS:
        raise LimitExceededException(f"Restore testing plan {plan_name} has {_MOST_SELECTIONS} selections already.")
    selection = {"ValidationWindowHours": 0, "RestoreMetadataOverrides": {}, **copy.deepcopy(body)}
    _check_selection(backend, selection)
    selection |= {"CreationTime": clock.now(), "RestoreTestingPlanName": plan_name}
    if creator_request_id is not None:
        selection["CreatorRequestId"] = creator_request_id
    plan.selections[name] = selection
    return selection


def update_selection(backend: BackupBackend, plan_name: str, name: str, changes: dict[str, Any]) -> dict[str, Any]:
    selection = selection_of(backend, plan_name, name)
    changed = {**selection, **{key: value for key, value in changes.items() if value is not None}}
    _check_selection(backend, changed)
    selection.update(changed, UpdateTime=clock.now())
    return selection


def selection_of(backend: BackupBackend, plan_name: str, name: str) -> dict[str, Any]:
    plan = plan_of(backend, plan_name)
    if name not in plan.selections:
        raise ResourceNotFoundException(f"Restore testing plan {plan_name} has no selection {name}.")
    return plan.selections[name]


def delete_selection(backend: BackupBackend, plan_name: str, name: str) -> None:
    selection_of(backend, plan_name, name)
    del plan_of(backend, plan_name).selections[name]


def _check_selection(backend: BackupBackend, selection: dict[str, Any]) -> None:
    if selection["ProtectedResourceType"] not in _TYPES:
        message = f"ProtectedResourceType {selection['ProtectedResourceType']!r} cannot be tested; these can: {_TYPES}."
        raise InvalidParameterValueException(message)
    check_role(backend, selection["IamRoleArn"])
    _check_resources(selection.get("ProtectedResourceArns") or [], selection.get("ProtectedResourceConditions") or {})
    _, unknown = by_type.named(selection["ProtectedResourceType"], selection.get("RestoreMetadataOverrides") or {})
    if unknown:
        raise InvalidParameterValueException(
            f"RestoreMetadataOverrides: {', '.join(unknown)} is not known for this type."
        )
    if not 0 <= selection["ValidationWindowHours"] <= 168:
        raise InvalidParameterValueException("ValidationWindowHours has to lie between 0 and 168.")


def _check_resources(named: list[str], conditions: dict[str, Any]) -> None:
    """Either up to 30 ARNs, or the wildcard (or nothing) with conditions."""
    number = sum(len(wanted or []) for wanted in conditions.values())
    if not named and not number:
        raise InvalidParameterValueException("A selection needs ProtectedResourceArns or ProtectedResourceConditions.")
    if len(named) > _MOST_ARNS:
        raise InvalidParameterValueException(f"ProtectedResourceArns can hold at most {_MOST_ARNS} ARNs.")
    if number > _MOST_CONDITIONS:
        raise InvalidParameterValueException(f"ProtectedResourceConditions can hold at most {_MOST_CONDITIONS}.")
    if "*" in named and len(named) > 1:
        raise InvalidParameterValueException("ProtectedResourceArns holds ARNs or the wildcard *, not both.")
    if number and named and named != ["*"]:
        message = "A selection has ARNs in ProtectedResourceArns or ProtectedResourceConditions, not both."
        raise InvalidParameterValueException(message)
