"""Operations on frameworks, report plans and report jobs, and on job summaries."""

from typing import Any

from ..audit import deployments, frameworks, reports
from ..common import tagging
from ..jobs import summaries
from ..jobs.summaries import Kind
from ..records.governance import Framework, ReportJob, ReportPlan
from .base import ActionResult, EmptyResult, Operations, between


class AuditOperations(Operations):
    # Frameworks

    def create_framework(self) -> ActionResult:
        made = frameworks.create(
            self.backend,
            self.request["FrameworkName"],
            self.request["FrameworkControls"],
            self.optional("FrameworkDescription"),
            self.optional("IdempotencyToken"),
            self._new_tags("FrameworkTags"),
        )
        return ActionResult({"FrameworkName": made.name, "FrameworkArn": made.arn})

    def update_framework(self) -> ActionResult:
        changed = frameworks.update(
            self.backend,
            self.request["FrameworkName"],
            self.optional("FrameworkControls"),
            self.optional("FrameworkDescription"),
            self.optional("IdempotencyToken"),
        )
        answer = {"FrameworkName": changed.name, "FrameworkArn": changed.arn, "CreationTime": changed.created}
        return ActionResult(answer)

    def describe_framework(self) -> ActionResult:
        found = frameworks.find(self.backend, self.request["FrameworkName"])
        answer = _framework(found)
        answer.pop("NumberOfControls")
        answer |= {"FrameworkControls": found.controls, "FrameworkStatus": frameworks.recording(self.backend)}
        if found.token is not None:
            answer["IdempotencyToken"] = found.token
        return ActionResult(answer)

    def list_frameworks(self) -> ActionResult:
        return self.list_of("Frameworks", frameworks.all_of(self.backend), _framework)

    def delete_framework(self) -> EmptyResult:
        frameworks.delete(self.backend, self.request["FrameworkName"])
        return EmptyResult()

    # Report plans and jobs

    def create_report_plan(self) -> ActionResult:
        made = reports.create(
            self.backend,
            self.request["ReportPlanName"],
            self.request["ReportDeliveryChannel"],
            self.request["ReportSetting"],
            self.optional("ReportPlanDescription"),
            self.optional("IdempotencyToken"),
            self._new_tags("ReportPlanTags"),
        )
        return ActionResult(_named(made))

    def update_report_plan(self) -> ActionResult:
        changed = reports.update(
            self.backend,
            self.request["ReportPlanName"],
            self.optional("ReportDeliveryChannel"),
            self.optional("ReportSetting"),
            self.optional("ReportPlanDescription"),
        )
        return ActionResult(_named(changed))

    def describe_report_plan(self) -> ActionResult:
        return ActionResult({"ReportPlan": _report_plan(reports.find(self.backend, self.request["ReportPlanName"]))})

    def list_report_plans(self) -> ActionResult:
        return self.list_of("ReportPlans", reports.all_of(self.backend), _report_plan)

    def delete_report_plan(self) -> EmptyResult:
        reports.delete(self.backend, self.request["ReportPlanName"])
        return EmptyResult()

    def start_report_job(self) -> ActionResult:
        job = reports.start(self.backend, self.request["ReportPlanName"], self.optional("IdempotencyToken"))
        return ActionResult({"ReportJobId": job.job_id})

    def describe_report_job(self) -> ActionResult:
        return ActionResult({"ReportJob": _report_job(reports.job_of(self.backend, self.request["ReportJobId"]))})

    def list_report_jobs(self) -> ActionResult:
        found = [
            job
            for job in reversed(self.backend.governance.report_jobs.values())
            if self.optional("ByReportPlanName") in (None, job.plan_name)
            and between(job.created, self.optional("ByCreationAfter"), self.optional("ByCreationBefore"))
            and self.optional("ByStatus") in (None, reports.status(job))
        ]
        return self.list_of("ReportJobs", found, _report_job)

    # Summaries

    def list_backup_job_summaries(self) -> ActionResult:
        return self._summaries("BackupJobSummaries", summaries.BACKUP)

    def list_copy_job_summaries(self) -> ActionResult:
        return self._summaries("CopyJobSummaries", summaries.COPY)

    def list_restore_job_summaries(self) -> ActionResult:
        return self._summaries("RestoreJobSummaries", summaries.RESTORE)

    def list_scan_job_summaries(self) -> ActionResult:
        return self._summaries("ScanJobSummaries", summaries.SCAN)

    def _summaries(self, member: str, kind: Kind) -> ActionResult:
        period = self.optional("AggregationPeriod") or summaries.DEFAULT_PERIOD
        asked = {name: self.optional(name) for name in kind.members}
        answer = self.list_of(member, summaries.count(self.backend, kind, asked, period), dict)
        return ActionResult({**_result(answer), "AggregationPeriod": period})

    def _new_tags(self, member: str) -> dict[str, str]:
        tags = self.optional(member) or {}
        tagging.check(tags)
        return dict(tags)


def _result(answer: ActionResult) -> dict[str, Any]:
    made: Any = answer.result
    return dict(made)


def _framework(found: Framework) -> dict[str, Any]:
    return {
        "FrameworkName": found.name,
        "FrameworkArn": found.arn,
        "FrameworkDescription": found.description,
        "NumberOfControls": len(found.controls),
        "CreationTime": found.created,
        "DeploymentStatus": deployments.deployment(found),
    }


def _named(plan: ReportPlan) -> dict[str, Any]:
    return {"ReportPlanName": plan.name, "ReportPlanArn": plan.arn, "CreationTime": plan.created}


def _report_plan(plan: ReportPlan) -> dict[str, Any]:
    return {
        **_named(plan),
        "ReportPlanDescription": plan.description,
        "ReportSetting": plan.setting,
        "ReportDeliveryChannel": plan.channel,
        "DeploymentStatus": deployments.deployment(plan),
        "LastAttemptedExecutionTime": plan.attempted,
    }


def _report_job(job: ReportJob) -> dict[str, Any]:
    status = reports.status(job)
    return {
        "ReportJobId": job.job_id,
        "ReportPlanArn": job.plan_arn,
        "ReportTemplate": job.template,
        "CreationTime": job.created,
        "CompletionTime": job.completed,
        "Status": status,
        "StatusMessage": reports.NOT_WRITTEN if status == "FAILED" else None,
        "ReportDestination": {"S3BucketName": job.bucket, "S3Keys": []},
    }
