"""Restore testing plans run: when their time comes, one recovery point of each selected resource is restored."""

from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from emulator.world import agenda, clock, ids, pace

from ..content import by_type
from ..exceptions import AccessDeniedException, ResourceNotFoundException
from ..jobs import restore_jobs
from ..models import BackupBackend, backend_of, holder, known_backend
from ..plans import schedule
from ..records.entities import RecoveryPoint, RestoreTest, RestoreTestingPlan, Vault
from ..recovery_points import points
from ..vaults.vaults import shared_vaults

_LATEST = "LATEST_WITHIN_WINDOW"


def schedule_plan(backend: BackupBackend, plan: RestoreTestingPlan) -> None:
    """Enter the next run; runs of an earlier schedule find another version and do nothing."""
    plan.schedule_version += 1
    _schedule(backend, plan)


def _schedule(backend: BackupBackend, plan: RestoreTestingPlan) -> None:
    expression, zone = plan.body["ScheduleExpression"], plan.body.get("ScheduleExpressionTimezone")
    when = schedule.next_run(expression, zone, clock.now())
    if when is not None:
        version = str(plan.schedule_version)
        agenda.at(when, "backup.restore_tests_run", backend.account, backend.region, plan.arn, version)


@agenda.handler("backup.restore_tests_run")
def _restore_tests_run(account: str, region: str, plan_arn: str, version: str) -> None:
    backend, plan = _plan(account, region, plan_arn)
    if backend is None or plan is None or str(plan.schedule_version) != version:
        return
    plan.last_run = clock.now()
    for name, selection in plan.selections.items():
        for resource_arn in _resources(backend, plan, selection):
            when = clock.now() + _delay(plan)
            agenda.at(when, "backup.restore_test_starts", account, region, plan_arn, name, resource_arn)
    _schedule(backend, plan)


def _delay(plan: RestoreTestingPlan) -> timedelta:
    """AWS spreads the tests over the start window; in the fast pace they start with it."""
    if pace.fast():
        return timedelta()
    return timedelta(hours=plan.body["StartWindowHours"] * ids.stream("restore-test-start").random())


def _plan(account: str, region: str, plan_arn: str) -> tuple[BackupBackend | None, RestoreTestingPlan | None]:
    backend = known_backend(account, region)
    plans = [] if backend is None else list(backend.restore_testing_plans.values())
    return backend, next((plan for plan in plans if plan.arn == plan_arn), None)


@agenda.handler("backup.restore_test_starts")
def _restore_test_starts(account: str, region: str, plan_arn: str, selection_name: str, resource_arn: str) -> None:
    """The selection window counts back from this moment, not from the plan's time."""
    backend, plan = _plan(account, region, plan_arn)
    selection = None if plan is None else plan.selections.get(selection_name)
    if backend is None or plan is None or selection is None:
        return
    eligible = list(_points(backend, plan, selection, resource_arn))
    if eligible:
        vault, point = _pick(plan, eligible)
        _start(backend, plan, selection, vault, point)


def _start(
    backend: BackupBackend, plan: RestoreTestingPlan, selection: dict[str, Any], vault: Vault, point: RecoveryPoint
) -> None:
    overrides, _ = by_type.named(point.resource_type, selection.get("RestoreMetadataOverrides") or {})
    order = restore_jobs.Order(
        point.arn,
        by_type.infer(point.content, backend.account, backend.region) | overrides,
        selection["IamRoleArn"],
        test=RestoreTest(plan.arn, selection["RestoreTestingSelectionName"], selection["ValidationWindowHours"]),
    )
    restore_jobs.start(backend, order, vault, point)


def inferred_metadata(backend: BackupBackend, vault: Vault, point_arn: str) -> dict[str, str]:
    """What a restore test of this point would be started with."""
    point = points.point_of(vault, point_arn)
    return by_type.infer(point.content, backend.account, backend.region)


# Which resources, and which of their points


def _resources(backend: BackupBackend, plan: RestoreTestingPlan, selection: dict[str, Any]) -> list[str]:
    """The resources of the selection that have an eligible point, in the order of their names."""
    return sorted({point.resource_arn for _, point in _points(backend, plan, selection)})


def _points(
    backend: BackupBackend, plan: RestoreTestingPlan, selection: dict[str, Any], only: str | None = None
) -> Iterator[tuple[Vault, RecoveryPoint]]:
    """The eligible points of all selected resources, or of one."""
    wanted = plan.body["RecoveryPointSelection"]
    earliest = clock.now() - timedelta(days=wanted["SelectionWindowDays"])
    for vault in _vaults(backend, wanted):
        chosen: dict[str, bool] = {}
        for point in _newest_first(vault, only):
            if point.resource_type != selection["ProtectedResourceType"]:
                continue
            # Conditions are held against the tags of the resource's newest point in the vault.
            if not chosen.setdefault(point.resource_arn, _selected(selection, point)):
                continue
            if _eligible(point, wanted) and _latest_moment(point) >= earliest and _reached(backend, point):
                yield vault, point


def _newest_first(vault: Vault, only: str | None) -> list[RecoveryPoint]:
    source = holder(vault)
    if source is None:
        return []
    if only is None:
        return [point for _, point in source.points.newest_first()]
    arns = backend_of(source.account, source.region).points_of.get(only, {})
    found = [source.points[arn] for arn in arns if arn in source.points]
    return sorted(found, key=lambda point: point.created, reverse=True)


def _latest_moment(point: RecoveryPoint) -> Any:
    return (point.ended or clock.now()) if point.continuous else point.created


def _reached(backend: BackupBackend, point: RecoveryPoint) -> bool:
    try:
        restore_jobs.reach(backend, point.arn)
    except (AccessDeniedException, ResourceNotFoundException):
        return False
    return True


def _vaults(backend: BackupBackend, wanted: dict[str, Any]) -> Iterator[Vault]:
    """Own vaults, and air-gapped ones that other accounts share with this one. ExcludeVaults wins."""
    for vault in [*backend.vaults.values(), *shared_vaults(backend)]:
        included = any(fnmatchcase(vault.arn, pattern) for pattern in wanted["IncludeVaults"])
        if included and not any(fnmatchcase(vault.arn, pattern) for pattern in wanted.get("ExcludeVaults") or []):
            yield vault


def _eligible(point: RecoveryPoint, wanted: dict[str, Any]) -> bool:
    kind = "CONTINUOUS" if point.continuous else "SNAPSHOT"
    return kind in wanted["RecoveryPointTypes"] and not point.temporary and point.deleting is None


def _selected(selection: dict[str, Any], point: RecoveryPoint) -> bool:
    named = selection.get("ProtectedResourceArns") or []
    if named and not any(arn in ("*", point.resource_arn) for arn in named):
        return False
    conditions = selection.get("ProtectedResourceConditions") or {}
    tags = {**point.content.tags, **point.tags}
    equal = all(tags.get(_tag_key(one["Key"])) == one["Value"] for one in conditions.get("StringEquals") or [])
    return equal and all(
        tags.get(_tag_key(one["Key"])) != one["Value"] for one in conditions.get("StringNotEquals") or []
    )


def _tag_key(key: str) -> str:
    return key.removeprefix("aws:ResourceTag/")


def _pick(plan: RestoreTestingPlan, eligible: list[tuple[Vault, RecoveryPoint]]) -> tuple[Vault, RecoveryPoint]:
    """One point of a resource: the newest, or any."""
    if plan.body["RecoveryPointSelection"]["Algorithm"] == _LATEST:
        return max(eligible, key=lambda pair: pair[1].created)
    return ids.stream("restore-test-point").choice(eligible)
