"""How a restore test ends: the verdict of whoever looks at what came back, and then it is taken away.

Without a verdict the test is TIMED_OUT when its validation window is over. What a test restored carries a tag; whoever
takes the tag off keeps the resource, and its deletion FAILED.
"""

from datetime import timedelta

from emulator.world import agenda, clock, pace

from ..content import by_type, resources
from ..content.errors import RESTORE_TEST
from ..exceptions import InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend, backend_of, known_backend
from ..records.entities import RestoreJob, RestoreTest
from . import progress

# Buckets are emptied by a lifecycle rule of one day; AWS names no time for the other types.
_DELETION = {"S3": timedelta(days=1)}
_DELETION_OF_OTHERS = timedelta(minutes=10)
_FINAL = ("SUCCESSFUL", "FAILED", "TIMED_OUT")


def tags(job: RestoreJob) -> dict[str, str]:
    """What tells a resource of a test from any other."""
    return {} if job.test is None else {RESTORE_TEST: job.test.plan_arn}


def begin(job: RestoreJob) -> None:
    """The restore is COMPLETED: now its validation window runs, if it has one."""
    if job.test is None:
        return
    if job.test.validation_hours == 0:
        _discard(job, job.test)
    else:
        progress.at(job, clock.now() + timedelta(hours=job.test.validation_hours), "backup.validation_window_ends")


def put_result(backend: BackupBackend, job_id: str, status: str, message: str) -> None:
    """PutRestoreValidationResult: VALIDATING may be followed by a verdict, and a verdict stays as it is."""
    job = backend.restore_jobs.get(job_id)
    if job is None:
        raise ResourceNotFoundException(f"Restore job {job_id} does not exist in this account and Region.")
    test = job.test
    if test is None:
        raise InvalidRequestException(f"Restore job {job_id} was not started by a restore testing plan.")
    if job.state != "COMPLETED":
        raise InvalidRequestException(f"Restore job {job_id} is {job.state}; only a COMPLETED one can be validated.")
    if test.validation in _FINAL:
        raise InvalidRequestException(f"Restore job {job_id} has the verdict {test.validation}, which cannot change.")
    if test.deletion is not None:
        raise InvalidRequestException(f"The validation window of restore job {job_id} is over.")
    test.validation, test.validation_message = status, message
    if status in _FINAL:
        _discard(job, test)


@agenda.handler("backup.validation_window_ends")
def _validation_window_ends(account: str, region: str, job_id: str) -> None:
    job = _job(account, region, job_id)
    if job is None or job.test is None or job.test.deletion is not None:
        return
    job.test.validation = "TIMED_OUT"
    job.test.validation_message = "The validation window ended without a validation result."
    _discard(job, job.test)


def _job(account: str, region: str, job_id: str) -> RestoreJob | None:
    backend = known_backend(account, region)
    return None if backend is None else backend.restore_jobs.get(job_id)


def _discard(job: RestoreJob, test: RestoreTest) -> None:
    test.deletion = "DELETING"
    backend_of(job.account, job.region).discarding[job.job_id] = job
    test.deleting = pace.step(_DELETION.get(job.resource_type, _DELETION_OF_OTHERS))
    progress.at(job, test.deleting.due, "backup.restored_resource_is_deleted")


def look(job: RestoreJob) -> None:
    """Somebody looks at the job: with the second look what it restored is gone."""
    deleting = None if job.test is None else job.test.deleting
    if job.test is not None and job.test.deletion == "DELETING" and deleting is not None and deleting.look(clock.now()):
        _delete(job, job.test)


@agenda.handler("backup.restored_resource_is_deleted")
def _restored_resource_is_deleted(account: str, region: str, job_id: str) -> None:
    job = _job(account, region, job_id)
    if job is not None and job.test is not None and job.test.deletion == "DELETING":
        _delete(job, job.test)


def _delete(job: RestoreJob, test: RestoreTest) -> None:
    backend_of(job.account, job.region).discarding.pop(job.job_id, None)
    arn = job.created_resource_arn or ""
    found = resources.find(arn, job.account, job.region)
    if found is not None and RESTORE_TEST not in dict(found.tags):
        test.deletion = "FAILED"
        test.deletion_message = f"{arn} has lost its tag {RESTORE_TEST}, so it was not deleted. Delete it yourself."
        return
    by_type.discard(job.resource_type, arn, job.account, job.region)
    test.deletion = "SUCCESSFUL"
