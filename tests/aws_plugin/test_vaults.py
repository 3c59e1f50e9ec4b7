"""The life of vaults and of their policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from tests.aws_plugin.talking import Plugin, Refusal
from tests.emulator.conftest import PAYMENTS, Emulator

AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
VAULT = "aws:backup/vault:Vault"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
BOUNDS: dict[str, Any] = {"name": "payments-2026", "minRetentionDays": 7, "maxRetentionDays": 90}
ARN = f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-vault:payments-2026"


def policy(action: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": PAYMENTS}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class TestLogicallyAirGappedVault:
    def test_it_lives_and_ends(self, aws: Emulator, payments: Plugin) -> None:
        vault = payments.create(AIR_GAPPED, **BOUNDS, tags={"owner": "airlock"})
        assert vault.id == "payments-2026"
        assert vault.state["arn"] == ARN
        assert vault.state["tagsAll"] == {"owner": "airlock"}
        found = aws.client("backup", PAYMENTS, "eu-west-1").describe_backup_vault(BackupVaultName="payments-2026")
        assert found["VaultState"] == "AVAILABLE", "dependants may use the vault as soon as it stands in the state"
        assert (found["MinRetentionDays"], found["MaxRetentionDays"]) == (7, 90)
        assert vault.refresh()
        assert vault.diff(**BOUNDS, tags={"owner": "airlock"}) == (set(), set())
        vault.delete()
        assert vault.refresh(), "AWS deletes an air-gapped vault in its own time, and the provider does not wait for it"
        assert not vault.refresh()

    @pytest.mark.parametrize(
        "change", [{"minRetentionDays": 8}, {"maxRetentionDays": 91}, {"name": "other"}, {"encryptionKeyArn": "a"}]
    )
    def test_what_aws_never_changes_means_a_new_vault(self, payments: Plugin, change: dict[str, Any]) -> None:
        vault = payments.create(AIR_GAPPED, **BOUNDS)
        assert vault.diff(**{**BOUNDS, **change}) == (set(change), set(change))

    def test_tags_change_in_place_and_only_they_are_written(self, aws: Emulator, payments: Plugin) -> None:
        vault = payments.create(AIR_GAPPED, **BOUNDS, tags={"owner": "airlock", "stage": "1"})
        assert vault.diff(**BOUNDS, tags={"owner": "other"}) == ({"tags"}, set())
        before = aws.calls()[-1]["seq"]
        vault.update(**BOUNDS, tags={"owner": "other"})
        client = aws.client("backup", PAYMENTS, "eu-west-1")
        assert client.list_tags(ResourceArn=ARN)["Tags"] == {"owner": "other"}
        writes = [
            call["operation"] for call in aws.calls(before) if call["operation"] in ("TagResource", "UntagResource")
        ]
        assert sorted(writes) == ["TagResource", "UntagResource"]

    def test_what_aws_refuses_is_told_with_its_name_and_reason(self, payments: Plugin) -> None:
        with pytest.raises(Refusal) as refused:
            payments.create(AIR_GAPPED, "lag", **{**BOUNDS, "maxRetentionDays": 6})
        sentence = str(refused.value)
        assert sentence.startswith(f"Could not create {AIR_GAPPED} `lag` in eu-west-1: AWS refused ")
        assert "InvalidParameterValueException" in sentence
        assert "Traceback" not in sentence
        assert refused.value.kept is None, "nothing was created, so nothing may stand in the state"

    def test_a_preview_knows_what_the_program_says_and_nothing_else(self, aws: Emulator, payments: Plugin) -> None:
        shown = payments.preview(AIR_GAPPED, **BOUNDS, tags={"a": "b"})
        assert shown == {
            **BOUNDS,
            "region": "eu-west-1",
            "tags": {"a": "b"},
            "tagsAll": {"a": "b"},
            "arn": UNKNOWN,
            "encryptionKeyArn": UNKNOWN,
        }
        assert "CreateLogicallyAirGappedBackupVault" not in {call["operation"] for call in aws.calls()}

    def test_the_preview_of_an_update_keeps_what_is_known(self, payments: Plugin) -> None:
        vault = payments.create(AIR_GAPPED, **BOUNDS)
        shown = vault.update(preview=True, **BOUNDS, tags={"a": "b"})
        assert shown["arn"] == ARN, "dependants would otherwise preview as replaced"
        assert shown["tagsAll"] == {"a": "b"}

    def test_an_import_brings_the_inputs_that_a_program_needs(self, payments: Plugin) -> None:
        made = payments.create(AIR_GAPPED, **BOUNDS)
        id_, state, inputs = payments.read(AIR_GAPPED, made.id) or ("", {}, {})
        assert id_ == made.id
        assert state["arn"] == ARN
        assert inputs.items() >= {**BOUNDS, "region": "eu-west-1"}.items()

    def test_a_vault_of_another_type_is_not_there(self, payments: Plugin) -> None:
        """[tf lag]"""
        payments.create(VAULT, name="local")
        assert payments.read(AIR_GAPPED, "local") is None

    def test_an_import_of_what_is_not_there_finds_nothing(self, payments: Plugin) -> None:
        assert payments.read(AIR_GAPPED, "nowhere") is None


class TestVault:
    def test_it_lives_and_ends(self, payments: Plugin) -> None:
        vault = payments.create(VAULT, name="local", tags={"a": "b"})
        assert vault.state["recoveryPoints"] == 0
        assert vault.refresh()
        assert vault.diff(name="local", tags={"a": "b"}) == (set(), set())
        vault.delete()
        assert not vault.refresh()

    def test_a_tag_changed_by_hand_shows_as_drift_and_is_put_back(self, aws: Emulator, payments: Plugin) -> None:
        vault = payments.create(VAULT, name="local", tags={"a": "b"})
        client = aws.client("backup", PAYMENTS, "eu-west-1")
        client.tag_resource(ResourceArn=vault.state["arn"], Tags={"a": "tampered"})
        assert vault.refresh()
        assert vault.state["tags"] == vault.inputs["tags"] == {"a": "tampered"}
        assert vault.diff(name="local", tags={"a": "b"}) == ({"tags"}, set())
        vault.update(name="local", tags={"a": "b"})
        assert client.list_tags(ResourceArn=vault.state["arn"])["Tags"] == {"a": "b"}

    def test_tags_taken_out_of_the_program_are_removed(self, payments: Plugin) -> None:
        vault = payments.create(VAULT, name="local", tags={"a": "b"})
        assert vault.diff(name="local") == ({"tags"}, set())
        vault.update(name="local")
        assert vault.state["tags"] == {}

    def test_a_vault_that_went_away_is_reported_as_gone(self, aws: Emulator, payments: Plugin) -> None:
        vault = payments.create(VAULT, name="local")
        aws.client("backup", PAYMENTS, "eu-west-1").delete_backup_vault(BackupVaultName="local")
        assert not vault.refresh()
        vault.delete()

    def test_a_vault_with_recovery_points_is_not_deleted(self, aws: Emulator, payments: Plugin) -> None:
        vault = payments.create(VAULT, name="local")
        back_up_a_bucket(aws)
        with pytest.raises(Refusal) as refused:
            vault.delete()
        assert f"Could not delete {VAULT} `it` in eu-west-1: AWS refused DeleteBackupVault" in str(refused.value)
        assert vault.refresh(), "a refused delete leaves the vault where it is"

    def test_force_destroy_deletes_the_points_first(self, aws: Emulator, payments: Plugin) -> None:
        vault = payments.create(VAULT, name="local", forceDestroy=True)
        back_up_a_bucket(aws)
        vault.delete()
        assert not vault.refresh()


class TestVaultPolicy:
    def test_it_lives_and_ends(self, payments: Plugin) -> None:
        payments.create(VAULT, name="local")
        made = payments.create(POLICY, backupVaultName="local", policy=policy("backup:CopyIntoBackupVault"))
        assert made.refresh()
        assert made.diff(backupVaultName="local", policy=policy("backup:DeleteRecoveryPoint")) == ({"policy"}, set())
        made.update(backupVaultName="local", policy=policy("backup:DeleteRecoveryPoint"))
        assert "DeleteRecoveryPoint" in made.state["policy"]
        made.delete()
        assert not made.refresh()

    def test_the_same_policy_in_another_spelling_is_no_change(self, payments: Plugin) -> None:
        payments.create(VAULT, name="local")
        made = payments.create(POLICY, backupVaultName="local", policy=policy(["b:Two", "b:One"]))
        respelt = json.dumps(json.loads(policy(["b:One", "b:Two"])), indent=2)
        assert made.diff(backupVaultName="local", policy=respelt) == (set(), set())


def back_up_a_bucket(aws: Emulator) -> None:
    """One recovery point in the vault `local`."""
    s3 = aws.client("s3", PAYMENTS, "eu-west-1")
    s3.create_bucket(Bucket="ledger", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="ledger", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="ledger", Key="a", Body=b"1")
    trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.client("iam", PAYMENTS).create_role(
        RoleName="airlock-backup",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    client = aws.client("backup", PAYMENTS, "eu-west-1")
    client.update_region_settings(ResourceTypeOptInPreference={"S3": True})
    job = client.start_backup_job(BackupVaultName="local", ResourceArn="arn:aws:s3:::ledger", IamRoleArn=role)
    for _ in range(10):
        if client.describe_backup_job(BackupJobId=job["BackupJobId"])["State"] == "COMPLETED":
            return
    pytest.fail("the backup job does not come to an end")
