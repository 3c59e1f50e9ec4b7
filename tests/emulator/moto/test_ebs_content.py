"""Volumes have content: it travels by snapshots and is read and written by the EBS direct APIs."""

import base64
import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT, REGION = "444444444444", "eu-west-1"
BLOCK = 512 * 1024


class Disks:
    """Clients of one account and Region, and the calls that the tests repeat."""

    def __init__(self, emulator: Any, region: str = REGION) -> None:
        self.ec2 = emulator.client("ec2", ACCOUNT, region)
        self.ebs = emulator.client("ebs", ACCOUNT, region)
        self.kms = emulator.client("kms", ACCOUNT, region)

    def put(self, snapshot: str, index: int, data: bytes, **changed: Any) -> None:
        checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
        parameters = {"DataLength": len(data), "Checksum": checksum, "ChecksumAlgorithm": "SHA256", **changed}
        self.ebs.put_snapshot_block(SnapshotId=snapshot, BlockIndex=index, BlockData=data, **parameters)

    def snapshot_of(self, blocks: dict[int, bytes]) -> str:
        snapshot = str(self.ebs.start_snapshot(VolumeSize=1)["SnapshotId"])
        for index, data in blocks.items():
            self.put(snapshot, index, data)
        self.ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=len(blocks))
        return snapshot

    def read(self, snapshot: str) -> dict[int, bytes]:
        listed = self.ebs.list_snapshot_blocks(SnapshotId=snapshot)
        assert listed["BlockSize"] == BLOCK
        found = {}
        for block in listed["Blocks"]:
            answer = self.ebs.get_snapshot_block(SnapshotId=snapshot, **block)
            found[block["BlockIndex"]] = answer["BlockData"].read()
        return found

    def volume(self, **parameters: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.ec2.create_volume(AvailabilityZone=f"{REGION}a", **parameters)
        return made


@pytest.fixture
def disks(emulator: Any) -> Disks:
    return Disks(emulator)


CONTENT = {0: b"\0" * BLOCK, 7: bytes(range(256)) * (BLOCK // 256), 2047: b"end!" * (BLOCK // 4)}


class TestContent:
    def test_what_was_written_is_read(self, disks: Disks) -> None:
        assert disks.read(disks.snapshot_of(CONTENT)) == CONTENT

    def test_a_volume_carries_the_blocks_of_its_snapshot_and_on(self, disks: Disks) -> None:
        source = disks.snapshot_of(CONTENT)
        volume = disks.volume(SnapshotId=source)["VolumeId"]
        disks.ec2.delete_snapshot(SnapshotId=source)
        again = disks.ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        assert disks.read(again) == CONTENT

    def test_a_copy_in_another_region_has_the_same_blocks(self, emulator: Any, disks: Disks) -> None:
        source = disks.snapshot_of(CONTENT)
        there = Disks(emulator, "eu-central-1")
        copied = there.ec2.copy_snapshot(SourceSnapshotId=source, SourceRegion=REGION)["SnapshotId"]
        assert there.read(copied) == CONTENT

    def test_an_empty_volume_has_no_blocks(self, disks: Disks) -> None:
        snapshot = disks.ec2.create_snapshot(VolumeId=disks.volume(Size=1)["VolumeId"])["SnapshotId"]
        assert disks.read(snapshot) == {}

    def test_changed_blocks_are_the_difference(self, disks: Disks) -> None:
        before = disks.snapshot_of({0: b"a" * BLOCK, 1: b"b" * BLOCK})
        after = disks.snapshot_of({0: b"a" * BLOCK, 1: b"c" * BLOCK, 2: b"d" * BLOCK})
        changed = disks.ebs.list_changed_blocks(FirstSnapshotId=before, SecondSnapshotId=after)["ChangedBlocks"]
        assert [block["BlockIndex"] for block in changed] == [1, 2]

    def test_a_snapshot_made_of_blocks_leaves_no_volume_behind(self, disks: Disks) -> None:
        disks.snapshot_of(CONTENT)
        assert disks.ec2.describe_volumes()["Volumes"] == []


class TestRefusals:
    def test_a_pending_snapshot_cannot_be_read_and_a_completed_one_not_written(self, disks: Disks) -> None:
        snapshot = disks.ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
        with pytest.raises(ClientError, match="ValidationException"):
            disks.ebs.list_snapshot_blocks(SnapshotId=snapshot)
        disks.ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=0)
        with pytest.raises(ClientError, match="ValidationException"):
            disks.put(snapshot, 0, CONTENT[0])

    @pytest.mark.parametrize(
        "changed", [{"Checksum": base64.b64encode(b"0" * 32).decode()}, {"DataLength": 512}, {"BlockIndex": 2048}]
    )
    def test_a_block_that_does_not_fit_is_refused(self, disks: Disks, changed: dict[str, Any]) -> None:
        snapshot = disks.ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
        index = changed.get("BlockIndex", 0)
        more = {name: value for name, value in changed.items() if name != "BlockIndex"}
        with pytest.raises(ClientError, match="ValidationException"):
            disks.put(snapshot, index, CONTENT[0], **more)

    def test_an_unknown_snapshot_is_not_found(self, disks: Disks) -> None:
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            disks.ebs.list_snapshot_blocks(SnapshotId="snap-0123456789abcdef0")

    def test_the_snapshot_of_another_account_is_not_found(self, emulator: Any, disks: Disks) -> None:
        snapshot = disks.snapshot_of(CONTENT)
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            emulator.client("ebs", "555555555555", REGION).list_snapshot_blocks(SnapshotId=snapshot)


class TestEncryptionByDefault:
    def test_it_is_off_in_a_new_account_and_per_region(self, emulator: Any, disks: Disks) -> None:
        assert disks.ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False
        disks.ec2.enable_ebs_encryption_by_default()
        assert disks.ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
        there = Disks(emulator, "eu-central-1")
        assert there.ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False

    def test_new_volumes_take_the_chosen_key(self, disks: Disks) -> None:
        assert disks.ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
        key = disks.kms.create_key()["KeyMetadata"]["Arn"]
        disks.ec2.enable_ebs_encryption_by_default()
        disks.ec2.modify_ebs_default_kms_key_id(KmsKeyId=key)
        assert disks.ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key
        volume = disks.volume(Size=1)
        assert (volume["Encrypted"], volume["KmsKeyId"]) == (True, key)
        disks.ec2.reset_ebs_default_kms_key_id()
        assert disks.ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"

    def test_a_volume_of_an_encrypted_snapshot_is_encrypted_with_the_same_key(self, disks: Disks) -> None:
        key = disks.kms.create_key()["KeyMetadata"]["Arn"]
        source = disks.volume(Size=1, Encrypted=True, KmsKeyId=key)["VolumeId"]
        snapshot = disks.ec2.create_snapshot(VolumeId=source)["SnapshotId"]
        volume = disks.volume(SnapshotId=snapshot)
        assert (volume["Encrypted"], volume["KmsKeyId"]) == (True, key)
