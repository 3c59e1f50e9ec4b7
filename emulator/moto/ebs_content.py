"""What is on EBS volumes and snapshots: blocks, carried from volume to snapshot to volume and read by the direct APIs.

moto keeps blocks only for snapshots made by the direct APIs, and loses them when a volume is made from such a snapshot.
Here the blocks are a table of index and bytes on moto's own volume and snapshot objects. A block that is missing was
never written.
"""

from __future__ import annotations

from typing import Any

from emulator.moto import allowed_images

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
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    if module.__name__ == "moto.ec2.models":
        # moto finds the URLs of a service beside the module of its backend.
        names = {"__module__": module.__name__}
        module.ec2_backends.backend = type("EC2Backend", (Volumes, module.EC2Backend), names)
    else:
        _add_default_key_calls(module)
        allowed_images.extend(module)


class Volumes:
    """Content on volumes, and encryption by default; put before moto's backend of `ec2`."""

    account_id: str
    region_name: str
    default_kms_key_id: str
    ebs_encryption_by_default: bool

    def create_volume(self, *args: Any, snapshot_id: str | None = None, **kwargs: Any) -> Any:
        source = None if snapshot_id is None else _ec2(self.account_id, self.region_name).get_snapshot(snapshot_id)
        kwargs["encrypted"] = bool(kwargs.get("encrypted")) or self.ebs_encryption_by_default
        if source is not None and source.encrypted:
            kwargs["encrypted"] = True
            kwargs["kms_key_id"] = kwargs.get("kms_key_id") or source.kms_key_id
        volume = super().create_volume(*args, snapshot_id=snapshot_id, **kwargs)  # type: ignore[misc]  # moto's
        if source is not None:
            set_blocks(volume, blocks_of(source))
        return volume

    def create_snapshot(self, volume_id: str, *args: Any, **kwargs: Any) -> Any:
        snapshot = super().create_snapshot(volume_id, *args, **kwargs)  # type: ignore[misc]  # moto's
        set_blocks(snapshot, blocks_of(snapshot.volume))
        snapshot.kms_key_id = snapshot.volume.kms_key_id
        return snapshot

    def copy_snapshot(self, source_snapshot_id: str, source_region: str, *args: Any, **kwargs: Any) -> Any:
        snapshot = super().copy_snapshot(source_snapshot_id, source_region, *args, **kwargs)  # type: ignore[misc]  # moto's
        source = _ec2(self.account_id, source_region).get_snapshot(source_snapshot_id)
        set_blocks(snapshot, blocks_of(source))
        snapshot.encrypted = snapshot.encrypted or self.ebs_encryption_by_default
        if snapshot.encrypted and not snapshot.kms_key_id:
            snapshot.kms_key_id = self.default_kms_key_id or self._create_default_encryption_key()
        return snapshot

    def _create_default_encryption_key(self) -> str:
        from moto.kms.models import kms_backends

        arn: str = super()._create_default_encryption_key()  # type: ignore[misc]  # moto's
        key: Any = kms_backends[self.account_id][self.region_name].keys[arn.rpartition("/")[2]]
        key.key_manager = "AWS"
        return arn


def _ec2(account_id: str, region: str) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[account_id][region]


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
