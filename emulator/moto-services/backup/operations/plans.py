"""Operations on backup plans and selections."""

from typing import Any

from ..common import tagging, views
from ..plans import organization_plans, plans, schedule
from ..records.entities import Plan, Selection
from .base import ActionResult, EmptyResult, Operations


class PlanOperations(Operations):
    def create_backup_plan(self) -> ActionResult:
        tags = self.optional("BackupPlanTags") or {}
        tagging.check(tags)
        plan = plans.create(self.backend, self.request["BackupPlan"], dict(tags), self.optional("CreatorRequestId"))
        return ActionResult(_made(plan, plan.created))

    def update_backup_plan(self) -> ActionResult:
        plan = plans.update(self.backend, self.request["BackupPlanId"], self.request["BackupPlan"])
        return ActionResult(_made(plan, plan.versions[-1]["CreationDate"]))

    def get_backup_plan(self) -> ActionResult:
        plan = plans.plan_of(self.backend, self.request["BackupPlanId"])
        version = plans.version_of(plan, self.optional("VersionId"))
        answer = {**views.plan(plan), "BackupPlan": version["BackupPlan"], "VersionId": version["VersionId"]}
        preview = self.optional("MaxScheduledRunsPreview")
        if preview:
            answer["ScheduledRunsPreview"] = _next_runs(version["BackupPlan"], preview)
        return ActionResult(answer)

    def delete_backup_plan(self) -> ActionResult:
        plan = plans.delete(self.backend, self.request["BackupPlanId"])
        return ActionResult(views.plan(plan))

    def list_backup_plans(self) -> ActionResult:
        organization_plans.refresh_account(self.backend.account)
        found = plans.list_plans(self.backend, bool(self.optional("IncludeDeleted")))
        return self.list_of("BackupPlansList", found, views.plan)

    def list_backup_plan_versions(self) -> ActionResult:
        plan = plans.plan_of(self.backend, self.request["BackupPlanId"])
        return self.list_of("BackupPlanVersionsList", plan.versions, lambda version: {**views.plan(plan), **version})

    # Selections

    def create_backup_selection(self) -> ActionResult:
        selection = plans.create_selection(
            self.backend,
            self.request["BackupPlanId"],
            self.request["BackupSelection"],
            self.optional("CreatorRequestId"),
        )
        return ActionResult(_summary(selection))

    def get_backup_selection(self) -> ActionResult:
        selection = plans.selection_of(self.backend, self.request["BackupPlanId"], self.request["SelectionId"])
        return ActionResult({**_summary(selection), "BackupSelection": selection.body})

    def delete_backup_selection(self) -> EmptyResult:
        plans.delete_selection(self.backend, self.request["BackupPlanId"], self.request["SelectionId"])
        return EmptyResult()

    def list_backup_selections(self) -> ActionResult:
        plan = plans.plan_of(self.backend, self.request["BackupPlanId"])
        return self.list_of("BackupSelectionsList", list(plan.selections.values()), _summary)


def _made(plan: Plan, created: Any) -> dict[str, Any]:
    return {
        "BackupPlanId": plan.plan_id,
        "BackupPlanArn": plan.arn,
        "CreationDate": created,
        "VersionId": plan.version_id,
        "AdvancedBackupSettings": plan.body.get("AdvancedBackupSettings") or [],
    }


def _summary(selection: Selection) -> dict[str, Any]:
    answer = {
        "SelectionId": selection.selection_id,
        "SelectionName": selection.body["SelectionName"],
        "BackupPlanId": selection.plan_id,
        "CreationDate": selection.created,
        "IamRoleArn": selection.body["IamRoleArn"],
    }
    if selection.creator_request_id is not None:
        answer["CreatorRequestId"] = selection.creator_request_id
    return answer


def _next_runs(body: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """The next runs of all rules, in time order."""
    runs: list[dict[str, Any]] = []
    for rule in body["Rules"]:
        kind = "CONTINUOUS_AND_SNAPSHOTS" if rule.get("EnableContinuousBackup") else "SNAPSHOTS"
        runs += [
            {"ExecutionTime": when, "RuleId": rule["RuleId"], "RuleExecutionType": kind}
            for when in schedule.next_runs(rule["ScheduleExpression"], rule.get("ScheduleExpressionTimezone"), number)
        ]
    return sorted(runs, key=lambda run: run["ExecutionTime"])[:number]
