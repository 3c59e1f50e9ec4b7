"""What AWS Backup keeps beside vaults, plans and jobs: frameworks, reports, holds, scans, tiers, indexes and more.

Plain data, as in `entities`. Wherever a state passes by itself, `passing` says which one a reader sees meanwhile.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from emulator.world import clock, pace

# How long AWS takes is documented nowhere; these are ours.
A_WHILE = timedelta(minutes=2)


@dataclass
class Passing:
    """A state that ends by itself: by being looked at in the fast pace, by the clock in either pace."""

    state: str
    step: pace.Step

    def over(self) -> bool:
        return self.step.look(clock.now())


def passing(state: str) -> Passing:
    return Passing(state, pace.step(A_WHILE))


@dataclass(kw_only=True)
class Noun:
    """Something with a name or an id, tags, and perhaps a state that passes."""

    arn: str
    created: datetime
    token: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    passing: Passing | None = None

    def look(self, settled: str) -> str:
        """Its state for a reader who looks now; `settled` is the one it comes to rest in."""
        if self.passing is not None and self.passing.over():
            self.passing = None
        return settled if self.passing is None else self.passing.state


@dataclass(kw_only=True)
class Work(Noun):
    """A job that is accepted here and that nobody does: CREATED, RUNNING, and over without a result."""

    running: Passing | None = None
    completed: datetime | None = None

    def stage(self) -> str:
        """CREATED, RUNNING or OVER, for a reader who looks now."""
        if self.look("") == "CREATED":
            return "CREATED"
        if self.running is None and self.completed is None:
            self.running = passing("RUNNING")
            self.running.over()
            return "RUNNING"
        if self.running is not None and not self.running.over():
            return "RUNNING"
        self.running = None
        self.completed = self.completed or clock.now()
        return "OVER"


@dataclass(kw_only=True)
class Framework(Noun):
    name: str
    controls: list[dict[str, Any]]
    description: str | None = None


@dataclass(kw_only=True)
class ReportPlan(Noun):
    name: str
    channel: dict[str, Any]
    setting: dict[str, Any]
    description: str | None = None
    attempted: datetime | None = None


@dataclass(kw_only=True)
class ReportJob(Work):
    job_id: str
    plan_arn: str
    plan_name: str
    template: str
    bucket: str


@dataclass(kw_only=True)
class LegalHold(Noun):
    hold_id: str
    title: str
    description: str
    selection: dict[str, Any]
    cancelled: datetime | None = None
    cancel_description: str | None = None
    retain_until: datetime | None = None


@dataclass(kw_only=True)
class ScanJob(Work):
    job_id: str
    account: str
    vault_name: str
    vault_arn: str
    point_arn: str
    resource: tuple[str, str, str]  # ARN, type and name
    request: dict[str, Any]


@dataclass(kw_only=True)
class Tiering(Noun):
    name: str
    vault_name: str
    selections: list[dict[str, Any]]
    updated: datetime | None = None


@dataclass(kw_only=True)
class AccessPoint(Noun):
    name: str
    vault_name: str
    vault_arn: str
    point_arn: str
    resource_arn: str
    resource_type: str
    metadata: dict[str, str]
    policy: str | None = None
    deleting: bool = False


@dataclass(kw_only=True)
class Index(Noun):
    """The search index of a recovery point."""

    vault_name: str
    vault_arn: str
    point_arn: str
    resource: tuple[str, str]  # ARN and type
    backed_up: datetime
    items: int
    role_arn: str | None = None
    deleting: bool = False


@dataclass
class Governance:
    """All of it, of one account and Region; by name, id or ARN."""

    frameworks: dict[str, Framework] = field(default_factory=dict)
    report_plans: dict[str, ReportPlan] = field(default_factory=dict)
    report_jobs: dict[str, ReportJob] = field(default_factory=dict)
    holds: dict[str, LegalHold] = field(default_factory=dict)
    scans: dict[str, ScanJob] = field(default_factory=dict)
    tierings: dict[str, Tiering] = field(default_factory=dict)
    access_points: dict[str, AccessPoint] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)

    def tagged(self) -> list[Noun]:
        """Everything that TagResource and ListTags can name."""
        kinds = (self.frameworks, self.report_plans, self.holds, self.tierings, self.access_points)
        return [noun for kind in kinds for noun in kind.values()]
