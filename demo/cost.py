"""What work costs: seconds on the clock and seconds of processors, those of all processes together."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from tools.engine.forks import processor_seconds


@dataclass(frozen=True)
class Cost:
    """Of a stretch of work, or of all work so far."""

    wall: float
    cpu: float

    @classmethod
    def so_far(cls) -> Cost:
        """Of this process and of its children that have ended; one that lives on, as the emulator, does not count."""
        usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        spent = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        return cls(time.monotonic(), spent + processor_seconds())

    def since(self, before: Cost) -> Cost:
        """What was spent between two moments."""
        return Cost(self.wall - before.wall, self.cpu - before.cpu)
