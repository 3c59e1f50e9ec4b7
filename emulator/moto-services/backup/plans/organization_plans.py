"""The plans that an organization's backup policies put into its accounts: read-only there, and they run there."""

import json
from datetime import datetime, timedelta
from typing import Any

from emulator.world import agenda, clock, ids, organizations, resets

from ..common import other_services
from ..exceptions import BackupError
from ..models import BackupBackend, backend_of, backup_backends
from ..records.entities import Plan, Selection
from . import checks, plans

# AWS names no delay until a changed policy reaches the accounts.
_TICK = timedelta(hours=1)

_next_tick: datetime | None = None
_seen: dict[str, str] = {}  # by organization: what its policies and accounts looked like at the last tick


def _forget() -> None:
    global _next_tick
    _next_tick = None
    _seen.clear()


resets.on_reset(_forget)


def keep_ticking() -> None:
    """Make sure that policies are looked at from time to time; called with every request to AWS Backup."""
    global _next_tick
    if _next_tick is None or _next_tick < clock.now():
        _next_tick = clock.now() + _TICK
        agenda.at(_next_tick, "backup.policies_are_read")


@agenda.handler("backup.policies_are_read")
def _policies_are_read() -> None:
    keep_ticking()
    for organization in organizations.organizations():
        print_now = _fingerprint(organization)
        if _seen.get(organization.id) != print_now:
            _seen[organization.id] = print_now
            for account in organization.accounts:
                refresh_account(account)


def _fingerprint(organization: organizations.Organization) -> str:
    """Changes with everything that an effective policy depends on."""
    backend: Any = organizations.organization_backend(organization.management)
    places = [(place.id, place.parent_id, _attached(place)) for place in (*backend.accounts, *backend.ou)]
    contents = [(policy.id, policy.content) for policy in backend.policies if policy.type == "BACKUP_POLICY"]
    services = [service["ServicePrincipal"] for service in backend.services]
    return json.dumps([places, contents, services, backend.ou[0].policy_types], default=str)


def _attached(place: Any) -> list[str]:
    return [policy.id for policy in place.attached_policies]


def refresh_account(account: str) -> None:
    """Bring the organization's plans of one account in line with its effective policy, in every Region of the plans."""
    names: set[tuple[str, str]] = set()
    for policy in other_services.effective_backup_plans(account):
        for region in _as_list(policy.get("regions", [])):
            filled = json.loads(json.dumps(policy).replace("$region", region))
            try:
                body, selections = plans.complete(_body(filled)), _selections(filled["selections"])
                checks.check(body, account, region)
            except (KeyError, TypeError, ValueError, AttributeError, BackupError):
                # An invalid effective policy makes no plan; Organizations lists it as invalid.
                continue
            names.add((region, policy["name"]))
            _put(backend_of(account, region), filled, body, selections)
    for backend in _backends(account):
        for old in plans.list_plans(backend, False):
            if old.managed_by_organization and (backend.region, old.name) not in names:
                old.selections.clear()
                old.deleted = clock.now()


def _backends(account: str) -> list[BackupBackend]:
    return list(backup_backends[account].values())


def _put(
    backend: BackupBackend, policy: dict[str, Any], body: dict[str, Any], selections: list[dict[str, Any]]
) -> None:
    plan = next(
        (old for old in plans.list_plans(backend, False) if old.managed_by_organization and old.name == policy["name"]),
        None,
    )
    if plan is None:
        plan = Plan(
            ids.uuid("backup-plan"),
            backend.account,
            backend.region,
            policy["name"],
            body,
            plans.new_version_id(),
            clock.now(),
            tags={tag["tag_key"]: tag["tag_value"] for tag in policy.get("backup_plan_tags", {}).values()},
            managed_by_organization=True,
        )
        plans.add(backend, plan)
    elif plans.without_ids(plan.body) != plans.without_ids(body):
        plans.change(plan, body)
    if [selection.body for selection in plan.selections.values()] != selections:
        made = [Selection(ids.uuid("backup-selection"), plan.plan_id, one, clock.now()) for one in selections]
        plan.selections = {selection.selection_id: selection for selection in made}


# From the policy syntax of AWS Organizations to the shapes of AWS Backup: in a policy every leaf is a string.


def _body(policy: dict[str, Any]) -> dict[str, Any]:
    return {
        "BackupPlanName": policy["name"],
        "Rules": [_rule(name, rule) for name, rule in policy.get("rules", {}).items()],
    }


def _rule(name: str, rule: dict[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {
        "RuleName": name,
        "TargetBackupVaultName": rule["target_backup_vault_name"],
        "ScheduleExpression": rule["schedule_expression"],
        "ScheduleExpressionTimezone": "Etc/UTC",
        "Lifecycle": _lifecycle(rule.get("lifecycle", {})),
        "RecoveryPointTags": {tag["tag_key"]: tag["tag_value"] for tag in rule.get("recovery_point_tags", {}).values()},
        "CopyActions": [
            {
                "DestinationBackupVaultArn": action.get("target_backup_vault_arn", arn),
                "Lifecycle": _lifecycle(action.get("lifecycle", {})),
            }
            for arn, action in rule.get("copy_actions", {}).items()
        ],
    }
    if "target_logically_air_gapped_backup_vault_arn" in rule:
        shaped["TargetLogicallyAirGappedBackupVaultArn"] = rule["target_logically_air_gapped_backup_vault_arn"]
    if rule.get("enable_continuous_backup") == "true":
        shaped["EnableContinuousBackup"] = True
    for key, member in (
        ("start_backup_window_minutes", "StartWindowMinutes"),
        ("complete_backup_window_minutes", "CompletionWindowMinutes"),
    ):
        if key in rule:
            shaped[member] = int(rule[key])
    return shaped


def _lifecycle(lifecycle: dict[str, str]) -> dict[str, Any]:
    members = {
        "move_to_cold_storage_after_days": "MoveToColdStorageAfterDays",
        "delete_after_days": "DeleteAfterDays",
    }
    shaped: dict[str, Any] = {members[key]: int(value) for key, value in lifecycle.items() if key in members}
    if lifecycle.get("opt_in_to_archive_for_supported_resources") == "true":
        shaped["OptInToArchiveForSupportedResources"] = True
    return shaped


def _selections(selections: dict[str, Any]) -> list[dict[str, Any]]:
    by_tag = [
        {
            "SelectionName": name,
            "IamRoleArn": tags["iam_role_arn"],
            "ListOfTags": [
                {"ConditionType": "STRINGEQUALS", "ConditionKey": tags["tag_key"], "ConditionValue": value}
                for value in _as_list(tags["tag_value"])
            ],
            "Conditions": _conditions(tags.get("conditions", {})),
        }
        for name, tags in selections.get("tags", {}).items()
    ]
    by_type = [
        {
            "SelectionName": name,
            "IamRoleArn": chosen["iam_role_arn"],
            "Resources": _as_list(chosen.get("resource_types", [])),
            "NotResources": _as_list(chosen.get("not_resource_types", [])),
            "Conditions": _conditions(chosen.get("conditions", {})),
        }
        for name, chosen in selections.get("resources", {}).items()
    ]
    return [*by_tag, *by_type]


def _conditions(conditions: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """`string_equals: {name: {condition_key, condition_value}}` as `StringEquals: [{ConditionKey, ConditionValue}]`."""
    return {
        "".join(word.capitalize() for word in operator.split("_")): [
            {"ConditionKey": one["condition_key"], "ConditionValue": one["condition_value"]} for one in wanted.values()
        ]
        for operator, wanted in conditions.items()
    }


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
