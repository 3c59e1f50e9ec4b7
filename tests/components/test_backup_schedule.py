"""Promises of plans, in an account and through the organization."""

import json
from dataclasses import replace

import pytest

from airlock.domain.errors import UsageError
from airlock.domain.retention import Bounds
from components.backup_policy import BackupPolicy, BackupPolicyArgs, policy_document
from components.backup_schedule import BackupSchedule, BackupScheduleArgs, CopyTarget
from tests.components.recording import record

ORDERS = "arn:aws:backup:eu-west-1:333333333333:backup-vault:orders-2026"
COPY = CopyTarget(vault_arn=ORDERS, bounds=Bounds(7, 90), retention_days=35)
PLAN = BackupScheduleArgs(
    plan_name="airlock-orders",
    schedule="cron(0 4 * * ? *)",
    local_vault_name="orders-local",
    local_retention_days=14,
    copy=COPY,
    role_arn="arn:aws:iam::555555555555:role/airlock-backup",
    tag_key="airlock-class",
    tag_value="orders",
)
POLICY = BackupPolicyArgs(
    policy_name="airlock-orders",
    region="eu-west-1",
    schedule="cron(0 4 * * ? *)",
    local_vault_name="orders-local",
    local_retention_days=14,
    copy_vault_arn=ORDERS,
    copy_vault_bounds=Bounds(7, 90),
    copy_retention_days=35,
    tag_key="airlock-rollout",
    tag_value="orders",
    account_ids={"orders": "555555555555"},
)


def test_every_copy_carries_its_lifecycle() -> None:
    (rule,) = record(lambda: BackupSchedule("orders", PLAN)).one("plan:Plan").inputs["rules"]
    assert rule["copyActions"] == [{"destinationVaultArn": ORDERS, "lifecycle": {"deleteAfter": 35}}]
    assert rule["lifecycle"] == {"deleteAfter": 14}
    assert rule["targetVaultName"] == "orders-local"


def test_the_selection_is_by_tag() -> None:
    selection = record(lambda: BackupSchedule("orders", PLAN)).one("Selection")
    assert selection.inputs["selectionTags"] == [{"type": "STRINGEQUALS", "key": "airlock-class", "value": "orders"}]


@pytest.mark.parametrize(("days", "reason"), [(6, "shorter than the vault's minimum"), (91, "longer than")])
def test_a_copy_that_does_not_fit_the_vault_is_refused_at_preview(days: int, reason: str) -> None:
    with pytest.raises(UsageError, match=f"plan `airlock-orders`.*{reason}"):
        replace(PLAN, copy=replace(COPY, retention_days=days))
    with pytest.raises(UsageError, match=f"policy `airlock-orders`.*{reason}"):
        replace(POLICY, copy_retention_days=days)


def test_a_backup_policy_has_the_three_parts_that_each_plan_needs() -> None:
    plan = json.loads(policy_document(POLICY))["plans"]["airlock-orders"]
    assert set(plan) == {"rules", "regions", "selections"}
    assert plan["regions"] == {"@@assign": ["eu-west-1"]}


def test_every_leaf_of_a_backup_policy_is_text_under_an_operator() -> None:
    def leaves(value: object, key: str = "") -> list[tuple[str, object]]:
        if isinstance(value, dict):
            return [leaf for name, item in value.items() for leaf in leaves(item, name)]
        if isinstance(value, list):
            return [leaf for item in value for leaf in leaves(item, key)]
        return [(key, value)]

    found = leaves(json.loads(policy_document(POLICY)))
    assert found
    assert all(key == "@@assign" and isinstance(value, str) for key, value in found)


def test_the_role_in_a_backup_policy_is_the_members_own() -> None:
    plan = json.loads(policy_document(POLICY))["plans"]["airlock-orders"]
    selection = plan["selections"]["tags"]["airlock-orders"]
    assert selection["iam_role_arn"] == {"@@assign": "arn:aws:iam::$account:role/airlock-backup"}


def test_a_copy_action_of_a_backup_policy_is_keyed_by_its_target() -> None:
    plan = json.loads(policy_document(POLICY))["plans"]["airlock-orders"]
    (copies,) = [rule["copy_actions"] for rule in plan["rules"].values()]
    assert copies[ORDERS]["target_backup_vault_arn"] == {"@@assign": ORDERS}
    assert copies[ORDERS]["lifecycle"]["delete_after_days"] == {"@@assign": "35"}


def test_a_backup_policy_is_attached_to_each_account_by_its_key() -> None:
    both = replace(POLICY, account_ids={"orders": "555555555555", "web": "999999999999"})
    recording = record(lambda: BackupPolicy("orders", both))
    assert {one.name: one.inputs["targetId"] for one in recording.of("PolicyAttachment")} == {
        "orders-orders": "555555555555",
        "orders-web": "999999999999",
    }


def test_a_backup_policy_that_is_too_long_for_aws_is_refused() -> None:
    with pytest.raises(UsageError, match="AWS takes 10000"):
        replace(POLICY, tag_value="x" * 10_000)


def test_a_backup_policy_for_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="has no account"):
        replace(POLICY, account_ids={})
