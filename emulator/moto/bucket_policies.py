"""Bucket policies are evaluated where all others are (`authorization`), not by moto's S3 a second time.

moto knows no conditions and no principals: a statement that denies unencrypted connections would deny everything.
"""

from importlib import import_module
from typing import Any

from moto.iam.access_control import PermissionResult


class Unjudged:
    """What a bucket of moto's says about its policy."""

    def get_permission(self, action: str, resource: str) -> Any:
        return PermissionResult.NEUTRAL


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `s3.responses` was imported."""
    import_module(f"{module.__package__}.models").FakeBucket.get_permission = Unjudged.get_permission
