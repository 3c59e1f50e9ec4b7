"""Scheduled runs: each rule of each plan runs when the clock passes its time, and plans its next run then."""

from datetime import datetime
from typing import Any

from emulator.world import agenda, clock, organizations

from ..jobs import backup_jobs
from ..models import BackupBackend, backend_of, known_backend
from ..records.entities import Plan
from . import schedule, selections


def schedule_rules(plan: Plan) -> None:
    """Enter the next run of every rule. Runs of an earlier version find that it is gone and do nothing."""
    for rule in plan.body["Rules"]:
        _schedule(plan, rule, clock.now())


def _schedule(plan: Plan, rule: dict[str, Any], after: datetime) -> None:
    when = schedule.next_run(rule["ScheduleExpression"], rule.get("ScheduleExpressionTimezone"), after)
    if when is not None:
        agenda.at(when, "backup.rule_runs", plan.account, plan.region, plan.plan_id, rule["RuleId"])


@agenda.handler("backup.rule_runs")
def _rule_runs(account: str, region: str, plan_id: str, rule_id: str) -> None:
    backend = known_backend(account, region)
    plan = None if backend is None else backend.plans.get(plan_id)
    if backend is None or plan is None or plan.deleted is not None:
        return
    rule = next((rule for rule in plan.body["Rules"] if rule["RuleId"] == rule_id), None)
    if rule is not None:
        if not organizations.suspended(account):
            run(backend, plan, rule)
        _schedule(plan, rule, clock.now())


def run(backend: BackupBackend, plan: Plan, rule: dict[str, Any]) -> None:
    """Start a job for every resource that the plan's selections cover now."""
    plan.last_run = clock.now()
    created_by = _created_by(plan, rule)
    done: set[str] = set()
    for selection in plan.selections.values():
        for resource in selections.chosen(backend, selection.body, _opted_in_at(backend, plan)):
            if resource.arn in done:
                continue
            done.add(resource.arn)
            order = backup_jobs.Order(
                rule["TargetBackupVaultName"],
                resource.arn,
                selection.body["IamRoleArn"],
                rule.get("Lifecycle") or {},
                air_gapped_arn=rule.get("TargetLogicallyAirGappedBackupVaultArn"),
                tags=rule.get("RecoveryPointTags") or {},
                copies=rule.get("CopyActions") or [],
                created_by=created_by,
                start_window=rule.get("StartWindowMinutes"),
                complete_window=rule.get("CompletionWindowMinutes"),
                continuous=bool(rule.get("EnableContinuousBackup")),
            )
            backup_jobs.start(backend, order)


def _opted_in_at(backend: BackupBackend, plan: Plan) -> BackupBackend:
    """Whose service opt-ins count: for plans of the organization's policies those of the management account."""
    if not plan.managed_by_organization:
        return backend
    management = organizations.management_account_of(backend.account)
    return backend if management is None else backend_of(management, backend.region)


def _created_by(plan: Plan, rule: dict[str, Any]) -> dict[str, str]:
    return {
        "BackupPlanId": plan.plan_id,
        "BackupPlanArn": plan.arn,
        "BackupPlanName": plan.name,
        "BackupPlanVersion": plan.version_id,
        "BackupRuleId": rule["RuleId"],
        "BackupRuleName": rule["RuleName"],
        "BackupRuleCron": rule["ScheduleExpression"],
        "BackupRuleTimezone": rule.get("ScheduleExpressionTimezone") or "Etc/UTC",
    }
