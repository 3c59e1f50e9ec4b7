"""How jobs move on: CREATED (or PENDING), RUNNING, and the end that the job's own rules decide.

In the fast pace each look moves a job one state on; the clock moves it at its times in either pace.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from emulator.world import agenda, clock, pace

from ..common import state_events
from ..models import BackupBackend, backend_of, known_backend
from ..records.entities import Job

# Gets a job of the kind that it is registered for.
Finisher = Callable[[Any], None]
Starter = Callable[[Any], bool]

UNTIL_RUNNING = timedelta(minutes=1)
UNTIL_OVER = timedelta(minutes=10)

_finishers: dict[str, Finisher] = {}
_starters: dict[str, Starter] = {}


def finishes(kind: str) -> Callable[[Finisher], Finisher]:
    """Register what ends a job of this kind: it sets the final state."""

    def register(function: Finisher) -> Finisher:
        _finishers[kind] = function
        return function

    return register


def starts(kind: str) -> Callable[[Starter], Starter]:
    """Register what decides whether a job of this kind begins to run when its time has come."""

    def register(function: Starter) -> Starter:
        _starters[kind] = function
        return function

    return register


def first_step() -> pace.Step:
    return pace.step(UNTIL_RUNNING)


def enter(job: Job, *lookers: BackupBackend) -> None:
    """Start a job that the accounts of `lookers` can look at."""
    for backend in (backend_of(job.account, job.region), *lookers):
        backend.pending[job.job_id] = job
    state_events.job(job)
    at(job, job.created + UNTIL_RUNNING, "backup.job_runs")
    at(job, job.created + UNTIL_OVER, "backup.job_ends")


def at(job: Job, when: datetime, kind: str) -> None:
    """Enter an event about a job."""
    agenda.at(when, kind, job.account, job.region, job.job_id)


def look(jobs: Iterable[Job]) -> None:
    """Somebody looks at these jobs."""
    for job in list(jobs):
        if not job.over and job.step.look(clock.now()):
            if job.state in ("RUNNING", "ABORTING"):
                _end(job)
            else:
                _run(job)
                job.step.look(clock.now())


def pending(backend: BackupBackend, kind: str) -> list[Job]:
    return [job for job in backend.pending.values() if job.kind == kind]


def move(job: Job, state: str) -> None:
    """Into a state that is not the last one."""
    job.state = state
    state_events.job(job)


def end(job: Job, state: str, message: str = "") -> None:
    """The final state of a job."""
    backend_of(job.account, job.region).pending.pop(job.job_id, None)
    job.state = state
    job.message = message
    job.completed = clock.now()
    state_events.job(job)


def waiting(account: str, region: str, job_id: str) -> Job | None:
    """For handlers: the job, if it is not over and its record is still there."""
    backend = known_backend(account, region)
    job = None if backend is None else backend.pending.get(job_id)
    return None if job is None or job.over else job


@agenda.handler("backup.job_runs")
def _job_runs(account: str, region: str, job_id: str) -> None:
    job = waiting(account, region, job_id)
    if job is not None and job.state in ("CREATED", "PENDING"):
        _run(job)


@agenda.handler("backup.job_ends")
def _job_ends(account: str, region: str, job_id: str) -> None:
    job = waiting(account, region, job_id)
    if job is not None and job.state in ("RUNNING", "ABORTING"):
        _end(job)


def _run(job: Job) -> None:
    if _starters.get(job.kind, _at_once)(job):
        move(job, "RUNNING")
        job.step = pace.step(UNTIL_OVER - UNTIL_RUNNING)


def _at_once(_job: Job) -> bool:
    return True


def _end(job: Job) -> None:
    _finishers[job.kind](job)
