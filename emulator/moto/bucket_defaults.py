"""What every bucket of S3 has although nobody set it: since 2023 no bucket is without encryption."""

from typing import Any


class EncryptedBuckets:
    """Put before moto's backend of `s3`; what moto does with the objects stays as it is."""

    def get_bucket_encryption(self, bucket_name: str) -> dict[str, Any]:
        """The bucket's rule as moto keeps it; without one, and after its deletion, S3's own keys."""
        kept: dict[str, Any] | None = super().get_bucket_encryption(bucket_name)  # type: ignore[misc]  # moto's
        return kept or {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}
