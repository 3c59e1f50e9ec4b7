"""EC2, EFS, RDS and Aurora: what moto carries of them is backed up as it was, and comes back as something new."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.backup import BLOCK, LANDING, PAYMENTS, REGION, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


def instance(world: World, **blocks: bytes) -> str:
    """An instance with a second volume that holds these blocks; its ARN."""
    ec2 = world.client("ec2", PAYMENTS)
    made = ec2.run_instances(
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.small",
        Placement={"AvailabilityZone": f"{REGION}a"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "ledger"}]}],
    )["Instances"][0]["InstanceId"]
    volume = world.volume({int(index[1:]): byte for index, byte in blocks.items()})
    ec2.attach_volume(VolumeId=volume.partition("volume/")[2], InstanceId=made, Device="/dev/sdf")
    return f"arn:aws:ec2:{REGION}:{PAYMENTS}:instance/{made}"


def described(world: World, arn: str, account: str = PAYMENTS) -> dict[str, Any]:
    found: dict[str, Any] = world.client("ec2", account).describe_instances(InstanceIds=[arn.rpartition("/")[2]])[
        "Reservations"
    ][0]["Instances"][0]
    return found


def blocks_of(world: World, arn: str, device: str, account: str = PAYMENTS) -> dict[int, bytes]:
    mappings = {
        one["DeviceName"]: one["Ebs"]["VolumeId"] for one in described(world, arn, account)["BlockDeviceMappings"]
    }
    return world.blocks(f"arn:aws:ec2:{REGION}:{account}:volume/{mappings[device]}", account)


def database(world: World, name: str = "ledger", **more: Any) -> str:
    arn: str = world.client("rds", PAYMENTS).create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        DBInstanceClass="db.t3.medium",
        AllocatedStorage=20,
        MasterUsername="airlock",
        MasterUserPassword="not-a-secret-1",
        Tags=[{"Key": "class", "Value": "payments"}],
        **more,
    )["DBInstance"]["DBInstanceArn"]
    return arn


def cluster(world: World, name: str = "ledger", **more: Any) -> str:
    arn: str = world.client("rds", PAYMENTS).create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        MasterUsername="airlock",
        MasterUserPassword="not-a-secret-1",
        **more,
    )["DBCluster"]["DBClusterArn"]
    return arn


def file_system(world: World, **more: Any) -> str:
    arn: str = world.client("efs", PAYMENTS).create_file_system(
        CreationToken="ledger", Tags=[{"Key": "Name", "Value": "ledger"}], **more
    )["FileSystemArn"]
    return arn


def own_key(world: World, account: str = PAYMENTS) -> str:
    arn: str = world.client("kms", account).create_key()["KeyMetadata"]["Arn"]
    return arn


class TestInstances:
    def test_an_instance_comes_back_with_its_volumes_as_they_were(self, world: World) -> None:
        source = instance(world, b0=b"a", b3=b"d")
        job = world.back_up(source)
        assert job["RecoveryPointArn"].startswith(f"arn:aws:ec2:{REGION}::image/ami-")
        assert job["ResourceType"] == "EC2"
        world.client("ec2", PAYMENTS).terminate_instances(InstanceIds=[source.rpartition("/")[2]])
        base = world.backup().get_recovery_point_restore_metadata(
            BackupVaultName="local", RecoveryPointArn=job["RecoveryPointArn"]
        )["RestoreMetadata"]
        assert (base["InstanceType"], base["DisableApiTermination"]) == ("t3.small", "false")
        back = world.restore(job["RecoveryPointArn"], {**base, "InstanceType": "t3.large"})
        assert back["Status"] == "COMPLETED", back.get("StatusMessage")
        assert described(world, back["CreatedResourceArn"])["InstanceType"] == "t3.large"
        assert blocks_of(world, back["CreatedResourceArn"], "/dev/sdf") == {0: b"a" * BLOCK, 3: b"d" * BLOCK}

    def test_a_corrupted_volume_gives_a_corrupted_point(self, world: World) -> None:
        source = instance(world, b0=b"\xff")
        back = world.restore(world.back_up(source)["RecoveryPointArn"], {})
        assert blocks_of(world, back["CreatedResourceArn"], "/dev/sdf") == {0: b"\xff" * BLOCK}

    @pytest.mark.parametrize(
        ("metadata", "reason"),
        [
            ({"SubnetId": "subnet-00000000"}, "does not exist"),
            ({"SecurityGroupIds": '["sg-00000000"]'}, "does not exist"),
            ({"SecurityGroupIds": "sg-00000000"}, "JSON list"),
            ({"SecurityGroupIds": "[{}]"}, "JSON list"),
            ({"BlockDeviceMappings": "[1]"}, "JSON list"),
        ],
    )
    def test_a_network_that_is_not_there_fails_the_restore(
        self, world: World, metadata: dict[str, str], reason: str
    ) -> None:
        back = world.restore(world.back_up(instance(world, b0=b"a"))["RecoveryPointArn"], metadata)
        assert (back["Status"], reason in back["StatusMessage"]) == ("FAILED", True), back["StatusMessage"]

    def test_from_a_shared_vault_a_foreign_key_has_to_be_replaced(self, world: World) -> None:
        source = instance(world, b0=b"a")
        ec2 = world.client("ec2", PAYMENTS)
        sealed = world.volume({1: b"s"}, Encrypted=True, KmsKeyId=own_key(world)).partition("volume/")[2]
        ec2.attach_volume(VolumeId=sealed, InstanceId=source.rpartition("/")[2], Device="/dev/sdg")
        target = world.air_gapped()
        local = world.back_up(source, days=35)["RecoveryPointArn"]
        point = world.copy(local, target)["DestinationRecoveryPointArn"]
        assert point.startswith(f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:")
        world.share(target, PAYMENTS, LANDING)
        back = world.restore(point, {}, LANDING)
        assert (back["Status"], "belongs to another account" in back["StatusMessage"]) == ("FAILED", True)
        ours = {"DeviceName": "/dev/sdg", "Ebs": {"Encrypted": True, "KmsKeyId": own_key(world, LANDING)}}
        back = world.restore(point, {"BlockDeviceMappings": json.dumps([ours])}, LANDING)
        assert back["Status"] == "COMPLETED", back.get("StatusMessage")
        assert blocks_of(world, back["CreatedResourceArn"], "/dev/sdg", LANDING) == {1: b"s" * BLOCK}

    def test_a_volume_with_an_aws_managed_key_keeps_the_instance_out(self, world: World) -> None:
        source = instance(world, b0=b"a")
        sealed = world.volume({0: b"s"}, Encrypted=True).partition("volume/")[2]
        world.client("ec2", PAYMENTS).attach_volume(
            VolumeId=sealed, InstanceId=source.rpartition("/")[2], Device="/dev/sdg"
        )
        job = world.back_up(source, days=35, LogicallyAirGappedBackupVaultArn=world.air_gapped())
        assert (job["State"], job["BackupVaultName"]) == ("COMPLETED", "local")
        assert "cannot be copied to a logically air-gapped backup vault" in job["StatusMessage"]

    def test_allowed_images_have_to_hold_those_of_vaults(self, world: World) -> None:
        target = world.air_gapped()
        local = world.back_up(instance(world, b0=b"a"), days=35)["RecoveryPointArn"]
        point = world.copy(local, target)["DestinationRecoveryPointArn"]
        ec2 = world.client("ec2", PAYMENTS)
        replace = ec2.replace_image_criteria_in_allowed_images_settings
        replace(
            ImageCriteria=[{"ImageProviders": ["amazon"], "CreationDateCondition": {"MaximumDaysSinceCreated": 90}}]
        )
        for state, expected in (("audit-mode", "COMPLETED"), ("enabled", "FAILED")):
            ec2.enable_allowed_images_settings(AllowedImagesSettingsState=state)
            back = world.restore(point, {})
            assert back["Status"] == expected, back.get("StatusMessage")
        assert "Source AMI" in back["StatusMessage"]
        assert world.restore(local, {})["Status"] == "COMPLETED", "a standard vault needs no such image"
        replace(ImageCriteria=[{"ImageProviders": ["amazon"]}, {"ImageProviders": ["aws-backup-vault"]}])
        assert world.restore(point, {})["Status"] == "COMPLETED"
        found = ec2.get_allowed_images_settings()
        assert (found["State"], len(found["ImageCriteria"])) == ("enabled", 2)
        assert ec2.disable_allowed_images_settings()["AllowedImagesSettingsState"] == "disabled"
        assert ec2.get_allowed_images_settings()["State"] == "disabled"


class TestDatabases:
    def test_an_instance_comes_back_under_a_new_name(self, world: World) -> None:
        job = world.back_up(database(world))
        assert job["RecoveryPointArn"].startswith(f"arn:aws:rds:{REGION}:{PAYMENTS}:snapshot:awsbackup:job-")
        base = world.backup().get_recovery_point_restore_metadata(
            BackupVaultName="local", RecoveryPointArn=job["RecoveryPointArn"]
        )["RestoreMetadata"]
        assert (base["DBInstanceIdentifier"], base["DBInstanceClass"]) == ("ledger", "db.t3.medium")
        same = world.restore(job["RecoveryPointArn"], base)
        assert (same["Status"], "exists already" in same["StatusMessage"]) == ("FAILED", True)
        back = world.restore(job["RecoveryPointArn"], {**base, "DBInstanceIdentifier": "back", "MultiAZ": "true"})
        assert back["Status"] == "COMPLETED", back.get("StatusMessage")
        found = world.client("rds", PAYMENTS).describe_db_instances(DBInstanceIdentifier="back")["DBInstances"][0]
        assert (found["Engine"], found["AllocatedStorage"], found["MultiAZ"]) == ("postgres", 20, True)

    def test_an_rds_instance_never_enters_an_air_gapped_vault(self, world: World) -> None:
        source, target = database(world), world.air_gapped()
        job = world.back_up(source, days=35, LogicallyAirGappedBackupVaultArn=target)
        assert job["State"] == "COMPLETED"
        assert "not supported by logically air-gapped backup vaults" in job["StatusMessage"]
        copy = world.copy(job["RecoveryPointArn"], target)
        assert (copy["State"], "not supported by" in copy["StatusMessage"]) == ("FAILED", True)
        listed = world.backup().list_backup_jobs(ByMessageCategory="SUCCESS")["BackupJobs"]
        assert listed == [], "a job with issues is COMPLETED, and no SUCCESS"

    def test_an_aurora_cluster_enters_only_encrypted(self, world: World) -> None:
        target, key = world.air_gapped(), own_key(world)
        plain = world.back_up(cluster(world, "plain"), days=35, LogicallyAirGappedBackupVaultArn=target)
        assert "unencrypted Aurora cluster" in plain["StatusMessage"]
        sealed = cluster(world, "sealed", StorageEncrypted=True, KmsKeyId=key)
        local = world.back_up(sealed, days=35)["RecoveryPointArn"]
        assert local.startswith(f"arn:aws:rds:{REGION}:{PAYMENTS}:cluster-snapshot:awsbackup:job-")
        point = world.copy(local, target)["DestinationRecoveryPointArn"]
        back = world.restore(point, {"DBClusterIdentifier": "back", "Engine": "aurora-postgresql"})
        assert back["Status"] == "COMPLETED", back.get("StatusMessage")
        found = world.client("rds", PAYMENTS).describe_db_clusters(DBClusterIdentifier="back")["DBClusters"][0]
        assert (found["Engine"], found["KmsKeyId"], found["DBClusterMembers"]) == ("aurora-postgresql", key, [])

    def test_a_cluster_in_another_account_needs_a_key_of_that_account(self, world: World) -> None:
        target = world.air_gapped()
        sealed = cluster(world, StorageEncrypted=True, KmsKeyId=own_key(world))
        point = world.copy(world.back_up(sealed, days=35)["RecoveryPointArn"], target)["DestinationRecoveryPointArn"]
        world.share(target, PAYMENTS, LANDING)
        wanted = {"DBClusterIdentifier": "back", "Engine": "aurora-postgresql"}
        back = world.restore(point, wanted, LANDING)
        assert (back["Status"], "belongs to another account" in back["StatusMessage"]) == ("FAILED", True)
        back = world.restore(point, {**wanted, "KmsKeyId": own_key(world, LANDING)}, LANDING)
        assert back["Status"] == "COMPLETED", back.get("StatusMessage")

    @pytest.mark.parametrize(
        ("metadata", "reason"),
        [
            ({}, "lacks the key DBInstanceIdentifier"),
            ({"DBInstanceIdentifier": "b", "AllocatedStorage": "much"}, "not a number"),
            ({"DBInstanceIdentifier": "b", "VpcSecurityGroupIds": "sg-1"}, "JSON list"),
            ({"DBInstanceIdentifier": "b", "VpcSecurityGroupIds": "[{}]"}, "JSON list"),
            ({"DBInstanceIdentifier": "b", "Engine": "floppy"}, "floppy"),
            ({"DBInstanceIdentifier": "b", "DBSubnetGroupName": "nowhere"}, "does not exist"),
        ],
    )
    def test_metadata_that_cannot_be_used_fails_the_restore(
        self, world: World, metadata: dict[str, str], reason: str
    ) -> None:
        back = world.restore(world.back_up(database(world))["RecoveryPointArn"], metadata)
        assert (back["Status"], reason in back["StatusMessage"]) == ("FAILED", True), back["StatusMessage"]

    def test_an_rds_job_cannot_be_stopped(self, world: World) -> None:
        backup = world.backup()
        job = backup.start_backup_job(BackupVaultName="local", ResourceArn=database(world), IamRoleArn=world.role())
        refused("InvalidRequestException", backup.stop_backup_job, BackupJobId=job["BackupJobId"])


class TestFileSystems:
    def test_a_file_system_comes_back_as_a_resource_with_its_tags(self, world: World) -> None:
        job = world.back_up(file_system(world, PerformanceMode="maxIO"))
        assert job["RecoveryPointArn"].startswith(f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:")
        base = world.backup().get_recovery_point_restore_metadata(
            BackupVaultName="local", RecoveryPointArn=job["RecoveryPointArn"]
        )["RestoreMetadata"]
        assert base["PerformanceMode"] == "maxIO"
        started = world.backup().start_restore_job(
            RecoveryPointArn=job["RecoveryPointArn"],
            Metadata={**base, "newFileSystem": "true", "Encrypted": "true", "KmsKeyId": own_key(world)},
            IamRoleArn=world.role(),
            CopySourceTagsToRestoredResource=True,
        )
        world.emulator.advance(3600)
        back = world.backup().describe_restore_job(RestoreJobId=started["RestoreJobId"])
        assert back["Status"] == "COMPLETED", back.get("StatusMessage")
        system_id = back["CreatedResourceArn"].rpartition("/")[2]
        found = world.client("efs", PAYMENTS).describe_file_systems(FileSystemId=system_id)["FileSystems"][0]
        assert (found["PerformanceMode"], found["Encrypted"], found["Name"]) == ("maxIO", True, "ledger")

    def test_what_needs_files_is_not_modelled_and_says_so(self, world: World) -> None:
        point = world.back_up(file_system(world))["RecoveryPointArn"]
        order = {"RecoveryPointArn": point, "IamRoleArn": world.role()}
        with pytest.raises(world.backup().exceptions.ClientError) as caught:
            world.backup().start_restore_job(**order, Metadata={"file-system-id": "fs-1", "newFileSystem": "false"})
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert "StartRestoreJob" in caught.value.response["Error"]["Message"]

    def test_it_enters_an_air_gapped_vault_even_with_an_aws_managed_key(self, world: World) -> None:
        source = file_system(world, Encrypted=True)
        job = world.back_up(source, days=35, LogicallyAirGappedBackupVaultArn=world.air_gapped())
        assert (job["State"], job["BackupVaultName"]) == ("COMPLETED", "gapped")


class TestPlans:
    def test_a_plan_backs_up_all_types_that_its_selection_names(self, world: World) -> None:
        expected = {instance(world, b0=b"a"), database(world), file_system(world), world.table(), world.bucket()}
        cluster(world)
        backup = world.backup()
        daily = {"RuleName": "daily", "TargetBackupVaultName": "local", "ScheduleExpression": "cron(0 3 * * ? *)"}
        plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "all", "Rules": [daily]})["BackupPlanId"]
        patterns = ("ec2:*:*:instance/*", "rds:*:*:db:*", "rds:*:*:cluster:*", "elasticfilesystem:*:*:file-system/*")
        more = ("dynamodb:*:*:table/*", "s3:::*", "ec2:*")
        selection = {
            "SelectionName": "types",
            "IamRoleArn": world.role(),
            "Resources": [f"arn:aws:{pattern}" for pattern in (*patterns, *more)],
        }
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)
        world.emulator.advance(24 * 3600)
        jobs = backup.list_backup_jobs()["BackupJobs"]
        assert {job["ResourceArn"] for job in jobs} == expected, "a service alone, or clusters, need the opt-in"
        assert {job["State"] for job in jobs} == {"COMPLETED"}
        backup.update_region_settings(ResourceTypeOptInPreference={"Aurora": True, "EBS": True})
        world.emulator.advance(24 * 3600)
        types = {job["ResourceType"] for job in backup.list_backup_jobs()["BackupJobs"]}
        assert types == {"EC2", "RDS", "EFS", "DynamoDB", "S3", "Aurora", "EBS"}


class TestMetadata:
    def test_unknown_names_are_refused_and_their_case_does_not_matter(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        order = {"RecoveryPointArn": point, "IamRoleArn": world.role()}
        start = world.backup().start_restore_job
        message = refused("InvalidParameterValueException", start, **order, Metadata={"Colour": "red"})
        assert "Colour" in message
        assert world.restore(point, {"destinationbucketname": "back", "NEWBUCKET": "true"})["Status"] == "COMPLETED"

    def test_unknown_names_can_be_ignored_by_choice(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        world.emulator.control("POST", "choices", {"name": "backup.unknown-restore-metadata", "option": "ignored"})
        metadata = {"DestinationBucketName": "back", "NewBucket": "true", "Colour": "red"}
        assert world.restore(point, metadata)["Status"] == "COMPLETED"
