"""What is on EBS volumes and snapshots: blocks, carried from volume to snapshot to volume and read by the direct APIs.

moto keeps blocks only for snapshots made by the direct APIs, and loses them when a volume is made from such a snapshot.
Here the blocks are a table of index and bytes on moto's own volume and snapshot objects. A block that is missing was
never written.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from emulator import ids
from emulator.answers import Refusal

BLOCK_SIZE = 512 * 1024
_TABLE = "_blocks"


def blocks_of(holder: Any) -> dict[int, bytes]:
    """The blocks of a volume or snapshot, by index."""
    found: dict[int, bytes] = holder.__dict__.setdefault(_TABLE, {})
    return found


def set_blocks(holder: Any, blocks: dict[int, bytes]) -> None:
    """Give a volume or snapshot its own copy of these blocks."""
    holder.__dict__[_TABLE] = dict(blocks)


def extend(module: Any) -> None:
    """Called by `emulator.install` after one of moto's modules was imported."""
    if module.__name__ == "moto.ebs.models":
        module.ebs_backends.backend = _direct_apis(module)
    elif module.__name__ == "moto.ec2.models":
        module.ec2_backends.backend = _volumes(module)
    else:
        _add_default_key_calls(module)


def _volumes(module: Any) -> type[Any]:
    class Volumes(module.EC2Backend):  # type: ignore[misc]  # the class is moto's, handed over at import
        """moto's EC2 with content on its volumes and with encryption by default."""

        def create_volume(self, *args: Any, snapshot_id: str | None = None, **kwargs: Any) -> Any:
            source = None if snapshot_id is None else self.get_snapshot(snapshot_id)
            kwargs["encrypted"] = bool(kwargs.get("encrypted")) or self.ebs_encryption_by_default
            if source is not None and source.encrypted:
                kwargs["encrypted"] = True
                kwargs["kms_key_id"] = kwargs.get("kms_key_id") or source.kms_key_id
            volume = super().create_volume(*args, snapshot_id=snapshot_id, **kwargs)
            if source is not None:
                set_blocks(volume, blocks_of(source))
            return volume

        def create_snapshot(self, volume_id: str, *args: Any, **kwargs: Any) -> Any:
            snapshot = super().create_snapshot(volume_id, *args, **kwargs)
            set_blocks(snapshot, blocks_of(snapshot.volume))
            snapshot.kms_key_id = snapshot.volume.kms_key_id
            return snapshot

        def copy_snapshot(self, source_snapshot_id: str, source_region: str, *args: Any, **kwargs: Any) -> Any:
            snapshot = super().copy_snapshot(source_snapshot_id, source_region, *args, **kwargs)
            source = module.ec2_backends[self.account_id][source_region].get_snapshot(source_snapshot_id)
            set_blocks(snapshot, blocks_of(source))
            snapshot.encrypted = snapshot.encrypted or self.ebs_encryption_by_default
            if snapshot.encrypted and not snapshot.kms_key_id:
                snapshot.kms_key_id = self.default_kms_key_id or self._create_default_encryption_key()
            return snapshot

        def _create_default_encryption_key(self) -> str:
            from moto.kms.models import kms_backends

            arn: str = super()._create_default_encryption_key()
            key: Any = kms_backends[self.account_id][self.region_name].keys[arn.rpartition("/")[2]]
            key.key_manager = "AWS"
            return arn

    Volumes.__module__ = module.__name__  # moto finds the URLs of a service beside its models
    return Volumes


def _add_default_key_calls(module: Any) -> None:
    """GetEbsDefaultKmsKeyId and ResetEbsDefaultKmsKeyId, which moto lacks."""
    from moto.core.responses import ActionResult

    def get_ebs_default_kms_key_id(response: Any) -> ActionResult:
        return ActionResult({"KmsKeyId": response.ec2_backend.default_kms_key_id or "alias/aws/ebs"})

    def reset_ebs_default_kms_key_id(response: Any) -> ActionResult:
        response.ec2_backend.default_kms_key_id = ""
        return ActionResult({"KmsKeyId": "alias/aws/ebs"})

    module.Settings.get_ebs_default_kms_key_id = get_ebs_default_kms_key_id
    module.Settings.reset_ebs_default_kms_key_id = reset_ebs_default_kms_key_id


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
    def description(self) -> str:
        return str(self.snapshot.description or "")

    @property
    def tags(self) -> list[dict[str, str]]:
        return [{"Key": tag["key"], "Value": tag["value"]} for tag in self.snapshot.get_tags()]


def _direct_apis(module: Any) -> type[Any]:
    class DirectApis(module.EBSBackend):  # type: ignore[misc]  # the class is moto's, handed over at import
        """The EBS direct APIs on the snapshots of EC2."""

        def start_snapshot(self, volume_size: int, tags: list[dict[str, str]] | None, description: str) -> _View:
            ec2: Any = self.ec2_backend
            volume = ec2.create_volume(volume_size, f"{self.region_name}a")
            snapshot = ec2.create_snapshot(volume.id, description)
            # Such a snapshot was never a volume; AWS shows a volume id that does not exist.
            del ec2.volumes[volume.id]
            volume.id = "vol-ffffffff"
            snapshot.status = "pending"
            snapshot.add_tags({tag["Key"]: tag["Value"] for tag in tags or []})
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
                raise _invalid(
                    f"Snapshot {snapshot_id} is {snapshot.status}; its blocks can be read once it is completed."
                )
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

    DirectApis.__module__ = module.__name__  # moto finds the URLs of a service beside its models
    return DirectApis


def _token_of(block: _Block | None) -> str | None:
    return None if block is None else block.block_token


def _invalid(message: str) -> Refusal:
    return Refusal(400, "ValidationException", message)


def _token(snapshot_id: str, index: int) -> str:
    return ids.derived("block-token", f"{snapshot_id}/{index}", 44)


def _checksum(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
