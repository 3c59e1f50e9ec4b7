"""Jobs are remembered for 30 days, and then nobody can ask for them any more."""

from datetime import timedelta
from typing import Any

from emulator.world import clock

from ..records.ordered import Chronicle

_KEPT = timedelta(days=30)


def forget_old(jobs: Chronicle[Any]) -> None:
    """Drop the records that are too old; those of jobs that still run stay. Costs what it drops."""
    limit = clock.now() - _KEPT
    while (job := jobs.oldest()) is not None and (job.completed or clock.now()) < limit:
        del jobs[job.job_id]
