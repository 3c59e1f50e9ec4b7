"""The EBS direct APIs: reading and writing the blocks of snapshots.

moto keeps these blocks apart from the snapshots of EC2; here they are the same (see `ebs_content`).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from emulator.moto.ebs_content import BLOCK_SIZE, blocks_of
from emulator.protocol.answers import Refusal
from emulator.world import ids


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `ebs.models` was imported."""
    # moto finds the URLs of a service beside the module of its backend.
    names = {"__module__": module.__name__}
    module.ebs_backends.backend = type("EBSBackend", (DirectApis, module.EBSBackend), names)


@dataclass(frozen=True)
class _Block:
    """One block as the direct APIs hand it out."""

    block_token: str
    block_data: bytes

    data_length: int = BLOCK_SIZE
    checksum_algorithm: str = "SHA256"

    @property
    def checksum(self) -> str:
        return _checksum(self.block_data)


@dataclass
class _View:
    """A snapshot as the direct APIs describe it."""

    account_id: str
    snapshot: Any
    block_size: int = BLOCK_SIZE
    blocks: dict[int, _Block] = field(init=False)

    def __post_init__(self) -> None:
        name = str(self.snapshot.id)
        self.blocks = {
            index: _Block(_token(name, index), data) for index, data in sorted(blocks_of(self.snapshot).items())
        }

    @property
    def snapshot_id(self) -> str:
        return str(self.snapshot.id)

    @property
    def status(self) -> str:
        return str(self.snapshot.status)

    @property
    def start_time(self) -> Any:
        return self.snapshot.start_time

    @property
    def volume_size(self) -> int:
        return int(self.snapshot.volume.size)

    @property
    def description(self) -> str | None:
        return str(self.snapshot.description) if self.snapshot.description else None

    @property
    def tags(self) -> list[dict[str, str]]:
        return [{"Key": tag["key"], "Value": tag["value"]} for tag in self.snapshot.get_tags()]


class DirectApis:
    """The EBS direct APIs on the snapshots of EC2; put before moto's backend of `ebs`."""

    account_id: str
    region_name: str
    ec2_backend: Any

    def start_snapshot(self, volume_size: int, tags: list[dict[str, str]] | None, description: str) -> _View:
        if any(not tag.get("Key") for tag in tags or []):
            raise Refusal(400, "ValidationException", "Every tag needs a Key.")
        ec2: Any = self.ec2_backend
        volume = ec2.create_volume(volume_size, f"{self.region_name}a")
        snapshot = ec2.create_snapshot(volume.id, description)
        # Such a snapshot was never a volume; AWS shows a volume id that does not exist.
        del ec2.volumes[volume.id]
        volume.id = "vol-ffffffff"
        snapshot.status = "pending"
        snapshot.add_tags({tag["Key"]: tag.get("Value", "") for tag in tags or []})
        return _View(self.account_id, snapshot)

    def put_snapshot_block(
        self,
        snapshot_id: str,
        block_index: int,
        block_data: bytes,
        checksum: str | None,
        checksum_algorithm: str | None,
        data_length: int | None,
    ) -> tuple[str | None, str | None]:
        snapshot = self._snapshot(snapshot_id)
        if snapshot.status != "pending":
            raise _invalid(f"Snapshot {snapshot_id} is {snapshot.status}; blocks are written while it is pending.")
        if not 0 <= block_index < snapshot.volume.size * 1024**3 // BLOCK_SIZE:
            raise _invalid(f"Block index {block_index} is outside the volume size of snapshot {snapshot_id}.")
        if data_length != BLOCK_SIZE or len(block_data) != BLOCK_SIZE:
            raise _invalid(f"A block has {BLOCK_SIZE} bytes; {len(block_data)} came, {data_length} were announced.")
        if checksum_algorithm != "SHA256" or checksum != _checksum(block_data):
            raise _invalid(f"The SHA256 checksum of block {block_index} does not match its data.")
        blocks_of(snapshot)[block_index] = bytes(block_data)
        return checksum, checksum_algorithm

    def complete_snapshot(self, snapshot_id: str) -> str:
        self._snapshot(snapshot_id).status = "completed"
        return "completed"

    def get_snapshot_block(self, snapshot_id: str, block_index: int) -> _Block:
        found = self.list_snapshot_blocks(snapshot_id).blocks.get(block_index)
        if found is None:
            raise _invalid(f"Snapshot {snapshot_id} has no block {block_index}.")
        return found

    def list_snapshot_blocks(self, snapshot_id: str) -> _View:
        snapshot = self._snapshot(snapshot_id)
        if snapshot.status != "completed":
            raise _invalid(f"Snapshot {snapshot_id} is {snapshot.status}; its blocks can be read once it is completed.")
        return _View(self.account_id, snapshot)

    def list_changed_blocks(
        self, first_snapshot_id: str | None, second_snapshot_id: str
    ) -> tuple[dict[int, tuple[str | None, str | None]], _View]:
        second = self.list_snapshot_blocks(second_snapshot_id)
        first = {} if first_snapshot_id is None else self.list_snapshot_blocks(first_snapshot_id).blocks
        changed = {}
        for index in sorted(first.keys() | second.blocks.keys()):
            before, after = first.get(index), second.blocks.get(index)
            if before is None or after is None or before.block_data != after.block_data:
                changed[index] = (_token_of(before), _token_of(after))
        return changed, second

    def _snapshot(self, snapshot_id: str) -> Any:
        snapshot = self.ec2_backend.snapshots.get(snapshot_id)
        if snapshot is None:
            raise Refusal(404, "ResourceNotFoundException", f"The snapshot {snapshot_id} does not exist.")
        return snapshot


def _token_of(block: _Block | None) -> str | None:
    return None if block is None else block.block_token


def _invalid(message: str) -> Refusal:
    return Refusal(400, "ValidationException", message)


def _token(snapshot_id: str, index: int) -> str:
    return ids.derived("block-token", f"{snapshot_id}/{index}", 44)


def _checksum(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
