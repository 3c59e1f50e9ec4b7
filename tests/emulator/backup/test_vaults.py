"""Vaults of AWS Backup: what they are, how they are named, and what does not let them go."""

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.worlds.backup import BUNKER, DAY, LANDING, PAYMENTS, REGION, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestStandardVaults:
    def test_a_vault_is_available_at_once_and_encrypted_with_the_key_of_aws_backup(self, world: World) -> None:
        arn = world.vault("local")
        vault = world.backup().describe_backup_vault(BackupVaultName="local")
        assert arn == f"arn:aws:backup:{REGION}:{PAYMENTS}:backup-vault:local"
        assert (vault["VaultType"], vault["VaultState"], vault["Locked"]) == ("BACKUP_VAULT", "AVAILABLE", False)
        assert vault["NumberOfRecoveryPoints"] == 0
        alias = world.client("kms", PAYMENTS).describe_key(KeyId=vault["EncryptionKeyArn"])["KeyMetadata"]
        assert alias["KeyManager"] == "AWS"

    def test_a_vault_takes_a_key_of_its_account_and_refuses_one_that_is_not_there(self, world: World) -> None:
        key = world.client("kms", PAYMENTS).create_key()["KeyMetadata"]["Arn"]
        world.vault("own", EncryptionKeyArn=key)
        assert world.backup().describe_backup_vault(BackupVaultName="own")["EncryptionKeyArn"] == key
        missing = f"arn:aws:kms:{REGION}:{PAYMENTS}:key/00000000-0000-0000-0000-000000000000"
        create = world.backup().create_backup_vault
        refused("InvalidParameterValueException", create, BackupVaultName="lost", EncryptionKeyArn=missing)

    def test_the_same_request_again_gives_the_same_vault_and_another_one_is_refused(self, world: World) -> None:
        backup = world.backup()
        first = backup.create_backup_vault(BackupVaultName="local", CreatorRequestId="deploy-1")
        again = backup.create_backup_vault(BackupVaultName="local", CreatorRequestId="deploy-1")
        assert first["BackupVaultArn"] == again["BackupVaultArn"]
        with pytest.raises(ClientError) as caught:
            backup.create_backup_vault(BackupVaultName="local", CreatorRequestId="deploy-2")
        answer: dict[str, Any] = dict(caught.value.response)
        assert answer["Error"]["Code"] == "AlreadyExistsException"
        assert (answer["Arn"], answer["CreatorRequestId"]) == (first["BackupVaultArn"], "deploy-1")
        assert {"Code", "Message", "Type", "Context"} <= set(answer), "every error of the service has these members"

    @pytest.mark.parametrize("name", ["a", "with space", "x" * 51, "dots.too"])
    def test_a_name_outside_the_rules_is_refused(self, world: World, name: str) -> None:
        refused("InvalidParameterValueException", world.backup().create_backup_vault, BackupVaultName=name)

    def test_an_unknown_vault_is_not_found_by_any_operation_on_it(self, world: World) -> None:
        backup = world.backup()
        for call in (
            backup.describe_backup_vault,
            backup.delete_backup_vault,
            backup.get_backup_vault_access_policy,
            backup.get_backup_vault_notifications,
            backup.list_recovery_points_by_backup_vault,
            backup.delete_backup_vault_lock_configuration,
        ):
            refused("ResourceNotFoundException", call, BackupVaultName="nowhere")

    def test_a_vault_with_a_recovery_point_cannot_be_deleted_and_an_empty_one_can(self, world: World) -> None:
        world.vault("local")
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        refused("InvalidRequestException", backup.delete_backup_vault, BackupVaultName="local")
        backup.delete_recovery_point(BackupVaultName="local", RecoveryPointArn=point)
        refused("InvalidRequestException", backup.delete_backup_vault, BackupVaultName="local")
        backup.delete_backup_vault(BackupVaultName="local")
        refused("ResourceNotFoundException", backup.describe_backup_vault, BackupVaultName="local")

    def test_the_301st_vault_is_one_too_many(self, world: World) -> None:
        for number in range(300):
            world.vault(f"vault-{number}")
        refused("LimitExceededException", world.backup().create_backup_vault, BackupVaultName="one-more")

    def test_vaults_of_one_account_or_region_are_unknown_to_others(self, world: World) -> None:
        world.vault("local")
        refused("ResourceNotFoundException", world.backup(BUNKER).describe_backup_vault, BackupVaultName="local")
        other_region = world.backup(PAYMENTS, "eu-central-1")
        refused("ResourceNotFoundException", other_region.describe_backup_vault, BackupVaultName="local")


class TestAirGappedVaults:
    def test_it_is_creating_at_first_and_locked_for_good_from_the_same_moment(self, world: World) -> None:
        world.air_gapped("gapped")
        look = world.backup().describe_backup_vault
        first, second = look(BackupVaultName="gapped"), look(BackupVaultName="gapped")
        assert (first["VaultState"], second["VaultState"]) == ("CREATING", "AVAILABLE")
        assert second["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
        assert second["Locked"] is True
        assert second["LockDate"] == second["CreationDate"], "there is no grace time"
        assert (second["MinRetentionDays"], second["MaxRetentionDays"]) == (7, 90)
        assert second["EncryptionKeyType"] == "AWS_OWNED_KMS_KEY"

    def test_its_creation_ends_by_the_clock_too(self, world: World) -> None:
        world.air_gapped("gapped")
        world.emulator.advance(300)
        assert world.backup().describe_backup_vault(BackupVaultName="gapped")["VaultState"] == "AVAILABLE"

    @pytest.mark.parametrize(("low", "high"), [(6, 90), (0, 90), (30, 29), (7, 36501)])
    def test_retention_outside_the_rules_is_refused(self, world: World, low: int, high: int) -> None:
        create = world.backup().create_logically_air_gapped_backup_vault
        refused(
            "InvalidParameterValueException", create, BackupVaultName="bad", MinRetentionDays=low, MaxRetentionDays=high
        )

    def test_its_lock_can_neither_be_put_nor_deleted(self, world: World) -> None:
        world.air_gapped("gapped")
        backup = world.backup()
        put, delete = backup.put_backup_vault_lock_configuration, backup.delete_backup_vault_lock_configuration
        refused("InvalidRequestException", put, BackupVaultName="gapped", MinRetentionDays=1)
        refused("InvalidRequestException", delete, BackupVaultName="gapped")

    def test_a_name_is_unique_over_all_kinds_of_vaults(self, world: World) -> None:
        world.vault("taken")
        create = world.backup().create_logically_air_gapped_backup_vault
        refused("AlreadyExistsException", create, BackupVaultName="taken", MinRetentionDays=7, MaxRetentionDays=8)

    def test_an_empty_one_can_be_deleted_and_one_with_a_point_cannot(self, world: World) -> None:
        world.air_gapped_point()
        world.air_gapped("empty")
        backup = world.backup()
        backup.delete_backup_vault(BackupVaultName="empty")
        refused("InvalidRequestException", backup.delete_backup_vault, BackupVaultName="gapped")


class TestListing:
    def test_vaults_are_listed_by_type_and_in_pages(self, world: World) -> None:
        for name in ("one", "two", "three"):
            world.vault(name)
        world.air_gapped("gapped")
        backup = world.backup()
        kind = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
        listed = backup.list_backup_vaults(ByVaultType=kind)["BackupVaultList"]
        assert [vault["BackupVaultName"] for vault in listed] == ["gapped"]
        first = backup.list_backup_vaults(MaxResults=3)
        second = backup.list_backup_vaults(MaxResults=3, NextToken=first["NextToken"])
        names = [vault["BackupVaultName"] for page in (first, second) for vault in page["BackupVaultList"]]
        assert names == ["one", "two", "three", "gapped"]
        assert "NextToken" not in second
        refused("InvalidParameterValueException", backup.list_backup_vaults, NextToken="7")
        refused("InvalidParameterValueException", backup.list_backup_plans, NextToken=first["NextToken"])

    def test_a_shared_vault_is_seen_by_its_consumer_who_names_the_owner(self, world: World) -> None:
        _, vault_arn = world.air_gapped_point()
        consumer = world.backup(LANDING)
        look = consumer.describe_backup_vault
        message = refused("AccessDeniedException", look, BackupVaultName="gapped", BackupVaultAccountId=PAYMENTS)
        assert message == "Insufficient privileges to perform this action."
        world.share(vault_arn, PAYMENTS, LANDING)
        assert look(BackupVaultName="gapped", BackupVaultAccountId=PAYMENTS)["BackupVaultArn"] == vault_arn
        listed = consumer.list_backup_vaults(ByShared=True)["BackupVaultList"]
        assert [vault["BackupVaultArn"] for vault in listed] == [vault_arn]
        points = consumer.list_recovery_points_by_backup_vault(BackupVaultName="gapped", BackupVaultAccountId=PAYMENTS)
        assert len(points["RecoveryPoints"]) == 1
        refused("AccessDeniedException", consumer.list_recovery_points_by_backup_vault, BackupVaultName="gapped")

    def test_an_invitation_that_nobody_accepted_shares_nothing(self, world: World) -> None:
        vault_arn = world.air_gapped()
        world.share(vault_arn, PAYMENTS, LANDING, accept=False)
        consumer = world.backup(LANDING)
        look = consumer.describe_backup_vault
        refused("AccessDeniedException", look, BackupVaultName="gapped", BackupVaultAccountId=PAYMENTS)
        assert consumer.list_backup_vaults(ByShared=True)["BackupVaultList"] == []


class TestLocks:
    def test_governance_mode_keeps_points_until_the_lock_is_taken_off(self, world: World) -> None:
        world.vault("local")
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        backup.put_backup_vault_lock_configuration(BackupVaultName="local", MinRetentionDays=7, MaxRetentionDays=30)
        vault = backup.describe_backup_vault(BackupVaultName="local")
        assert vault["Locked"] is True
        assert "LockDate" not in vault
        delete = {"BackupVaultName": "local", "RecoveryPointArn": point}
        refused("InvalidRequestException", backup.delete_recovery_point, **delete)
        backup.delete_backup_vault_lock_configuration(BackupVaultName="local")
        backup.delete_recovery_point(**delete)

    def test_compliance_mode_cannot_be_changed_after_its_grace_time(self, world: World) -> None:
        world.vault("local")
        backup = world.backup()
        put, delete = backup.put_backup_vault_lock_configuration, backup.delete_backup_vault_lock_configuration
        put(BackupVaultName="local", MinRetentionDays=7, ChangeableForDays=3)
        put(BackupVaultName="local", MinRetentionDays=8, ChangeableForDays=3)
        world.emulator.advance(3 * DAY + 1)
        refused("InvalidRequestException", put, BackupVaultName="local", MinRetentionDays=1)
        refused("InvalidRequestException", delete, BackupVaultName="local")
        assert backup.describe_backup_vault(BackupVaultName="local")["MinRetentionDays"] == 8

    @pytest.mark.parametrize(
        "lock",
        [{"ChangeableForDays": 2}, {"MinRetentionDays": 0}, {"MinRetentionDays": 9, "MaxRetentionDays": 8}],
    )
    def test_a_lock_outside_the_rules_is_refused(self, world: World, lock: dict[str, int]) -> None:
        world.vault("local")
        put = world.backup().put_backup_vault_lock_configuration
        refused("InvalidParameterValueException", put, BackupVaultName="local", **lock)


class TestPoliciesNotificationsAndTags:
    def test_a_policy_is_put_read_and_deleted(self, world: World) -> None:
        world.vault("local")
        backup = world.backup()
        refused("ResourceNotFoundException", backup.get_backup_vault_access_policy, BackupVaultName="local")
        policy = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": BUNKER},
                        "Action": "backup:CopyIntoBackupVault",
                        "Resource": "*",
                    }
                ],
            }
        )
        backup.put_backup_vault_access_policy(BackupVaultName="local", Policy=policy)
        assert json.loads(backup.get_backup_vault_access_policy(BackupVaultName="local")["Policy"]) == json.loads(
            policy
        )
        backup.delete_backup_vault_access_policy(BackupVaultName="local")
        refused("ResourceNotFoundException", backup.get_backup_vault_access_policy, BackupVaultName="local")

    @pytest.mark.parametrize(
        "policy",
        [
            "not json",
            "{}",
            json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}),
        ],
    )
    def test_a_policy_that_is_none_or_allows_everything_is_refused(self, world: World, policy: str) -> None:
        world.vault("local")
        put = world.backup().put_backup_vault_access_policy
        refused("InvalidParameterValueException", put, BackupVaultName="local", Policy=policy)

    def test_a_denial_in_the_policy_keeps_recovery_points(self, world: World) -> None:
        world.vault("local")
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        backup.put_backup_vault_access_policy(BackupVaultName="local", Policy=policy)
        delete = {"BackupVaultName": "local", "RecoveryPointArn": point}
        assert "explicit deny" in refused("AccessDeniedException", backup.delete_recovery_point, **delete)

    def test_notifications_are_put_read_and_deleted(self, world: World) -> None:
        world.vault("local")
        backup = world.backup()
        topic = f"arn:aws:sns:{REGION}:{PAYMENTS}:backups"
        backup.put_backup_vault_notifications(
            BackupVaultName="local", SNSTopicArn=topic, BackupVaultEvents=["COPY_JOB_FAILED"]
        )
        found = backup.get_backup_vault_notifications(BackupVaultName="local")
        assert (found["SNSTopicArn"], found["BackupVaultEvents"]) == (topic, ["COPY_JOB_FAILED"])
        put = backup.put_backup_vault_notifications
        refused(
            "InvalidParameterValueException",
            put,
            BackupVaultName="local",
            SNSTopicArn=topic,
            BackupVaultEvents=["NO_SUCH_EVENT"],
        )
        backup.delete_backup_vault_notifications(BackupVaultName="local")
        refused("ResourceNotFoundException", backup.get_backup_vault_notifications, BackupVaultName="local")

    def test_tags_are_listed_added_and_removed(self, world: World) -> None:
        arn = world.vault("local", BackupVaultTags={"owner": "airlock"})
        backup = world.backup()
        backup.tag_resource(ResourceArn=arn, Tags={"class": "payments", "owner": "us"})
        assert backup.list_tags(ResourceArn=arn)["Tags"] == {"owner": "us", "class": "payments"}
        backup.untag_resource(ResourceArn=arn, TagKeyList=["owner"])
        assert backup.list_tags(ResourceArn=arn)["Tags"] == {"class": "payments"}
        refused("InvalidParameterValueException", backup.tag_resource, ResourceArn=arn, Tags={"aws:mine": "no"})
        refused("AccessDeniedException", world.backup(BUNKER).tag_resource, ResourceArn=arn, Tags={"a": "b"})
        refused("ResourceNotFoundException", backup.list_tags, ResourceArn=arn + "-other")


def test_no_operation_of_the_model_is_left_without_an_answer(world: World) -> None:
    model = world.backup().meta.service_model
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = re.sub(r"\{[^}]*\}", "none", http["requestUri"])
        request = urllib.request.Request(  # noqa: S310 - loopback
            world.emulator.url + path,
            data=b"{}",
            method=http["method"],
            headers={
                "Authorization": f"AWS4-HMAC-SHA256 Credential={PAYMENTS}/20260101/{REGION}/backup/aws4_request, "
                "SignedHeaders=host, Signature=none",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
                status = answer.status
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
        assert status < 500, f"{name} was answered with HTTP {status}"
