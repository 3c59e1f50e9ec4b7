"""The whole state under a name: everything comes back, and the story goes on from there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, TWO_ORGANIZATIONS, ControlRefused, Emulator
from tests.emulator.worlds.recovery import ADA, BO, HOUR, Recovery
from tests.emulator.worlds.vault_request import HOME, access_state, ask_for_access, protected_vault, share_team

DAY = 24 * HOUR


def take(emulator: Emulator, name: str = "before") -> Any:
    return emulator.control("POST", f"snapshots/{name}")


def restore(emulator: Emulator, name: str = "before") -> Any:
    return emulator.control("POST", f"snapshots/{name}/restore")


def versions(s3: Any, bucket: str) -> list[tuple[str, bytes]]:
    """The content of every version of every key, newest first."""
    listed = s3.list_object_versions(Bucket=bucket)["Versions"]
    return [
        (each["Key"], s3.get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read())
        for each in listed
    ]


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


class TestTheStoryGoesOn:
    def test_a_pending_vote_can_be_given_again_after_it_was_given_once(self, recovery: Recovery) -> None:
        team = recovery.active()
        share_team(recovery, team)
        backup, session = ask_for_access(recovery.emulator, protected_vault(recovery, team))
        recovery.vote(session, ADA)
        take(recovery.emulator)

        recovery.vote(session, BO)
        assert access_state(backup) == "AVAILABLE"
        restore(recovery.emulator)
        assert recovery.session(session)["Status"] == "PENDING"
        assert access_state(backup) == "CREATING", "Access of the other future is open after the return."
        with pytest.raises(ControlRefused, match="409"):
            recovery.vote(session, ADA)
        recovery.vote(session, BO)
        assert access_state(backup) == "AVAILABLE"

    def test_what_was_due_comes_due_again(self, recovery: Recovery) -> None:
        team = recovery.active()
        share_team(recovery, team)
        backup, session = ask_for_access(recovery.emulator, protected_vault(recovery, team))
        take(recovery.emulator)
        for _ in range(2):
            recovery.emulator.advance(DAY + 60)
            assert recovery.session(session)["Status"] == "FAILED"
            assert access_state(backup) == "FAILED"
            restore(recovery.emulator)
            assert recovery.session(session)["Status"] == "PENDING"

    def test_the_same_calls_get_the_same_ids_again(self, emulator: Emulator) -> None:
        take(emulator)

        def made() -> list[str]:
            volume = emulator.client("ec2", PAYMENTS).create_volume(AvailabilityZone="eu-west-1a", Size=1)
            key = emulator.client("kms", PAYMENTS).create_key()["KeyMetadata"]["KeyId"]
            share = emulator.client("ram", PAYMENTS).create_resource_share(name="s")["resourceShare"]
            return [volume["VolumeId"], key, share["resourceShareArn"], emulator.calls()[-1]["request_id"]]

        emulator.seed()
        restore(emulator)
        first = made()
        restore(emulator)
        assert made() == first


class TestContent:
    def test_objects_with_all_their_versions_and_uploads_come_back(self, emulator: Emulator) -> None:
        s3 = emulator.client("s3", PAYMENTS)
        s3.create_bucket(Bucket="ledger-of-payments")
        s3.put_bucket_versioning(Bucket="ledger-of-payments", VersioningConfiguration={"Status": "Enabled"})
        for body in (b"first" * 1000, b"second"):
            s3.put_object(Bucket="ledger-of-payments", Key="book", Body=body)
        upload = s3.create_multipart_upload(Bucket="ledger-of-payments", Key="large")["UploadId"]
        part = {"Bucket": "ledger-of-payments", "Key": "large", "UploadId": upload, "PartNumber": 1}
        tag = s3.upload_part(**part, Body=b"one")["ETag"]
        before = versions(s3, "ledger-of-payments")
        take(emulator)

        s3.put_object(Bucket="ledger-of-payments", Key="book", Body=b"encrypted by somebody")
        s3.abort_multipart_upload(Bucket="ledger-of-payments", Key="large", UploadId=upload)
        restore(emulator)
        assert versions(s3, "ledger-of-payments") == before == [("book", b"second"), ("book", b"first" * 1000)]
        parts = {"Parts": [{"ETag": tag, "PartNumber": 1}]}
        s3.complete_multipart_upload(Bucket="ledger-of-payments", Key="large", UploadId=upload, MultipartUpload=parts)
        assert s3.get_object(Bucket="ledger-of-payments", Key="large")["Body"].read() == b"one"

    def test_a_bucket_keeps_its_owner(self, emulator: Emulator) -> None:
        emulator.client("s3", PAYMENTS).create_bucket(Bucket="taken-name")
        take(emulator)
        emulator.client("s3", PAYMENTS).delete_bucket(Bucket="taken-name")
        restore(emulator)
        with pytest.raises(ClientError, match=r"BucketAlreadyExists|AccessDenied"):
            emulator.client("s3", LANDING).create_bucket(Bucket="taken-name")

    def test_keys_of_every_kind_decrypt_and_verify_what_they_did_before(self, emulator: Emulator) -> None:
        kms = emulator.client("kms", PAYMENTS)
        secret = kms.create_key()["KeyMetadata"]["KeyId"]
        sealed = kms.encrypt(KeyId=secret, Plaintext=b"words")["CiphertextBlob"]
        signed = []
        for spec, algorithm in (("RSA_2048", "RSASSA_PSS_SHA_256"), ("ECC_NIST_P256", "ECDSA_SHA_256")):
            key = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
            said = {"KeyId": key, "Message": b"message", "SigningAlgorithm": algorithm}
            signed.append({**said, "Signature": kms.sign(**said)["Signature"]})
        take(emulator)
        emulator.control("POST", "reset")
        restore(emulator)
        assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"words"
        for each in signed:
            assert kms.verify(**each)["SignatureValid"]

    def test_tables_and_volumes_come_back_with_what_is_in_them(self, emulator: Emulator) -> None:
        table = emulator.client("dynamodb", PAYMENTS)
        table.create_table(
            TableName="accounts",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        table.put_item(TableName="accounts", Item={"id": {"S": "1"}, "sum": {"N": "5"}})
        ebs = emulator.client("ebs", PAYMENTS)
        snapshot = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
        block = b"b" * 524288
        digest = "sW5CihVMHRqbk5E2OS6mOFiX1VfckhsnrFA4RqCDXrE="
        take(emulator)
        table.delete_table(TableName="accounts")
        emulator.client("ec2", PAYMENTS).delete_snapshot(SnapshotId=snapshot)
        restore(emulator)
        assert table.get_item(TableName="accounts", Key={"id": {"S": "1"}})["Item"]["sum"] == {"N": "5"}
        stored = ebs.put_snapshot_block(
            SnapshotId=snapshot,
            BlockIndex=0,
            BlockData=block,
            DataLength=len(block),
            Checksum=_sha256(block),
            ChecksumAlgorithm="SHA256",
        )
        assert stored["Checksum"] == _sha256(block) != digest

    def test_services_that_nobody_here_uses_come_back_too(self, emulator: Emulator) -> None:
        """Their state holds what Python cannot write as it is: functions without a name, locks."""
        emulator.client("ssm", PAYMENTS).put_parameter(Name="p", Value="v", Type="String")
        queue = emulator.client("sqs", PAYMENTS).create_queue(QueueName="q")["QueueUrl"]
        take(emulator)
        emulator.client("ssm", PAYMENTS).delete_parameter(Name="p")
        restore(emulator)
        assert emulator.client("ssm", PAYMENTS).get_parameter(Name="p")["Parameter"]["Value"] == "v"
        assert emulator.client("sqs", PAYMENTS).list_queues()["QueueUrls"] == [queue]


def _sha256(data: bytes) -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(data).digest()).decode()


class TestWhoAndWhen:
    def test_sessions_of_before_open_again_and_those_of_after_never(self, emulator: Emulator) -> None:
        emulator.seed()
        role = f"arn:aws:iam::{PAYMENTS}:role/OrganizationAccountAccessRole"
        known = emulator.assume(role, MANAGEMENT)
        take(emulator)
        later = emulator.assume(role, MANAGEMENT, "later")
        restore(emulator)
        emulator.client("sts", **known).get_caller_identity()
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            emulator.client("sts", **later).get_caller_identity()
        again = emulator.assume(role, MANAGEMENT, "again")
        assert again["aws_access_key_id"] != later["aws_access_key_id"], "an old key opens somebody else's session"

    def test_the_clock_stands_where_it_stood(self, emulator: Emulator) -> None:
        emulator.advance(10 * DAY)
        taken = take(emulator)
        emulator.advance(80 * DAY)
        restored = restore(emulator)
        moved = datetime.fromisoformat(restored["now"]) - datetime.fromisoformat(taken["time"])
        assert timedelta(0) <= moved < timedelta(seconds=20)

    def test_an_old_snapshot_stands_at_real_time(self, emulator: Emulator) -> None:
        taken = take(emulator)
        now = datetime.fromisoformat(restore(emulator)["now"])
        assert now > datetime.fromisoformat(taken["time"])
        assert abs(now - datetime.now(UTC)) < timedelta(seconds=20)

    def test_mails_ledger_choices_and_enforcement_come_back(self, recovery: Recovery) -> None:
        emulator = recovery.emulator
        recovery.active()
        emulator.control("POST", "enforcement", {"on": True})
        person = recovery.people[ADA]
        mails, calls = emulator.control("GET", f"mailbox?identity_id={person}"), emulator.calls()
        take(emulator)
        emulator.reset()
        assert emulator.calls() == []
        restore(emulator)
        assert emulator.control("GET", f"mailbox?identity_id={person}") == mails != {"mails": []}
        assert emulator.calls() == calls != []
        assert emulator.control("GET", "enforcement")["on"] is True

    def test_a_restored_world_has_its_own_seed_to_go_back_to(self, emulator: Emulator) -> None:
        emulator.seed()
        take(emulator)
        emulator.reset()
        restore(emulator)
        emulator.control("POST", "reset")
        assert emulator.seed(TWO_ORGANIZATIONS)["organizations"][1]["management"] == RECOVERY

    def test_faults_are_no_part_of_it(self, emulator: Emulator) -> None:
        take(emulator)
        emulator.control("POST", "faults", {"service": "sts", "operation": "*", "effect": "throttle"})
        restore(emulator)
        with pytest.raises(ClientError, match="Throttling"):
            emulator.client("sts").get_caller_identity()


class TestNames:
    def test_they_are_listed_and_a_name_that_is_taken_again_means_the_new_state(self, emulator: Emulator) -> None:
        take(emulator, "story.v-1_a")
        emulator.client("iam", PAYMENTS).create_user(UserName="ada")
        taken = take(emulator, "story.v-1_a")
        assert taken in emulator.control("GET", "snapshots")["snapshots"]
        emulator.reset()
        restore(emulator, "story.v-1_a")
        assert [user["UserName"] for user in emulator.client("iam", PAYMENTS).list_users()["Users"]] == ["ada"]

    @pytest.mark.parametrize("name", ["", "a%20b", "x" * 65, "%2e%2e%2fetc", "caf%C3%A9"])
    def test_a_name_that_is_none_is_refused(self, emulator: Emulator, name: str) -> None:
        with pytest.raises(ControlRefused, match=r"^40[04]: "):
            take(emulator, name)

    def test_an_unknown_name_is_404_and_changes_nothing(self, emulator: Emulator) -> None:
        emulator.client("iam", PAYMENTS).create_user(UserName="ada")
        with pytest.raises(ControlRefused, match=r"^404: .*no snapshot 'never-taken'"):
            restore(emulator, "never-taken")
        assert len(emulator.client("iam", PAYMENTS).list_users()["Users"]) == 1


def test_a_vault_of_another_region_and_its_lock_come_back(recovery: Recovery) -> None:
    emulator = recovery.emulator
    backup = emulator.client("backup", PAYMENTS, HOME)
    backup.create_logically_air_gapped_backup_vault(
        BackupVaultName="orders-2026", MinRetentionDays=7, MaxRetentionDays=90
    )
    for _ in range(2):
        before = backup.describe_backup_vault(BackupVaultName="orders-2026")
    take(emulator)
    backup.delete_backup_vault(BackupVaultName="orders-2026")
    restore(emulator)
    after = backup.describe_backup_vault(BackupVaultName="orders-2026")
    assert {**before, "ResponseMetadata": 0} == {**after, "ResponseMetadata": 0}
