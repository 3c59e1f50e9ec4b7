"""Restores: what comes back equals what was backed up, and only who can reach the point gets it."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.backup import BLOCK, LANDING, PAYMENTS, REGION, World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.vault("local")
    return found


class TestBuckets:
    def test_a_bucket_comes_back_as_it_was_when_it_was_backed_up(self, world: World) -> None:
        bucket = world.bucket(ledger=b"in the black", notes=b"\x00\xff binary")
        point = world.back_up(bucket)["RecoveryPointArn"]
        s3 = world.client("s3", PAYMENTS)
        s3.put_object(Bucket="payments-data", Key="ledger", Body=b"encrypted by somebody else")
        s3.delete_object(Bucket="payments-data", Key="notes")
        job = world.restore(point, {"DestinationBucketName": "restored", "NewBucket": "true"})
        assert job["Status"] == "COMPLETED", job.get("StatusMessage")
        assert job["CreatedResourceArn"] == "arn:aws:s3:::restored"
        ledger = s3.get_object(Bucket="restored", Key="ledger")
        assert ledger["Body"].read() == b"in the black"
        assert ledger["Metadata"] == {"book": "main"}
        assert s3.get_object(Bucket="restored", Key="notes")["Body"].read() == b"\x00\xff binary"
        tags = s3.get_object_tagging(Bucket="restored", Key="ledger")["TagSet"]
        assert tags == [{"Key": "kind", "Value": "ledger"}]

    def test_a_restore_into_an_existing_bucket_replaces_nothing_and_brings_back_what_was_deleted(
        self, world: World
    ) -> None:
        point = world.back_up(world.bucket(ledger=b"in the black", notes=b"draft"))["RecoveryPointArn"]
        s3 = world.client("s3", PAYMENTS)
        s3.put_object(Bucket="payments-data", Key="ledger", Body=b"encrypted by somebody else")
        s3.delete_object(Bucket="payments-data", Key="notes")
        s3.put_object(Bucket="payments-data", Key="later", Body=b"new")
        job = world.restore(point, {"DestinationBucketName": "payments-data", "NewBucket": "false"})
        assert job["Status"] == "COMPLETED", job.get("StatusMessage")
        keys = [found["Key"] for found in s3.list_objects_v2(Bucket="payments-data")["Contents"]]
        bodies = {key: s3.get_object(Bucket="payments-data", Key=key)["Body"].read() for key in keys}
        assert bodies == {"ledger": b"encrypted by somebody else", "notes": b"draft", "later": b"new"}
        assert len(s3.list_object_versions(Bucket="payments-data", Prefix="ledger")["Versions"]) == 2

    def test_a_restore_passes_pending_and_running(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        backup = world.backup()
        job = backup.start_restore_job(
            RecoveryPointArn=point,
            IamRoleArn=world.role(),
            Metadata={"DestinationBucketName": "restored", "NewBucket": "true"},
        )
        seen = [backup.describe_restore_job(RestoreJobId=job["RestoreJobId"])["Status"] for _ in range(3)]
        assert seen == ["PENDING", "RUNNING", "COMPLETED"]

    def test_archived_objects_are_skipped(self, world: World) -> None:
        bucket = world.bucket(ledger=b"in the black")
        s3 = world.client("s3", PAYMENTS)
        s3.put_object(Bucket="payments-data", Key="old", Body=b"cold", StorageClass="DEEP_ARCHIVE")
        point = world.back_up(bucket)["RecoveryPointArn"]
        world.restore(point, {"DestinationBucketName": "back", "NewBucket": "true"})
        assert [found["Key"] for found in s3.list_objects_v2(Bucket="back")["Contents"]] == ["ledger"]

    def test_named_items_alone_come_back(self, world: World) -> None:
        point = world.back_up(world.bucket(ledger=b"1", notes=b"2"))["RecoveryPointArn"]
        metadata = {"DestinationBucketName": "some", "NewBucket": "true", "ItemsToRestore": json.dumps(["led"])}
        assert world.restore(point, metadata)["Status"] == "COMPLETED"
        listed = world.client("s3", PAYMENTS).list_objects_v2(Bucket="some")["Contents"]
        assert [found["Key"] for found in listed] == ["ledger"]

    @pytest.mark.parametrize(
        ("metadata", "reason"),
        [
            ({}, "DestinationBucketName"),
            ({"DestinationBucketName": "payments-data", "NewBucket": "true"}, "exists already"),
            ({"DestinationBucketName": "nowhere", "NewBucket": "false"}, "does not exist"),
            ({"DestinationBucketName": "new", "NewBucket": "true", "ItemsToRestore": "{}"}, "ItemsToRestore"),
        ],
    )
    def test_a_restore_that_cannot_be_made_fails_with_a_sentence(
        self, world: World, metadata: dict[str, str], reason: str
    ) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        job = world.restore(point, metadata)
        assert job["Status"] == "FAILED"
        assert reason in job["StatusMessage"]

    def test_a_new_bucket_is_encrypted_with_the_key_that_was_named(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        key = world.client("kms", PAYMENTS).create_key()["KeyMetadata"]["Arn"]
        metadata = {
            "DestinationBucketName": "sealed",
            "NewBucket": "true",
            "Encrypted": "true",
            "EncryptionType": "SSE-KMS",
            "KMSKey": key,
        }
        assert world.restore(point, metadata)["Status"] == "COMPLETED"
        head = world.client("s3", PAYMENTS).head_object(Bucket="sealed", Key="ledger")
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


class TestTables:
    def test_a_table_comes_back_with_its_keys_and_items(self, world: World) -> None:
        point = world.back_up(world.table(items=4))["RecoveryPointArn"]
        dynamodb = world.client("dynamodb", PAYMENTS)
        before = dynamodb.scan(TableName="accounts")["Items"]
        dynamodb.delete_item(TableName="accounts", Key={"id": {"S": "account-0"}, "day": {"N": "1"}})
        dynamodb.update_item(
            TableName="accounts",
            Key={"id": {"S": "account-1"}, "day": {"N": "1"}},
            UpdateExpression="SET #s = :zero",
            ExpressionAttributeNames={"#s": "sum"},
            ExpressionAttributeValues={":zero": {"N": "0"}},
        )
        job = world.restore(point, {"targetTableName": "accounts-restored"})
        assert job["CreatedResourceArn"] == f"arn:aws:dynamodb:{REGION}:{PAYMENTS}:table/accounts-restored"
        by_id = lambda item: item["id"]["S"]  # noqa: E731 - a key for sorting, used twice
        after = dynamodb.scan(TableName="accounts-restored")["Items"]
        assert sorted(after, key=by_id) == sorted(before, key=by_id)
        described = dynamodb.describe_table(TableName="accounts-restored")["Table"]
        assert described["KeySchema"] == dynamodb.describe_table(TableName="accounts")["Table"]["KeySchema"]

    def test_a_table_is_never_overwritten(self, world: World) -> None:
        point = world.back_up(world.table())["RecoveryPointArn"]
        job = world.restore(point, {"targetTableName": "accounts"})
        assert (job["Status"], "exists already" in job["StatusMessage"]) == ("FAILED", True)


class TestVolumes:
    def test_the_blocks_of_a_volume_come_back(self, world: World) -> None:
        point = world.back_up(world.volume({0: b"a", 7: b"z"}))["RecoveryPointArn"]
        base = world.backup().get_recovery_point_restore_metadata(BackupVaultName="local", RecoveryPointArn=point)
        job = world.restore(point, {**base["RestoreMetadata"], "availabilityZone": f"{REGION}b"})
        assert job["Status"] == "COMPLETED", job.get("StatusMessage")
        assert world.blocks(job["CreatedResourceArn"], PAYMENTS) == {0: b"a" * BLOCK, 7: b"z" * BLOCK}

    def test_an_availability_zone_of_the_region_has_to_be_named(self, world: World) -> None:
        point = world.back_up(world.volume({0: b"a"}))["RecoveryPointArn"]
        for metadata in ({}, {"availabilityZone": "us-east-1a"}):
            assert world.restore(point, metadata)["Status"] == "FAILED"

    def test_a_point_of_a_foreign_key_needs_a_key_of_the_restoring_account(self, world: World) -> None:
        source_key = world.client("kms", PAYMENTS).create_key()["KeyMetadata"]["Arn"]
        own_key = world.client("kms", LANDING).create_key()["KeyMetadata"]["Arn"]
        volume = world.volume({0: b"a"}, Encrypted=True, KmsKeyId=source_key)
        target = world.air_gapped()
        local = world.back_up(volume, days=35)["RecoveryPointArn"]
        point = world.copy(local, target)["DestinationRecoveryPointArn"]
        world.share(target, PAYMENTS, LANDING)
        zone = {"availabilityZone": f"{REGION}a"}
        for metadata, reason in (
            (zone, "belongs to another account"),
            ({**zone, "encrypted": "true", "kmsKeyId": source_key}, "is not a key of account"),
            ({**zone, "encrypted": "false", "kmsKeyId": own_key}, "encrypted is false"),
        ):
            job = world.restore(point, metadata, LANDING)
            assert (job["Status"], reason in job["StatusMessage"]) == ("FAILED", True), job["StatusMessage"]
        job = world.restore(point, {**zone, "encrypted": "true", "kmsKeyId": own_key}, LANDING)
        assert job["Status"] == "COMPLETED", job.get("StatusMessage")
        volume_id = job["CreatedResourceArn"].partition("volume/")[2]
        found = world.client("ec2", LANDING).describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
        assert (found["Encrypted"], found["KmsKeyId"]) == (True, own_key)
        assert world.blocks(job["CreatedResourceArn"], LANDING) == {0: b"a" * BLOCK}

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"volumeSize": "big"}, "not a number"),
            ({"volumeSize": "0"}, "at least 1 GiB"),
            ({"iops": "many"}, "not a number"),
            ({"restoreType": "somewhere"}, "restoreType"),
        ],
    )
    def test_what_a_volume_cannot_be_fails_the_restore(self, world: World, change: dict[str, str], reason: str) -> None:
        point = world.back_up(world.volume({0: b"a"}))["RecoveryPointArn"]
        job = world.restore(point, {"availabilityZone": f"{REGION}a", **change})
        assert (job["Status"], reason in job["StatusMessage"]) == ("FAILED", True), job["StatusMessage"]


class TestNames:
    def test_a_name_that_the_service_does_not_take_fails_the_job_and_nothing_else(self, world: World) -> None:
        bucket = world.back_up(world.bucket())["RecoveryPointArn"]
        job = world.restore(bucket, {"DestinationBucketName": "No", "NewBucket": "true"})
        assert job["Status"] == "FAILED"
        assert job["StatusMessage"]
        backup = world.backup()
        unseen = backup.start_restore_job(
            RecoveryPointArn=bucket,
            Metadata={"DestinationBucketName": "No", "NewBucket": "true"},
            IamRoleArn=world.role(),
        )["RestoreJobId"]
        world.emulator.advance(3600)
        assert backup.describe_restore_job(RestoreJobId=unseen)["Status"] == "FAILED"


class TestKeys:
    def test_a_key_that_is_to_be_deleted_takes_the_local_points_and_spares_the_air_gapped_ones(
        self, world: World
    ) -> None:
        kms = world.client("kms", PAYMENTS)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        world.vault("own-key", EncryptionKeyArn=key)
        local = world.back_up(world.bucket(), vault="own-key", days=35)["RecoveryPointArn"]
        safe = world.copy(local, world.air_gapped(), vault="own-key")["DestinationRecoveryPointArn"]
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        lost = world.restore(local, {"DestinationBucketName": "lost", "NewBucket": "true"})
        assert (lost["Status"], "PendingDeletion" in lost["StatusMessage"]) == ("FAILED", True)
        again = world.back_up("arn:aws:s3:::payments-data", vault="own-key")
        assert (again["State"], "PendingDeletion" in again["StatusMessage"]) == ("FAILED", True)
        spared = world.restore(safe, {"DestinationBucketName": "spared", "NewBucket": "true"})
        assert spared["Status"] == "COMPLETED"


class TestTags:
    def test_the_source_tags_come_along_when_asked_for(self, world: World) -> None:
        volume, tag = world.volume({0: b"a"}), {"Key": "class", "Value": "payments"}
        ec2 = world.client("ec2", PAYMENTS)
        ec2.create_tags(Resources=[volume.partition("volume/")[2]], Tags=[tag])
        point = world.back_up(volume)["RecoveryPointArn"]
        for wanted, expected in ((True, [tag]), (False, [])):
            job_id = world.backup().start_restore_job(
                RecoveryPointArn=point,
                IamRoleArn=world.role(),
                Metadata={"availabilityZone": f"{REGION}a"},
                CopySourceTagsToRestoredResource=wanted,
            )["RestoreJobId"]
            world.emulator.advance(3600)
            job = world.backup().describe_restore_job(RestoreJobId=job_id)
            made = job["CreatedResourceArn"].partition("volume/")[2]
            assert ec2.describe_volumes(VolumeIds=[made])["Volumes"][0].get("Tags", []) == expected


class TestWhoCanRestore:
    def test_a_foreign_account_reaches_a_point_only_by_a_share(self, world: World) -> None:
        point, vault = world.air_gapped_point()
        metadata = {"DestinationBucketName": "landed", "NewBucket": "true"}
        order = {
            "RecoveryPointArn": point,
            "IamRoleArn": world.role(LANDING),
            "Metadata": metadata,
        }
        start = world.backup(LANDING).start_restore_job
        refused("AccessDeniedException", start, **order)
        share = world.share(vault, PAYMENTS, LANDING)
        job = world.restore(point, metadata, LANDING)
        assert job["Status"] == "COMPLETED"
        assert world.client("s3", LANDING).get_object(Bucket="landed", Key="ledger")["Body"].read() == b"in the black"
        world.client("ram", PAYMENTS).delete_resource_share(resourceShareArn=share)
        refused("AccessDeniedException", start, **order)

    def test_a_share_that_ends_while_the_job_waits_ends_the_restore(self, world: World) -> None:
        point, vault = world.air_gapped_point()
        share = world.share(vault, PAYMENTS, LANDING)
        backup = world.backup(LANDING)
        job = backup.start_restore_job(
            RecoveryPointArn=point,
            IamRoleArn=world.role(LANDING),
            Metadata={"DestinationBucketName": "landed", "NewBucket": "true"},
        )
        world.client("ram", PAYMENTS).delete_resource_share(resourceShareArn=share)
        world.emulator.advance(3600)
        assert backup.describe_restore_job(RestoreJobId=job["RestoreJobId"])["Status"] == "FAILED"
        assert "landed" not in [b["Name"] for b in world.client("s3", LANDING).list_buckets()["Buckets"]]

    def test_the_role_has_to_exist_in_the_callers_account(self, world: World) -> None:
        point = world.back_up(world.bucket())["RecoveryPointArn"]
        order = {"RecoveryPointArn": point, "Metadata": {"DestinationBucketName": "r", "NewBucket": "true"}}
        start = world.backup().start_restore_job
        refused("MissingParameterValueException", start, **order)
        for role in (f"arn:aws:iam::{PAYMENTS}:role/nobody", world.role(LANDING), "airlock-restore"):
            refused("InvalidParameterValueException", start, **order, IamRoleArn=role)

    def test_an_unknown_point_is_not_found(self, world: World) -> None:
        unknown = f"arn:aws:backup:{REGION}:{PAYMENTS}:recovery-point:none"
        refused(
            "ResourceNotFoundException",
            world.backup().start_restore_job,
            RecoveryPointArn=unknown,
            Metadata={},
            IamRoleArn=world.role(),
        )

    def test_restore_jobs_are_listed_by_status_and_resource(self, world: World) -> None:
        bucket = world.bucket()
        point = world.back_up(bucket)["RecoveryPointArn"]
        good = world.restore(point, {"DestinationBucketName": "restored", "NewBucket": "true"})
        bad = world.restore(point, {"DestinationBucketName": "restored", "NewBucket": "true"})
        backup = world.backup()
        failed = backup.list_restore_jobs(ByStatus="FAILED")["RestoreJobs"]
        assert [job["RestoreJobId"] for job in failed] == [bad["RestoreJobId"]]
        of_bucket = backup.list_restore_jobs_by_protected_resource(ResourceArn=bucket)["RestoreJobs"]
        assert {job["RestoreJobId"] for job in of_bucket} == {good["RestoreJobId"], bad["RestoreJobId"]}
        metadata = backup.get_restore_job_metadata(RestoreJobId=good["RestoreJobId"])["Metadata"]
        assert metadata["DestinationBucketName"] == "restored"
