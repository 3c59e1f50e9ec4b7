"""Job summaries: how many jobs there were in the last days, counted from the jobs that there are."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from emulator.world import clock, organizations

from ..common import organization_jobs, views
from ..models import BackupBackend, known_backend
from ..recovery_points import scans

_ANY, _ALL = "ANY", "AGGREGATE_ALL"
_DAYS = {"ONE_DAY": 1, "SEVEN_DAYS": 7, "FOURTEEN_DAYS": 14}
_LONGEST = timedelta(days=14)
DEFAULT_PERIOD = "ONE_DAY"

Job = dict[str, Any]


class Kind(NamedTuple):
    """What the summaries of one kind of job tell apart, by the member that asks for it."""

    jobs: str
    members: tuple[str, ...]


BACKUP = Kind("backup", ("AccountId", "State", "ResourceType", "MessageCategory"))
COPY = Kind("copy", ("AccountId", "State", "ResourceType", "MessageCategory"))
RESTORE = Kind("restore", ("AccountId", "State", "ResourceType"))
SCAN = Kind("scan", ("AccountId", "State", "ResourceType", "MalwareScanner", "ScanResultStatus"))


def count(backend: BackupBackend, kind: Kind, asked: dict[str, str | None], period: str | None) -> list[dict[str, Any]]:
    """One summary per period and per combination of what was asked to be told apart; none where there were no jobs."""
    now = clock.now()
    counts: Counter[tuple[datetime, datetime, tuple[str, ...]]] = Counter()
    for job in _jobs(backend, kind, asked.get("AccountId")):
        span = _span(job["CreationDate"], period or DEFAULT_PERIOD, now)
        if span is not None and _wanted(job, kind, asked, backend.account):
            counts[(*span, tuple(_shown(job, member, asked) for member in kind.members))] += 1
    return [
        {
            "Region": backend.region,
            "Count": number,
            "StartTime": start,
            "EndTime": end,
            **{member: value for member, value in zip(kind.members, values, strict=True) if value},
        }
        for (start, end, values), number in sorted(counts.items())
    ]


def _span(created: datetime, period: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The period that a job falls into; days are those of UTC. None for what is over 14 days (or 7) ago."""
    if period == "ONE_DAY":
        if created < now - _LONGEST:
            return None
        day = created.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return day, day + timedelta(days=1)
    start = now - timedelta(days=_DAYS[period])
    return (start, now) if start <= created <= now else None


def _wanted(job: Job, kind: Kind, asked: dict[str, str | None], own: str) -> bool:
    return all(
        asked.get(member) in (None, _ANY, _ALL, job.get(member))
        for member in kind.members
        if member != "AccountId" or organization_jobs.administers(own)
    )


def _shown(job: Job, member: str, asked: dict[str, str | None]) -> str:
    """What a summary says about a member: its value, or that all values were added up."""
    if member != "AccountId" and asked.get(member) in (None, _ALL):
        return _ALL if member in ("State", "ResourceType", "MessageCategory") else ""
    if member == "AccountId" and asked.get(member) == _ALL:
        return _ALL
    return str(job.get(member) or "")


def _jobs(backend: BackupBackend, kind: Kind, account: str | None) -> Iterable[Job]:
    """The jobs of this account, or of the whole organization for those who administer it and ask for it."""
    backends = [backend]
    if account is not None and account != backend.account and organization_jobs.administers(backend.account):
        organization = organizations.organization_of(backend.account)
        members = () if organization is None else organization.accounts
        asked = members if account in (_ANY, _ALL) else [one for one in members if one == account]
        backends = [found for one in asked if (found := known_backend(one, backend.region)) is not None]
    for one in backends:
        yield from _of(one, kind)


def _of(backend: BackupBackend, kind: Kind) -> Iterable[Job]:
    if kind is BACKUP:
        return [views.backup_job(job) for job in backend.backup_jobs.values()]
    if kind is COPY:
        return [views.copy_job(job) for job in backend.copy_jobs.values()]
    if kind is RESTORE:
        shown = [views.restore_job(job) for job in backend.restore_jobs.values()]
        return [{**job, "State": job["Status"]} for job in shown]
    return [
        {
            "AccountId": job.account,
            "State": scans.state(job),
            "ResourceType": job.resource[1],
            "MalwareScanner": job.request["MalwareScanner"],
            "CreationDate": job.created,
        }
        for job in backend.governance.scans.values()
    ]
