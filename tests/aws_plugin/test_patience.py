"""Refusals that pass, and states that take a while: what each type repeats and waits for. Sharing has its own file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.aws_plugin.pretending import Client, PretendedAccount, in_turn, refusal
from tests.emulator.conftest import PAYMENTS
from tools.aws_plugin.catalogue import RESOURCES
from tools.aws_plugin.errors import PluginError
from tools.aws_plugin.lifecycle import HalfMade, Lifecycle

PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
TESTED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
VAULT = "aws:backup/vault:Vault"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
KEY, ALIAS, ROLE = "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:iam/role:Role"
ROLE_ARN = f"arn:aws:iam::{PAYMENTS}:role/backup"
BOUNDS: dict[str, Any] = {"name": "payments-2026", "minRetentionDays": 7, "maxRetentionDays": 90}
NEW_ROLE = "IAM Role cannot be assumed by AWS Backup"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["b:A", "b:B"]}]})
REWORDED = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["b:*"]}]})
KEY_STATE = {
    "KeyId": "1",
    "Arn": "arn",
    "KeyState": "Enabled",
    "Enabled": True,
    "KeyUsage": "ENCRYPT_DECRYPT",
    "KeySpec": "SYMMETRIC_DEFAULT",
}


def lifecycle(token: str, client: Client) -> Lifecycle:
    return Lifecycle(RESOURCES[token], "it", PretendedAccount(client))


def create(token: str, client: Client, **inputs: Any) -> str:
    found = lifecycle(token, client)
    checked, failures = found.check(inputs)
    assert not failures
    return found.create(checked, preview=False)[0]


def vault(*states: str) -> Client:
    shown = {"BackupVaultArn": "arn", "MinRetentionDays": 7, "MaxRetentionDays": 90}
    return Client(
        {
            "create_logically_air_gapped_backup_vault": in_turn({}),
            "describe_backup_vault": in_turn(*({**shown, "VaultState": state} for state in states)),
            "list_tags": in_turn({}),
        }
    )


def test_an_air_gapped_vault_is_available_when_two_looks_in_a_row_say_so() -> None:
    """[tf lag]"""
    client = vault("CREATING", "AVAILABLE")
    assert create(AIR_GAPPED, client, **BOUNDS) == "payments-2026"
    assert client.names().count("describe_backup_vault") == 4, "CREATING, AVAILABLE twice, and the read"


def test_an_air_gapped_vault_that_fails_or_stays_is_not_in_the_state(impatient: None) -> None:
    """Thirty minutes, and any other state ends the wait. [tf lag] [br pfcreate]"""
    with pytest.raises(PluginError, match="unexpected state FAILED") as failed:
        create(AIR_GAPPED, vault("CREATING", "FAILED"), **BOUNDS)
    with pytest.raises(PluginError, match="is still CREATING after 1800 seconds") as stayed:
        create(AIR_GAPPED, vault("CREATING"), **BOUNDS)
    assert not isinstance(failed.value, HalfMade)
    assert not isinstance(stayed.value, HalfMade)


def test_a_plan_is_deleted_once_aws_counts_no_selection_any_more() -> None:
    """[tf plan]"""
    left = refusal("DeleteBackupPlan", "InvalidRequestException", "Related backup plan selections must be deleted")
    client = Client({"delete_backup_plan": in_turn(left, left, {})})
    lifecycle(PLAN, client).delete("p", {})
    assert client.names() == ["delete_backup_plan"] * 3


@pytest.mark.parametrize("message", [NEW_ROLE, f"{ROLE_ARN} is not authorized to call tag:GetResources"])
def test_a_selection_waits_until_its_role_is_known(message: str) -> None:
    """[tf sel]"""
    new = refusal("CreateBackupSelection", "InvalidParameterValueException", message)
    shown = {"BackupSelection": {"SelectionName": "tagged", "IamRoleArn": ROLE_ARN}}
    client = Client(
        {
            "create_backup_selection": in_turn(new, new, {"SelectionId": "s"}),
            "get_backup_selection": in_turn(shown),
        }
    )
    assert create(SELECTION, client, name="tagged", planId="p", iamRoleArn=ROLE_ARN) == "s"
    sent = client.calls[0][1]["BackupSelection"]
    assert sent["Conditions"] == {}, "one condition block is always sent"


def test_a_restore_testing_selection_does_not_wait_for_its_role() -> None:
    """[tf rts]"""
    new = refusal("CreateRestoreTestingSelection", "InvalidParameterValueException", NEW_ROLE)
    client = Client({"create_restore_testing_selection": in_turn(new, {})})
    inputs = {"restoreTestingPlanName": "monthly", "protectedResourceType": "S3", "protectedResourceArns": ["*"]}
    with pytest.raises(PluginError, match="cannot be assumed"):
        create(TESTED, client, name="objects", iamRoleArn=ROLE_ARN, **inputs)
    assert len(client.calls) == 1


def test_a_selection_that_is_gone_is_deleted() -> None:
    """[tf sel]"""
    gone = refusal("DeleteBackupSelection", "InvalidParameterValueException")
    client = Client({"delete_backup_selection": in_turn(gone)})
    lifecycle(SELECTION, client).delete("s", {"planId": "p"})
    assert client.names() == ["delete_backup_selection"]


def test_a_vault_policy_waits_until_its_principals_are_known() -> None:
    """[tf vpol]"""
    new = refusal("PutBackupVaultAccessPolicy", "InvalidParameterValueException", "Provided principal is not valid: x")
    client = Client(
        {
            "put_backup_vault_access_policy": in_turn(new, {}),
            "get_backup_vault_access_policy": in_turn({"Policy": DOCUMENT, "BackupVaultArn": "arn"}),
        }
    )
    assert create(POLICY, client, backupVaultName="local", policy=DOCUMENT) == "local"


def kms(*policies: str, **more: Any) -> Client:
    return Client(
        {
            "create_key": in_turn({"KeyMetadata": {"KeyId": "1"}}),
            "get_key_policy": in_turn(*({"Policy": policy} for policy in policies)),
            "describe_key": in_turn({"KeyMetadata": KEY_STATE}),
            "get_key_rotation_status": in_turn({"KeyRotationEnabled": False}),
            "list_resource_tags": in_turn({"Tags": []}),
            **more,
        }
    )


def test_a_key_waits_until_the_principals_of_its_policy_are_known() -> None:
    """[tf key]"""
    new = refusal("CreateKey", "MalformedPolicyDocumentException")
    client = kms(DOCUMENT, create_key=in_turn(new, {"KeyMetadata": {"KeyId": "1"}}))
    assert create(KEY, client, policy=DOCUMENT) == "1"


def test_a_key_policy_that_aws_hands_back_in_other_words_never_settles(impatient: None) -> None:
    """Ten minutes, then an error; the key stands in the state. [tf key]"""
    with pytest.raises(HalfMade, match="The policy of key 1 is still IN OTHER WORDS after 600 seconds"):
        create(KEY, kms(REWORDED), policy=DOCUMENT)
    respelt = json.dumps(json.loads(DOCUMENT.replace('"b:A", "b:B"', '"b:B", "b:A"')), indent=1)
    assert create(KEY, kms(REWORDED, respelt), policy=DOCUMENT) == "1", "another spelling is as written"


def test_a_key_is_deleted_when_its_deletion_is_pending() -> None:
    """[tf key]"""
    ends = [{"KeyMetadata": {**KEY_STATE, "KeyState": state}} for state in ("Enabled", "PendingDeletion")]
    client = kms(DOCUMENT, schedule_key_deletion=in_turn({}), describe_key=in_turn(*ends))
    lifecycle(KEY, client).delete("1", {"deletionWindowInDays": 7})
    assert client.names() == ["schedule_key_deletion", "describe_key", "describe_key"]


def test_an_alias_waits_until_its_key_is_known() -> None:
    """[tf alias]"""
    shown = {"Aliases": [{"AliasName": "alias/a", "AliasArn": "arn:alias/a", "TargetKeyId": "1"}]}
    new = refusal("CreateAlias", "NotFoundException")
    client = Client({"create_alias": in_turn(new, {}), "list_aliases": in_turn(shown)})
    assert create(ALIAS, client, name="alias/a", targetKeyId="1") == "alias/a"


def test_a_role_waits_until_the_principals_of_its_trust_are_known(impatient: None) -> None:
    """[tf role]"""
    new = refusal("CreateRole", "MalformedPolicyDocument", "Invalid principal in policy: x")
    other = refusal("CreateRole", "MalformedPolicyDocument", "Syntax errors in policy.")
    client = Client({"create_role": in_turn(new, other)})
    with pytest.raises(PluginError, match="Syntax errors"):
        create(ROLE, client, name="backup", assumeRolePolicy=DOCUMENT)
    assert len(client.calls) == 2


@pytest.mark.parametrize(
    ("token", "operation", "inputs"),
    [
        ("aws:organizations/policy:Policy", "create_policy", {"name": "guard", "content": DOCUMENT}),
        ("aws:organizations/policyAttachment:PolicyAttachment", "attach_policy", {"policyId": "p", "targetId": "r"}),
    ],
)
def test_an_organization_that_is_new_is_waited_for(token: str, operation: str, inputs: dict[str, Any]) -> None:
    """[tf orgpol] [tf attach]"""
    new = refusal(operation, "FinalizingOrganizationException")
    policy = {"PolicySummary": {"Id": "p", "Name": "guard", "Type": "t", "Arn": "a"}, "Content": DOCUMENT}
    client = Client(
        {
            operation: in_turn(new, {"Policy": policy}),
            "describe_policy": in_turn({"Policy": policy}),
            "list_tags_for_resource": in_turn({"Tags": []}),
            "list_targets_for_policy": in_turn({"Targets": [{"TargetId": "r"}]}),
        }
    )
    create(token, client, **inputs)
    assert client.names().count(operation) == 2


def test_points_are_waited_for_one_by_one_before_the_vault_goes() -> None:
    """[tf vault]"""
    pages = [{"RecoveryPoints": [{"RecoveryPointArn": name} for name in names]} for names in ("ab", "ab", "b", "")]
    client = Client(
        {
            "list_recovery_points_by_backup_vault": in_turn(*pages),
            "delete_recovery_point": in_turn({}),
            "delete_backup_vault": in_turn({}),
        }
    )
    lifecycle(VAULT, client).delete("local", {"forceDestroy": True})
    assert [name for name in client.names() if name.startswith("delete")] == [
        "delete_recovery_point",
        "delete_recovery_point",
        "delete_backup_vault",
    ]
