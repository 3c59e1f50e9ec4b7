"""Backup plans with their versions and selections."""

import copy
from typing import Any

from emulator.world import clock, ids

from ..common import control_events, roles
from ..exceptions import (
    AlreadyExistsException,
    InvalidParameterValueException,
    InvalidRequestException,
    LimitExceededException,
    ResourceNotFoundException,
)
from ..models import BackupBackend
from ..records import arns
from ..records.entities import Plan, Selection
from . import runs
from .checks import DEFAULT_SCHEDULE, check

_MOST_PLANS = 300
_MOST_SELECTIONS = 100
_MOST_TAGS = 30


def create(backend: BackupBackend, body: dict[str, Any], tags: dict[str, str], creator_request_id: str | None) -> Plan:
    earlier = _of_name(backend, body["BackupPlanName"])
    if earlier is not None:
        same = creator_request_id is not None and creator_request_id == earlier.creator_request_id
        if same and without_ids(earlier.body) == without_ids(complete(body)):
            return earlier
        raise AlreadyExistsException(
            f"A backup plan with the name {earlier.name} already exists.",
            arn=earlier.arn,
            creator_request_id=earlier.creator_request_id or "",
        )
    check(body, backend.account, backend.region)
    if len(list_plans(backend, False)) >= _MOST_PLANS:
        raise LimitExceededException(
            f"This account has {_MOST_PLANS} backup plans in {backend.region}, the most allowed."
        )
    plan = Plan(
        ids.uuid("backup-plan"),
        backend.account,
        backend.region,
        body["BackupPlanName"],
        complete(body),
        new_version_id(),
        clock.now(),
        creator_request_id,
        tags,
    )
    add(backend, plan)
    control_events.plan(plan, "CREATED")
    return plan


def add(backend: BackupBackend, plan: Plan) -> None:
    backend.plans[plan.plan_id] = plan
    _remember_version(plan)
    runs.schedule_rules(plan)


def update(backend: BackupBackend, plan_id: str, body: dict[str, Any]) -> Plan:
    plan = own_plan(backend, plan_id)
    check(body, backend.account, backend.region)
    other = _of_name(backend, body["BackupPlanName"])
    if other is not None and other is not plan:
        raise InvalidParameterValueException(f"A backup plan with the name {other.name} already exists.")
    change(plan, complete(body))
    control_events.plan(plan, "MODIFIED")
    return plan


def change(plan: Plan, body: dict[str, Any]) -> None:
    """A new version: the rules of the old one run no more."""
    plan.name = body["BackupPlanName"]
    plan.body = body
    plan.version_id = new_version_id()
    _remember_version(plan)
    runs.schedule_rules(plan)


def delete(backend: BackupBackend, plan_id: str) -> Plan:
    plan = own_plan(backend, plan_id)
    if plan.selections:
        message = f"Backup plan {plan_id} cannot be deleted: delete its {len(plan.selections)} selections first."
        raise InvalidRequestException(message)
    plan.deleted = clock.now()
    control_events.plan(plan, "DELETED")
    return plan


def plan_of(backend: BackupBackend, plan_id: str) -> Plan:
    plan = backend.plans.get(plan_id)
    if plan is None or plan.deleted is not None:
        raise ResourceNotFoundException(f"Backup plan {plan_id} does not exist in this account and Region.")
    return plan


def own_plan(backend: BackupBackend, plan_id: str) -> Plan:
    """A plan that this account may change; those of the organization's policies are read-only."""
    plan = plan_of(backend, plan_id)
    if plan.managed_by_organization:
        message = f"Backup plan {plan_id} comes from a backup policy of the organization and cannot be changed here."
        raise InvalidParameterValueException(message)
    return plan


def version_of(plan: Plan, version_id: str | None) -> dict[str, Any]:
    wanted = version_id or plan.version_id
    found = next((version for version in plan.versions if version["VersionId"] == wanted), None)
    if found is None:
        raise ResourceNotFoundException(f"Backup plan {plan.plan_id} has no version {wanted}.")
    return found


def list_plans(backend: BackupBackend, with_deleted: bool) -> list[Plan]:
    return [plan for plan in backend.plans.values() if with_deleted or plan.deleted is None]


def _of_name(backend: BackupBackend, name: str) -> Plan | None:
    return next((plan for plan in list_plans(backend, False) if plan.name == name), None)


def new_version_id() -> str:
    return ids.word(48, "backup-plan-version")


def _remember_version(plan: Plan) -> None:
    plan.versions.append(
        {
            "VersionId": plan.version_id,
            "CreationDate": clock.now(),
            "BackupPlanName": plan.name,
            "BackupPlan": plan.body,
        }
    )


def without_ids(body: dict[str, Any]) -> dict[str, Any]:
    stripped = copy.deepcopy(body)
    for rule in stripped["Rules"]:
        rule.pop("RuleId", None)
    return stripped


def complete(body: dict[str, Any]) -> dict[str, Any]:
    """The body with the defaults that AWS fills in, and an id for every rule."""
    complete = copy.deepcopy(body)
    for rule in complete["Rules"]:
        rule.setdefault("ScheduleExpression", DEFAULT_SCHEDULE)
        rule.setdefault("ScheduleExpressionTimezone", "Etc/UTC")
        rule.setdefault("StartWindowMinutes", 480)
        rule.setdefault("CompletionWindowMinutes", 10080)
        rule["RuleId"] = ids.uuid("backup-rule")
    return complete


# Selections


def create_selection(
    backend: BackupBackend, plan_id: str, body: dict[str, Any], creator_request_id: str | None
) -> Selection:
    if plan_id not in backend.plans or backend.plans[plan_id].deleted is not None:
        # The one operation on plans whose model has no ResourceNotFoundException.
        raise InvalidParameterValueException(f"Backup plan {plan_id} does not exist in this account and Region.")
    plan = own_plan(backend, plan_id)
    role = arns.parse(body["IamRoleArn"])
    if role is None or role.service != "iam" or not role.resource.startswith("role/"):
        raise InvalidParameterValueException(f"IamRoleArn: {body['IamRoleArn']} is not the ARN of a role.")
    if not any(body.get(key) for key in ("Resources", "ListOfTags", "NotResources")):
        raise InvalidParameterValueException("A selection has to name Resources, NotResources or ListOfTags.")
    if len(body.get("ListOfTags") or []) > _MOST_TAGS:
        raise InvalidParameterValueException(f"ListOfTags can hold at most {_MOST_TAGS} tags.")
    for earlier in plan.selections.values():
        if earlier.body["SelectionName"] == body["SelectionName"]:
            if creator_request_id is not None and creator_request_id == earlier.creator_request_id:
                return earlier
            raise AlreadyExistsException(f"Backup plan {plan_id} has a selection {body['SelectionName']} already.")
    roles.check_known(body["IamRoleArn"])
    if len(plan.selections) >= _MOST_SELECTIONS:
        raise LimitExceededException(f"Backup plan {plan_id} has {_MOST_SELECTIONS} selections, the most allowed.")
    selection = Selection(ids.uuid("backup-selection"), plan_id, copy.deepcopy(body), clock.now(), creator_request_id)
    plan.selections[selection.selection_id] = selection
    return selection


def selection_of(backend: BackupBackend, plan_id: str, selection_id: str) -> Selection:
    selection = plan_of(backend, plan_id).selections.get(selection_id)
    if selection is None:
        raise ResourceNotFoundException(f"Backup plan {plan_id} has no selection {selection_id}.")
    return selection


def delete_selection(backend: BackupBackend, plan_id: str, selection_id: str) -> None:
    plan = own_plan(backend, plan_id)
    selection_of(backend, plan_id, selection_id)
    del plan.selections[selection_id]
