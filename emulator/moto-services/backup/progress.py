"""How jobs move on: CREATED (or PENDING), RUNNING, and the end that the job's own rules decide.

In the fast pace each look moves a job one state on; the clock ends it at its time in either pace.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from emulator import agenda, clock, pace

from .models import BackupBackend, backend_of
from .nouns import Job

# Gets a job of the kind that it is registered for.
Finisher = Callable[[Any], None]

_UNTIL_RUNNING = timedelta(minutes=1)
_UNTIL_OVER = timedelta(minutes=10)

_finishers: dict[str, Finisher] = {}


def finishes(kind: str) -> Callable[[Finisher], Finisher]:
    """Register what ends a job of this kind: it sets the final state."""

    def register(function: Finisher) -> Finisher:
        _finishers[kind] = function
        return function

    return register


def first_step() -> pace.Step:
    return pace.step(_UNTIL_RUNNING)


def enter(kind: str, job: Job, *lookers: BackupBackend) -> None:
    """Start a job that the accounts of `lookers` can look at."""
    for backend in (backend_of(job.account, job.region), *lookers):
        backend.pending[job.job_id] = job
    agenda.at(job.created + _UNTIL_OVER, "backup.job_ends", job.account, job.region, kind, job.job_id)


def look(jobs: Iterable[Job]) -> None:
    """Somebody looks at these jobs."""
    for job in list(jobs):
        if not job.over and job.step.look(clock.now()):
            if job.state == "RUNNING":
                _end(job)
            else:
                job.state = "RUNNING"
                job.step = pace.step(_UNTIL_OVER - _UNTIL_RUNNING)
                job.step.look(clock.now())


def pending(backend: BackupBackend, kind: str) -> list[Job]:
    return [job for job in backend.pending.values() if job.kind == kind]


def end(job: Job, state: str, message: str = "") -> None:
    """The final state of a job."""
    job.state = state
    job.message = message
    job.completed = clock.now()


@agenda.handler("backup.job_ends")
def _job_ends(account: str, region: str, _kind: str, job_id: str) -> None:
    job = backend_of(account, region).pending.get(job_id)
    if job is not None and not job.over:
        _end(job)


def _end(job: Job) -> None:
    _finishers[job.kind](job)
