"""The syntax of BACKUP_POLICY, as the guide of AWS Organizations has it, and its rules that span several keys."""

from collections.abc import Iterator
from typing import Any

from .schemas import NUMBER, SWITCH, TEXT, TEXTS, TRUTH, Fields, Named, Problem, Value

_ARN = Value(pattern="arn:.+")
_LIFECYCLE = Fields(
    {
        "move_to_cold_storage_after_days": NUMBER,
        "delete_after_days": NUMBER,
        "opt_in_to_archive_for_supported_resources": TRUTH,
    }
)
_TAGS = Named(Fields({"tag_key": TEXT, "tag_value": Value(pattern=".*")}, ("tag_key", "tag_value")))
_SCHEDULE = Value(pattern=r"(cron|rate)\(.+\)")
_SCAN_MODE = Value(allowed=("FULL_SCAN", "INCREMENTAL_SCAN"))
_RULE = Fields(
    {
        "schedule_expression": _SCHEDULE,
        "start_backup_window_minutes": Value(pattern="[0-9]{1,9}", least=60),
        "complete_backup_window_minutes": Value(pattern="[0-9]{1,9}"),
        "target_backup_vault_name": Value(pattern=r"[a-zA-Z0-9_.-]{1,50}"),
        "target_logically_air_gapped_backup_vault_arn": _ARN,
        "enable_continuous_backup": TRUTH,
        "lifecycle": _LIFECYCLE,
        "copy_actions": Named(
            Fields({"target_backup_vault_arn": _ARN, "lifecycle": _LIFECYCLE}, ("target_backup_vault_arn",)), most=5
        ),
        "recovery_point_tags": _TAGS,
        "index_actions": Fields({"resource_types": Value(many=True, allowed=("EBS", "S3"))}),
        "scan_actions": Named(Fields({"scan_mode": _SCAN_MODE}, ("scan_mode",))),
    },
    ("schedule_expression", "target_backup_vault_name"),
)
_COMPARISON = Named(
    Fields({"condition_key": TEXT, "condition_value": Value(pattern=".*")}, ("condition_key", "condition_value"))
)
_CONDITIONS = Fields(
    dict.fromkeys(("string_equals", "string_not_equals", "string_like", "string_not_like"), _COMPARISON)
)
_SELECTIONS = Fields(
    {
        "tags": Named(
            Fields(
                {"iam_role_arn": _ARN, "tag_key": TEXT, "tag_value": TEXTS, "conditions": _CONDITIONS},
                ("iam_role_arn", "tag_key", "tag_value"),
            ),
            most=10,
        ),
        "resources": Named(
            Fields(
                {
                    "iam_role_arn": _ARN,
                    "resource_types": TEXTS,
                    "not_resource_types": TEXTS,
                    "conditions": _CONDITIONS,
                },
                ("iam_role_arn", "resource_types"),
            )
        ),
    }
)
_PLAN = Fields(
    {
        "regions": TEXTS,
        "rules": Named(_RULE, most=10),
        "selections": _SELECTIONS,
        "advanced_backup_settings": Fields(
            {
                "ec2": Fields({"windows_vss": SWITCH}),
                "s3": Fields({"backup_acls": SWITCH, "backup_object_tags": SWITCH}),
            }
        ),
        "backup_plan_tags": _TAGS,
        "scan_settings": Named(
            Fields(
                {
                    "resource_types": Value(many=True, allowed=("EBS", "EC2", "S3", "ALL")),
                    "scanner_role_arn": _ARN,
                },
                ("resource_types", "scanner_role_arn"),
            )
        ),
    },
    ("rules", "regions", "selections"),
)
BACKUP = Fields({"plans": Named(_PLAN)})

_COLD_DAYS = 90
_CONDITIONS_MOST = 30


def beyond_keys(effective: dict[str, Any]) -> Iterator[Problem]:
    """What an effective backup policy has to keep that no single key shows. Its keys were checked before."""
    for name, plan in effective.get("plans", {}).items():
        path = f"plans/{name}"
        yield from _of_selections(plan.get("selections", {}), f"{path}/selections")
        for rule_name, rule in plan.get("rules", {}).items():
            yield from _of_rule(rule, f"{path}/rules/{rule_name}", "scan_settings" in plan)


def _of_selections(selections: dict[str, Any], path: str) -> Iterator[Problem]:
    if selections.get("tags") and selections.get("resources"):
        yield Problem("MUTUALLY_EXCLUSIVE_KEYS", path, f"{path} has tags and resources, which exclude each other.")
    for kind in ("tags", "resources"):
        for name, selection in selections.get(kind, {}).items():
            count = sum(len(wanted) for wanted in selection.get("conditions", {}).values())
            if count > _CONDITIONS_MOST:
                message = f"{path}/{kind}/{name} has {count} conditions, and at most {_CONDITIONS_MOST} are allowed."
                yield Problem("ELEMENTS_TOO_MANY", f"{path}/{kind}/{name}/conditions", message)


def _of_rule(rule: dict[str, Any], path: str, scans: bool) -> Iterator[Problem]:
    yield from _of_lifecycle(rule.get("lifecycle", {}), f"{path}/lifecycle")
    if rule.get("scan_actions") and not scans:
        yield Problem("REQUIRED_KEY_MISSING", path, f"{path} has scan_actions, which need scan_settings in its plan.")
    for arn, action in rule.get("copy_actions", {}).items():
        below = f"{path}/copy_actions/{arn}"
        yield from _of_lifecycle(action.get("lifecycle", {}), f"{below}/lifecycle")
        if action["target_backup_vault_arn"] != arn:
            yield Problem("INVALID_VALUE", below, f"{below} has another target_backup_vault_arn than its own name.")


def _of_lifecycle(lifecycle: dict[str, str], path: str) -> Iterator[Problem]:
    cold = int(lifecycle.get("move_to_cold_storage_after_days", "-1"))
    ends = int(lifecycle.get("delete_after_days", "-1"))
    if cold >= 0 and 0 <= ends < cold + _COLD_DAYS:
        message = f"{path} deletes after {ends} days, less than {_COLD_DAYS} after the move to cold storage."
        yield Problem("INVALID_VALUE", path, message)
