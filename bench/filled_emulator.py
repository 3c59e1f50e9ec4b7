"""`python -m bench.filled_emulator`: the emulator, with recovery points put into its vaults in bulk.

A hundred thousand backup jobs through the API would take minutes and measure jobs, not size. So after each
`POST /_emulator/seed` every vault is filled up to the next number of `--points` through the service's own
`points.add`, which enters the retention of each point in the timetable as a job would. Nothing else differs.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from emulator.server import Options, run
from emulator.state import life
from emulator.world import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = "orders"


class Filler:
    """Fills vaults up, once per seeding; `steps` are the sizes to reach, the last one stays."""

    def __init__(self, steps: list[int]) -> None:
        self._steps = steps

    def fill(self) -> None:
        """Bring every vault of every account to the next size."""
        size = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        for vault in _vaults():
            for _ in range(size - len(vault.points)):
                _add_point(vault)


def _vaults() -> Iterator[Any]:
    backends = import_module("moto.backup.models").backup_backends
    for account in list(backends):
        for backend in list(backends[account].values()):
            yield from backend.vaults.values()


def _add_point(vault: Any) -> None:
    entities, points = (
        import_module("moto.backup.records.entities"),
        import_module("moto.backup.recovery_points.points"),
    )
    now = clock.now()
    content = entities.Content("DynamoDB", 4096, {"table": {}, "items": []}, {}, fully_managed=True)
    resource = f"arn:aws:dynamodb:{vault.region}:{vault.account}:table/{_TABLE}"
    point = entities.RecoveryPoint(
        points.new_arn(vault, content, _TABLE, now),
        resource,
        content.resource_type,
        _TABLE,
        now,
        content,
        f"arn:aws:iam::{vault.account}:role/backup",
        {"DeleteAfterDays": 35},
        completed=now,
    )
    points.add(vault, point)


def main() -> int:
    """Serve, as `python -m emulator` does."""
    parser = argparse.ArgumentParser(prog="bench.filled_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--points", default="0", help="recovery points in each vault, one number per seeding")
    chosen = parser.parse_args()
    life.after_sowing(Filler([int(size) for size in chosen.points.split(",")]).fill)
    run(Options(port=chosen.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
