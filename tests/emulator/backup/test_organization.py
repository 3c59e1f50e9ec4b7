"""AWS Backup in an organization: global settings, and the plans that backup policies bring to the accounts."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.backup import AUDIT, BUNKER, DAY, MANAGEMENT, PAYMENTS, RECOVERY, REGION, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestGlobalSettings:
    def test_they_are_off_and_every_member_reads_them(self, world: World) -> None:
        found = world.backup(PAYMENTS).describe_global_settings()["GlobalSettings"]
        keys = ("isCrossAccountBackupEnabled", "isMpaEnabled", "isDelegatedAdministratorEnabled")
        assert found == dict.fromkeys(keys, "false")
        world.switch_mpa()
        for account in (MANAGEMENT, PAYMENTS):
            answer = world.backup(account).describe_global_settings()
            assert answer["GlobalSettings"]["isMpaEnabled"] == "true"
            assert "LastUpdateTime" in answer
        other = world.backup(RECOVERY).describe_global_settings()["GlobalSettings"]
        assert other["isMpaEnabled"] == "false", "another organization has its own settings"

    def test_they_are_the_same_in_every_region(self, world: World) -> None:
        world.switch_mpa()
        found = world.backup(PAYMENTS, "eu-central-1").describe_global_settings()["GlobalSettings"]
        assert found["isMpaEnabled"] == "true"

    def test_only_the_management_account_changes_them(self, world: World) -> None:
        for account in (PAYMENTS, AUDIT):
            update = world.backup(account).update_global_settings
            refused("InvalidRequestException", update, GlobalSettings={"isMpaEnabled": "true"})

    @pytest.mark.parametrize("settings", [{"isEverythingEnabled": "true"}, {"isMpaEnabled": "yes"}])
    def test_an_unknown_key_or_value_is_refused(self, world: World, settings: dict[str, str]) -> None:
        update = world.backup(MANAGEMENT).update_global_settings
        refused("InvalidParameterValueException", update, GlobalSettings=settings)


def attach_backup_policy(world: World, content: dict[str, Any], target: str = PAYMENTS) -> str:
    """What the management stack sets up, and a backup policy on one account."""
    organizations = world.client("organizations", MANAGEMENT, "us-east-1")
    root = organizations.list_roots()["Roots"][0]
    organizations.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    if not any(one["Type"] == "BACKUP_POLICY" for one in root["PolicyTypes"]):
        organizations.enable_policy_type(RootId=root["Id"], PolicyType="BACKUP_POLICY")
    policy = organizations.create_policy(
        Name="rollout", Description="Backups.", Type="BACKUP_POLICY", Content=json.dumps(content)
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=target)
    return str(policy)


def rollout_policy(bunker_arn: str) -> dict[str, Any]:
    def assign(value: Any) -> dict[str, Any]:
        return {"@@assign": value}

    return {
        "plans": {
            "rollout": {
                "regions": assign([REGION]),
                "rules": {
                    "daily": {
                        "schedule_expression": assign("cron(0 4 * * ? *)"),
                        "target_backup_vault_name": assign("local"),
                        "lifecycle": {"delete_after_days": assign("14")},
                        "copy_actions": {
                            bunker_arn: {
                                "target_backup_vault_arn": assign(bunker_arn),
                                "lifecycle": {"delete_after_days": assign("35")},
                            }
                        },
                    }
                },
                "selections": {
                    "tags": {
                        "tagged": {
                            "iam_role_arn": assign("arn:aws:iam::$account:role/airlock-backup"),
                            "tag_key": assign("airlock-rollout"),
                            "tag_value": assign(["orders"]),
                        }
                    }
                },
            }
        }
    }


class TestBackupPolicies:
    def rolled_out(self, world: World) -> str:
        """A policy on PAYMENTS that copies into the bunker, and a bucket with its tag."""
        world.vault("local")
        world.role()
        world.bucket()
        world.client("s3", PAYMENTS).put_bucket_tagging(
            Bucket="payments-data", Tagging={"TagSet": [{"Key": "airlock-rollout", "Value": "orders"}]}
        )
        bunker = world.air_gapped("bunker", BUNKER)
        statement = {"Effect": "Allow", "Principal": {"AWS": PAYMENTS}, "Action": "backup:CopyIntoBackupVault"}
        world.backup(BUNKER).put_backup_vault_access_policy(
            BackupVaultName="bunker",
            Policy=json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}),
        )
        world.backup(MANAGEMENT).update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": "true"})
        world.backup(MANAGEMENT).update_region_settings(ResourceTypeOptInPreference={"S3": True})
        return attach_backup_policy(world, rollout_policy(bunker))

    def test_a_policy_brings_a_read_only_plan_to_its_account_alone(self, world: World) -> None:
        self.rolled_out(world)
        backup = world.backup()
        plan = backup.list_backup_plans()["BackupPlansList"][0]
        assert plan["BackupPlanName"] == "rollout"
        body = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]
        assert body["Rules"][0]["Lifecycle"] == {"DeleteAfterDays": 14}
        assert world.backup(BUNKER).list_backup_plans()["BackupPlansList"] == []
        refused("InvalidParameterValueException", backup.delete_backup_plan, BackupPlanId=plan["BackupPlanId"])
        update = backup.update_backup_plan
        for rule in body["Rules"]:
            del rule["RuleId"]
        refused("InvalidParameterValueException", update, BackupPlanId=plan["BackupPlanId"], BackupPlan=body)

    def test_its_plan_runs_and_copies_into_the_bunker_without_anybody_looking_at_it(self, world: World) -> None:
        self.rolled_out(world)
        world.emulator.advance(2 * DAY)
        jobs = world.backup().list_backup_jobs(ByState="COMPLETED")["BackupJobs"]
        assert len(jobs) >= 1
        assert jobs[0]["CreatedBy"]["BackupPlanName"] == "rollout"
        bunker = world.backup(BUNKER).describe_backup_vault(BackupVaultName="bunker")
        assert bunker["NumberOfRecoveryPoints"] == len(jobs)

    def test_the_service_opt_in_of_the_management_account_counts(self, world: World) -> None:
        self.rolled_out(world)
        world.backup(MANAGEMENT).update_region_settings(ResourceTypeOptInPreference={"S3": False})
        world.backup(PAYMENTS).update_region_settings(ResourceTypeOptInPreference={"S3": True})
        world.emulator.advance(2 * DAY)
        assert world.backup().list_backup_jobs()["BackupJobs"] == []

    def test_a_detached_policy_takes_its_plan_away_and_leaves_the_points(self, world: World) -> None:
        policy = self.rolled_out(world)
        world.emulator.advance(2 * DAY)
        before = len(world.backup().list_backup_jobs()["BackupJobs"])
        world.client("organizations", MANAGEMENT, "us-east-1").detach_policy(PolicyId=policy, TargetId=PAYMENTS)
        assert world.backup().list_backup_plans()["BackupPlansList"] == []
        world.emulator.advance(2 * DAY)
        assert len(world.backup().list_backup_jobs()["BackupJobs"]) == before
        assert world.backup().describe_backup_vault(BackupVaultName="local")["NumberOfRecoveryPoints"] == before


def test_a_vault_comes_with_a_cloudformation_stack_and_goes_with_it(world: World) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": BUNKER}, "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
        ],
    }
    template = {
        "Resources": {
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}},
            "Vault": {
                "Type": "AWS::Backup::BackupVault",
                "Properties": {
                    "BackupVaultName": "orders-local",
                    "EncryptionKeyArn": {"Fn::GetAtt": ["Key", "Arn"]},
                    "AccessPolicy": policy,
                    "BackupVaultTags": {"owner": "bootstrap"},
                },
            },
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Vault", "BackupVaultArn"]}}, "Name": {"Value": {"Ref": "Vault"}}},
    }
    cloudformation = world.client("cloudformation", PAYMENTS)
    cloudformation.create_stack(StackName="member", TemplateBody=json.dumps(template))
    stack = cloudformation.describe_stacks(StackName="member")["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    vault = world.backup().describe_backup_vault(BackupVaultName="orders-local")
    assert outputs == {"Arn": vault["BackupVaultArn"], "Name": "orders-local"}
    assert vault["EncryptionKeyArn"].startswith(f"arn:aws:kms:{REGION}:{PAYMENTS}:key/")
    found = world.backup().get_backup_vault_access_policy(BackupVaultName="orders-local")["Policy"]
    assert json.loads(found) == policy
    assert world.backup().list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"] == {"owner": "bootstrap"}
    cloudformation.delete_stack(StackName="member")
    refused("ResourceNotFoundException", world.backup().describe_backup_vault, BackupVaultName="orders-local")
