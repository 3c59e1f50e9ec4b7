"""Report plans and report jobs of Backup Audit Manager. No report is written yet, and a job says so by failing."""

import copy
from typing import Any

from emulator.world import clock, ids

from ..common import organization_jobs
from ..exceptions import (
    AlreadyExistsException,
    InvalidParameterValueException,
    LimitExceededException,
    ResourceNotFoundException,
)
from ..models import BackupBackend
from ..records.governance import ReportJob, ReportPlan, passing
from . import deployments

_KIND = "Report plan"
_MOST_PLANS = 20
_COMPLIANCE = ("RESOURCE_COMPLIANCE_REPORT", "CONTROL_COMPLIANCE_REPORT")
_JOBS = ("BACKUP_JOB_REPORT", "COPY_JOB_REPORT", "RESTORE_JOB_REPORT", "SCAN_JOB_REPORT")
_FORMATS = ("CSV", "JSON")
NOT_WRITTEN = "EMULATOR, not AWS: reports are not written yet, see emulator/FIDELITY.md."


def create(
    backend: BackupBackend,
    name: str,
    channel: dict[str, Any],
    setting: dict[str, Any],
    description: str | None,
    token: str | None,
    tags: dict[str, str],
) -> ReportPlan:
    earlier = deployments.present(backend.governance.report_plans).get(name)
    if earlier is not None:
        if token is not None and token == earlier.token:
            return earlier
        raise AlreadyExistsException(f"A report plan with the name {name} already exists.", arn=earlier.arn)
    _check(backend, channel, setting)
    if len(backend.governance.report_plans) >= _MOST_PLANS:
        raise LimitExceededException(
            f"This account has {_MOST_PLANS} report plans in {backend.region}, the most allowed."
        )
    arn = f"arn:aws:backup:{backend.region}:{backend.account}:report-plan:{name}-{ids.uuid('backup-report-plan')}"
    plan = ReportPlan(
        arn=arn,
        created=clock.now(),
        token=token,
        tags=tags,
        passing=passing("CREATE_IN_PROGRESS"),
        name=name,
        channel=copy.deepcopy(channel),
        setting=copy.deepcopy(setting),
        description=description,
    )
    backend.governance.report_plans[name] = plan
    return plan


def update(
    backend: BackupBackend,
    name: str,
    channel: dict[str, Any] | None,
    setting: dict[str, Any] | None,
    description: str | None,
) -> ReportPlan:
    plan = deployments.settled(backend.governance.report_plans, _KIND, name)
    channel, setting = channel or plan.channel, setting or plan.setting
    _check(backend, channel, setting)
    plan.channel, plan.setting = copy.deepcopy(channel), copy.deepcopy(setting)
    plan.description = plan.description if description is None else description
    plan.passing = passing("UPDATE_IN_PROGRESS")
    return plan


def delete(backend: BackupBackend, name: str) -> None:
    deployments.delete(backend.governance.report_plans, _KIND, name)


def find(backend: BackupBackend, name: str) -> ReportPlan:
    return deployments.find(backend.governance.report_plans, _KIND, name)


def all_of(backend: BackupBackend) -> list[ReportPlan]:
    return list(deployments.present(backend.governance.report_plans).values())


def start(backend: BackupBackend, plan_name: str, token: str | None) -> ReportJob:
    """A job of the plan: CREATED, RUNNING and then FAILED, because nobody writes its report."""
    for job in backend.governance.report_jobs.values():
        if token is not None and (job.token, job.plan_name) == (token, plan_name):
            return job
    plan = find(backend, plan_name)
    now = clock.now()
    job_id = ids.uuid("backup-report-job")
    job = ReportJob(
        arn="",
        created=now,
        token=token,
        passing=passing("CREATED"),
        job_id=job_id,
        plan_arn=plan.arn,
        plan_name=plan.name,
        template=plan.setting["ReportTemplate"],
        bucket=plan.channel["S3BucketName"],
    )
    plan.attempted = now
    backend.governance.report_jobs[job_id] = job
    return job


def status(job: ReportJob) -> str:
    """The job's status for a reader who looks now."""
    stage = job.stage()
    return "FAILED" if stage == "OVER" else stage


def job_of(backend: BackupBackend, job_id: str) -> ReportJob:
    job = backend.governance.report_jobs.get(job_id)
    if job is None:
        raise ResourceNotFoundException(f"Report job {job_id} does not exist in this account and Region.")
    return job


def _check(backend: BackupBackend, channel: dict[str, Any], setting: dict[str, Any]) -> None:
    template = setting["ReportTemplate"]
    if template not in (*_COMPLIANCE, *_JOBS):
        allowed = ", ".join((*_COMPLIANCE, *_JOBS))
        raise InvalidParameterValueException(f"ReportTemplate is {template!r}; allowed are: {allowed}.")
    wrong = [name for name in channel.get("Formats") or [] if name not in _FORMATS]
    if wrong:
        raise InvalidParameterValueException(f"Formats: {', '.join(wrong)} is unknown; known are CSV and JSON.")
    _check_frameworks(backend, template, setting)
    _check_reach(backend, channel, setting)


def _check_frameworks(backend: BackupBackend, template: str, setting: dict[str, Any]) -> None:
    named = setting.get("FrameworkArns") or []
    if template in _COMPLIANCE and not named:
        raise InvalidParameterValueException(f"FrameworkArns: a {template} covers at least one framework.")
    known = {framework.arn for framework in backend.governance.frameworks.values()}
    missing = [arn for arn in named if arn not in known]
    if missing:
        raise InvalidParameterValueException(f"FrameworkArns: {', '.join(missing)} does not exist.")


def _check_reach(backend: BackupBackend, channel: dict[str, Any], setting: dict[str, Any]) -> None:
    """A report over several accounts is for the management account and Backup's administrators, and in CSV only."""
    accounts = [account for account in setting.get("Accounts") or [] if account != backend.account]
    if not accounts and not setting.get("OrganizationUnits"):
        return
    if not organization_jobs.administers(backend.account):
        message = f"Accounts: account {backend.account} administers no organization, so it reports on itself only."
        raise InvalidParameterValueException(message)
    if "JSON" in (channel.get("Formats") or []):
        raise InvalidParameterValueException("Formats: a report over several accounts is available as CSV only.")
