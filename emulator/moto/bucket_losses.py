"""Says when a bucket is about to lose a version or its versioning, or is gone (empty by then).

Who keeps a history of buckets (the continuous backups of AWS Backup) asks for it with `before_loss`, and can copy what
is there for the last time. Writing and hiding behind delete markers lose nothing and are not told.
"""

from collections.abc import Callable
from typing import Any

from emulator.moto.bucket_defaults import EncryptedBuckets

# Gets the account, the bucket's name and the object's key; no key means that the bucket stops keeping versions.
Listener = Callable[[str, str, str | None], None]

_listeners: list[Listener] = []


def before_loss(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def _tell(account: str, bucket: str, key: str | None) -> None:
    for listener in _listeners:
        listener(account, bucket, key)


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's module was imported."""
    names = {"__module__": module.__name__}
    module.s3_backends.backend = type("S3Backend", (Buckets, EncryptedBuckets, module.S3Backend), names)


class Buckets:
    """Put before moto's backend of `s3`."""

    account_id: str

    def delete_object(
        self, bucket_name: str, key_name: str, version_id: str | None = None, bypass: bool = False
    ) -> tuple[bool, dict[str, Any]]:
        if version_id is not None:
            _tell(self.account_id, bucket_name, key_name)
        answer: tuple[bool, dict[str, Any]] = super().delete_object(  # type: ignore[misc]  # moto's
            bucket_name, key_name, version_id, bypass
        )
        return answer

    def delete_bucket(self, bucket_name: str) -> Any:
        """moto answers None for a bucket that is not empty, and keeps it."""
        deleted = super().delete_bucket(bucket_name)  # type: ignore[misc]  # moto's
        if deleted is not None:
            _tell(self.account_id, bucket_name, None)
        return deleted

    def put_bucket_versioning(self, bucket_name: str, status: str) -> None:
        if status != "Enabled":
            _tell(self.account_id, bucket_name, None)
        super().put_bucket_versioning(bucket_name, status)  # type: ignore[misc]  # moto's
