"""Brings the data back: the newest point of each resource from before a time, into the landing account.

Safe to repeat: a job that runs or has succeeded is looked at again, only one that failed is started anew.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from airlock.clients.backup_types import RecoveryPoint, RestoreJob
from airlock.domain.arns import parse
from airlock.domain.errors import AirlockError, UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.calls import BackupCalls, Calls
from airlock.runbook.journal import Journal
from airlock.runbook.restore_rules import RULES, Target, attempt_token
from airlock.runbook.status import AccessStatus, require_open, status

STARTED, ENDED = "restore started", "restore ended"
COMPLETED, FAILED, RUNNING, SKIPPED = "COMPLETED", "FAILED", "RUNNING", "SKIPPED"
_RESTORABLE = frozenset({"COMPLETED", "AVAILABLE"})
_OVER = frozenset({COMPLETED, FAILED, SKIPPED})
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0


@dataclass(frozen=True, kw_only=True)
class Restored:
    """One resource: what it was, the point that was taken, what it is now."""

    source: str
    resource_type: str
    point: str
    point_time: str
    created: str
    status: str
    job_id: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """All of them. `sentence` and `exit_code` sum it up."""

    access_vault: str
    before: str
    restored: list[Restored]

    @property
    def exit_code(self) -> int:
        """0 all back, 1 something is not, 4 something is still on its way and it is not known how it ends."""
        statuses = {row.status for row in self.restored}
        if statuses <= {COMPLETED}:
            return 0
        return 4 if RUNNING in statuses else 1

    @property
    def sentence(self) -> str:
        """What came back and what did not."""
        back = [row for row in self.restored if row.status == COMPLETED]
        words = [f"{len(back)} of {len(self.restored)} resources are restored from points before {self.before}."]
        for row in self.restored:
            if row.status == RUNNING:
                words.append(f"{row.source} is still being restored (job {row.job_id}); run the command again.")
            elif row.status != COMPLETED:
                words.append(f"{row.source} is not restored: {row.message.rstrip('.') or 'AWS gave no reason'}.")
        return " ".join(words)

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "sentence": self.sentence}


@dataclass(frozen=True, kw_only=True)
class RestoreOptions:
    """What the responder chooses. `only` names resources by ARN; none means all.

    Without a zone, the first of the Region is taken; without a key, that of the landing account.
    """

    before: datetime
    availability_zone: str = ""
    only: tuple[str, ...] = ()
    kms_key_arn: str = ""
    wait_seconds: float = 6 * 3600


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Time, given from outside so that tests do not wait."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


def parse_before(text: str) -> datetime:
    """A time with its zone; without one, hours of data could be lost or an attack restored."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(f"`{text}` is not a time. Write it as 2026-11-20T03:00:00Z.") from problem
    if moment.tzinfo is None:
        raise UsageError(f"The time `{text}` names no zone. Write it as {text}Z for UTC, or as {text}+01:00.")
    return moment.astimezone(UTC)


def restore(
    inventory: Inventory,
    access_vault: str,
    options: RestoreOptions,
    *,
    calls: Calls,
    journal: Journal,
    clock: Clock | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Recovery:
    """Refuses unless the access is open; then starts one job per resource and waits until all are over."""
    clock = clock or Clock()
    access = status(inventory, access_vault, calls=calls, journal=journal)
    require_open(access)
    options = replace(options, kms_key_arn=_key(inventory, access.region, options))
    backups = calls.backups(access.region)
    points = _newest_points(backups.list_recovery_points(access_vault), options, access_vault)
    rows = []
    for point in points:
        row = _start(inventory, access, point, options, backups, journal)
        rows.append(row)
        say(f"{row.resource_type} {row.source}: {'job ' + row.job_id if row.job_id else row.message}")
    rows = _wait(rows, access, backups, journal, options.wait_seconds, clock, say)
    return Recovery(access_vault=access_vault, before=options.before.isoformat(), restored=rows)


def _key(inventory: Inventory, region: str, options: RestoreOptions) -> str:
    """A key works in its own Region only; the landing account has one, in its home Region."""
    key = options.kms_key_arn or inventory.landing.kms_key_arn
    if parse(key).region != region:
        raise UsageError(
            f"What is restored in {region} cannot be encrypted with {key}: a key works in its own Region. Nothing was "
            f"restored. Make a key in {region} in account {inventory.landing.account_id} and name it with --kms-key."
        )
    return key


def _newest_points(points: Iterable[RecoveryPoint], options: RestoreOptions, access_vault: str) -> list[RecoveryPoint]:
    """The newest usable point of each resource that is older than the given time."""
    points = list(points)
    newest: dict[str, RecoveryPoint] = {}
    for point in points:
        fits = point.status in _RESTORABLE and point.created < options.before
        selected = not options.only or point.resource_arn in options.only
        known = newest.get(point.resource_arn)
        if fits and selected and (known is None or point.created > known.created):
            newest[point.resource_arn] = point
    missing = sorted(set(options.only) - set(newest))
    if missing or not newest:
        times = sorted(point.created for point in points if point.status in _RESTORABLE)
        what = f" of {missing[0]}" if missing else ""
        held = f"Its {len(times)} points are from {times[0]} to {times[-1]}." if times else "It holds no usable point."
        raise AirlockError(
            f"`{access_vault}` holds no usable recovery point{what} from before {options.before.isoformat()}. {held} "
            "Nothing was restored. Choose another --before or --only."
        )
    return [newest[arn] for arn in sorted(newest)]


def _start(
    inventory: Inventory,
    access: AccessStatus,
    point: RecoveryPoint,
    options: RestoreOptions,
    backups: BackupCalls,
    journal: Journal,
) -> Restored:
    """Starts the job, unless this attempt has one already."""
    row = Restored(
        source=point.resource_arn,
        resource_type=point.resource_type,
        point=point.arn,
        point_time=point.created.isoformat(),
        created="",
        status=RUNNING,
        job_id="",
        message="",
    )
    rule = RULES.get(point.resource_type)
    if rule is None:
        return replace(row, status=SKIPPED, message=f"the runbook cannot restore {point.resource_type} yet")
    entries = [entry for entry in journal.about(access.access_vault) if entry.get("point") == point.arn]
    attempt = 1 + sum(entry["step"] == ENDED and entry["status"] == FAILED for entry in entries)
    running = [entry for entry in entries if entry["step"] == STARTED and entry["attempt"] == attempt]
    if running:
        return replace(row, job_id=running[-1]["job_id"])
    token = attempt_token(access.access_vault_arn, point.arn, attempt)
    zone = options.availability_zone or f"{access.region}a"
    target = Target(
        account_id=inventory.landing.account_id,
        kms_key_arn=options.kms_key_arn,
        availability_zone=zone,
        token=token,
    )
    try:
        metadata = rule(point, backups.restore_metadata(access.access_vault, point.arn), target)
        job = backups.start_restore(point.arn, metadata, inventory.landing.restore_role_arn, point.resource_type, token)
    except AirlockError as problem:
        # One resource that cannot be restored must not keep the others away.
        _end(journal, access, row, attempt, FAILED, str(problem))
        return replace(row, status=FAILED, message=str(problem))
    journal.write(
        STARTED,
        access_vault=access.access_vault,
        point=point.arn,
        source=point.resource_arn,
        attempt=attempt,
        job_id=job,
        call="backup:StartRestoreJob",
        request_id=token,
        metadata=metadata,
    )
    return replace(row, job_id=job)


def _wait(
    rows: list[Restored],
    access: AccessStatus,
    backups: BackupCalls,
    journal: Journal,
    seconds: float,
    clock: Clock,
    say: Callable[[str], None],
) -> list[Restored]:
    """Looks at every running job until all are over or patience ends; waits longer from look to look."""
    deadline = clock.monotonic() + seconds
    pause = _FIRST_WAIT
    while True:
        for index, row in enumerate(rows):
            if row.status in _OVER:
                continue
            rows[index] = _after_look(row, backups.describe_restore(row.job_id))
            if rows[index].status in _OVER:
                _journal_end(journal, access, rows[index])
                say(f"{row.resource_type} {row.source}: {rows[index].status} {rows[index].created}".rstrip())
        if all(row.status in _OVER for row in rows) or clock.monotonic() >= deadline:
            return rows
        clock.sleep(pause)
        pause = min(pause * 2, _LONGEST_WAIT)


def _after_look(row: Restored, job: RestoreJob) -> Restored:
    if not job.is_over:
        return row
    ended = COMPLETED if job.status == COMPLETED else FAILED
    message = "" if ended == COMPLETED else (job.message or f"the job ended as {job.status}")
    return replace(row, status=ended, created=job.created_resource_arn, message=message)


def _journal_end(journal: Journal, access: AccessStatus, row: Restored) -> None:
    entries = [entry for entry in journal.about(access.access_vault) if entry.get("job_id") == row.job_id]
    if any(entry["step"] == ENDED for entry in entries):
        return
    attempt = max((entry["attempt"] for entry in entries if entry["step"] == STARTED), default=1)
    _end(journal, access, row, attempt, row.status, row.message)


def _end(journal: Journal, access: AccessStatus, row: Restored, attempt: int, ended: str, message: str) -> None:
    journal.write(
        ENDED,
        access_vault=access.access_vault,
        point=row.point,
        source=row.source,
        created=row.created,
        status=ended,
        message=message,
        attempt=attempt,
        job_id=row.job_id,
        call="backup:DescribeRestoreJob" if row.job_id else "backup:StartRestoreJob",
    )
