"""The template of a roll-out account makes everything that a backup policy of the organization looks for there."""

import json
from pathlib import Path

from airlock.bootstrap import template_for
from airlock.estate import load
from tests.emulator.conftest import PAYMENTS, Emulator, emulator, emulator_process

__all__ = ["emulator", "emulator_process"]

ROOT = Path(__file__).parents[2]
REGION = "eu-west-1"


def test_a_rollout_account_is_ready_for_the_backup_policy(emulator: Emulator) -> None:
    emulator.seed()
    cloudformation = emulator.client("cloudformation", PAYMENTS, REGION)
    cloudformation.create_stack(
        StackName="airlock-bootstrap",
        TemplateBody=template_for(load(ROOT / "estate.yaml"), "orders"),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    (stack,) = cloudformation.describe_stacks(StackName="airlock-bootstrap")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"

    backup = emulator.client("backup", PAYMENTS, REGION)
    vault = backup.describe_backup_vault(BackupVaultName="orders-local")
    key = emulator.client("kms", PAYMENTS, REGION).describe_key(KeyId="alias/orders-local")["KeyMetadata"]["Arn"]
    assert vault["EncryptionKeyArn"] == key
    policy = json.loads(backup.get_backup_vault_access_policy(BackupVaultName="orders-local")["Policy"])
    assert policy["Statement"][0]["Effect"] == "Deny"
    iam = emulator.client("iam", PAYMENTS)
    attached = iam.list_attached_role_policies(RoleName="airlock-backup")["AttachedPolicies"]
    assert {item["PolicyName"] for item in attached} == {
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForS3Backup",
    }
    for role in ("airlock-deploy", "airlock-break-glass"):
        session = emulator.assume(f"arn:aws:iam::{PAYMENTS}:role/{role}", PAYMENTS)
        assert emulator.client("sts", **session).get_caller_identity()["Account"] == PAYMENTS
