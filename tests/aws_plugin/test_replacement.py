"""Which comes first when an object is replaced, and what that leaves behind.

Sources: [br pfdiff] [br sdk] [pu over] [tf ebskey].
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws_plugin.talking import Plugin, Refusal
from tests.aws_plugin.test_identity_and_keys import DEFAULT_KEY, KEY, allow, trust
from tests.aws_plugin.test_plans import PLAN, POINTS, RULE, SCHEDULE, TESTS
from tests.aws_plugin.test_vaults import AIR_GAPPED, BOUNDS, VAULT, policy
from tests.emulator.conftest import PAYMENTS, Emulator

ROLE, INLINE, MANAGED = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ORGANIZATIONS = "aws:organizations/policy:Policy"


def test_an_air_gapped_vault_is_created_first_although_its_name_is_taken(payments: Plugin) -> None:
    """[br pfdiff]"""
    vault = payments.create(AIR_GAPPED, **BOUNDS)
    again = {**BOUNDS, "minRetentionDays": 8}
    assert not vault.compare(**again).deleteBeforeReplace
    with pytest.raises(Refusal, match="AlreadyExistsException"):
        payments.create(AIR_GAPPED, **again)


def test_a_restore_testing_plan_is_created_first_under_another_name_too(payments: Plugin) -> None:
    """[br pfdiff]"""
    inputs: dict[str, Any] = {"name": "monthly", "scheduleExpression": SCHEDULE, "recoveryPointSelection": POINTS}
    assert not payments.create(TESTS, **inputs).compare(**{**inputs, "name": "weekly"}).deleteBeforeReplace


@pytest.mark.parametrize(
    ("token", "inputs", "change"),
    [
        (VAULT, {"name": "local"}, {"kmsKeyArn": f"arn:aws:kms:eu-west-1:{PAYMENTS}:key/2"}),
        (VAULT, {"name": "local"}, {"name": "other"}),
        (ROLE, {"name": "backup", "assumeRolePolicy": trust("backup.amazonaws.com")}, {"path": "/x/"}),
        (ROLE, {"name": "backup", "assumeRolePolicy": trust("backup.amazonaws.com")}, {"name": "other"}),
        (MANAGED, {"name": "p", "policy": allow("s3:A")}, {"name": "q"}),
    ],
)
def test_what_has_a_name_goes_first_whatever_changed(
    payments: Plugin, token: str, inputs: dict[str, Any], change: dict[str, Any]
) -> None:
    """Types of the older SDK, also when the name itself changes: a gap between old and new. [br sdk]"""
    assert payments.create(token, **inputs).compare(**{**inputs, **change}).deleteBeforeReplace


def test_a_renamed_plan_is_gone_before_the_new_one_stands(payments: Plugin) -> None:
    """[br sdk]"""
    payments.create(VAULT, name="local")
    rule = {**RULE, "copyActions": []}
    plan = payments.create(PLAN, name="payments", rules=[rule])
    assert plan.compare(name="renamed", rules=[rule]).deleteBeforeReplace


def test_a_change_in_place_deletes_nothing(payments: Plugin) -> None:
    vault = payments.create(VAULT, name="local")
    assert not vault.compare(name="local", tags={"a": "b"}).deleteBeforeReplace


def test_an_attachment_goes_first(payments: Plugin) -> None:
    """By a setting of the real plugin. [pu over]"""
    payments.create(ROLE, name="backup", assumeRolePolicy=trust("backup.amazonaws.com"))
    one, two = (payments.create(MANAGED, name=name, policy=allow("s3:A")).id for name in ("one", "two"))
    made = payments.create(ATTACHED, role="backup", policyArn=one)
    assert made.compare(role="backup", policyArn=two).deleteBeforeReplace


def test_a_vault_policy_is_made_before_the_old_one_goes(payments: Plugin) -> None:
    """It has no name of its own. [br sdk]"""
    payments.create(VAULT, name="local")
    inputs = {"backupVaultName": "local", "policy": policy("backup:CopyIntoBackupVault")}
    made = payments.create("aws:backup/vaultPolicy:VaultPolicy", **inputs)
    assert not made.compare(**{**inputs, "backupVaultName": "other"}).deleteBeforeReplace


def test_a_replaced_default_key_ends_with_the_key_of_aws(aws: Emulator, payments: Plugin) -> None:
    """The new key is set, then the old entry is deleted, which resets whatever is set. [tf ebskey] [pu over]"""
    ec2 = aws.client("ec2", PAYMENTS, "eu-west-1")
    of_aws = ec2.get_ebs_default_kms_key_id()["KmsKeyId"]
    ours, by_hand = (payments.create(KEY).state["arn"] for _ in range(2))
    made = payments.create(DEFAULT_KEY, keyArn=ours)
    ec2.modify_ebs_default_kms_key_id(KmsKeyId=by_hand)
    assert made.refresh()
    found = made.compare(keyArn=ours)
    assert (list(found.replaces), found.deleteBeforeReplace) == (["keyArn"], False), "drift counts as a new object"
    payments.create(DEFAULT_KEY, "new", keyArn=ours)
    made.delete()
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == of_aws
