"""Operations on restore testing plans and selections."""

from typing import Any

from ..common import tagging
from ..records.entities import RestoreTestingPlan
from ..recovery_points import points
from ..restore_testing import testing_plans, testing_runs
from ..vaults import vaults
from .base import ActionResult, EmptyResult, Operations


class RestoreTestingOperations(Operations):
    def create_restore_testing_plan(self) -> ActionResult:
        tags = self.optional("Tags") or {}
        tagging.check(tags)
        plan = testing_plans.create_plan(
            self.backend, self.request["RestoreTestingPlan"], dict(tags), self.optional("CreatorRequestId")
        )
        return ActionResult(_named(plan))

    def get_restore_testing_plan(self) -> ActionResult:
        plan = testing_plans.plan_of(self.backend, self.request["RestoreTestingPlanName"])
        return ActionResult({"RestoreTestingPlan": _described(plan)})

    def update_restore_testing_plan(self) -> ActionResult:
        plan = testing_plans.update_plan(
            self.backend, self.request["RestoreTestingPlanName"], self.request["RestoreTestingPlan"]
        )
        return ActionResult({**_named(plan), "UpdateTime": plan.updated})

    def delete_restore_testing_plan(self) -> EmptyResult:
        testing_plans.delete_plan(self.backend, self.request["RestoreTestingPlanName"])
        return EmptyResult()

    def list_restore_testing_plans(self) -> ActionResult:
        return self.list_of("RestoreTestingPlans", list(self.backend.restore_testing_plans.values()), _listed)

    # Selections

    def create_restore_testing_selection(self) -> ActionResult:
        plan = testing_plans.plan_of(self.backend, self.request["RestoreTestingPlanName"])
        selection = testing_plans.create_selection(
            self.backend, plan.name, self.request["RestoreTestingSelection"], self.optional("CreatorRequestId")
        )
        return ActionResult({**selection, "RestoreTestingPlanArn": plan.arn})

    def get_restore_testing_selection(self) -> ActionResult:
        return ActionResult({"RestoreTestingSelection": self._selection()})

    def update_restore_testing_selection(self) -> ActionResult:
        plan = testing_plans.plan_of(self.backend, self.request["RestoreTestingPlanName"])
        selection = testing_plans.update_selection(
            self.backend,
            plan.name,
            self.request["RestoreTestingSelectionName"],
            self.request["RestoreTestingSelection"],
        )
        return ActionResult({**selection, "RestoreTestingPlanArn": plan.arn})

    def delete_restore_testing_selection(self) -> EmptyResult:
        testing_plans.delete_selection(
            self.backend, self.request["RestoreTestingPlanName"], self.request["RestoreTestingSelectionName"]
        )
        return EmptyResult()

    def list_restore_testing_selections(self) -> ActionResult:
        plan = testing_plans.plan_of(self.backend, self.request["RestoreTestingPlanName"])
        return self.list_of("RestoreTestingSelections", list(plan.selections.values()), _listed_selection)

    def get_restore_testing_inferred_metadata(self) -> ActionResult:
        vault = vaults.readable_vault(
            self.backend, self.request["BackupVaultName"], self.optional("BackupVaultAccountId")
        )
        points.check_open(vault)
        metadata = testing_runs.inferred_metadata(self.backend, vault, self.request["RecoveryPointArn"])
        return ActionResult({"InferredMetadata": metadata})

    def _selection(self) -> dict[str, Any]:
        return testing_plans.selection_of(
            self.backend, self.request["RestoreTestingPlanName"], self.request["RestoreTestingSelectionName"]
        )


def _named(plan: RestoreTestingPlan) -> dict[str, Any]:
    return {
        "CreationTime": plan.created,
        "RestoreTestingPlanArn": plan.arn,
        "RestoreTestingPlanName": plan.name,
    }


def _described(plan: RestoreTestingPlan) -> dict[str, Any]:
    answer = {**plan.body, **_named(plan)}
    if plan.creator_request_id is not None:
        answer["CreatorRequestId"] = plan.creator_request_id
    if plan.updated is not None:
        answer["LastUpdateTime"] = plan.updated
    if plan.last_run is not None:
        answer["LastExecutionTime"] = plan.last_run
    return answer


def _listed(plan: RestoreTestingPlan) -> dict[str, Any]:
    return {key: value for key, value in _described(plan).items() if key != "RecoveryPointSelection"}


def _listed_selection(selection: dict[str, Any]) -> dict[str, Any]:
    """A list shows less of a selection than GetRestoreTestingSelection."""
    kept = ("CreationTime", "IamRoleArn", "ProtectedResourceType", "RestoreTestingPlanName")
    more = ("RestoreTestingSelectionName", "ValidationWindowHours")
    return {name: selection[name] for name in (*kept, *more)}
