"""Secrets planted where users keep theirs, before the first stack: whoever leaks them is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "canary-passphrase-5d1f"
PROFILE_KEY = "canaryProfileKey0123456789abcdefghijklmn"
CONFIGURED = "canary-configured-9ac2"
AMBIENT = "canary-ambient-70be"
CANARIES = {
    "the passphrase of the state": PASSPHRASE,
    "the secret key of every AWS profile": PROFILE_KEY,
    "a secret in the stack files": CONFIGURED,
    "a token in the environment": AMBIENT,
}
SETTINGS = {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "AIRLOCK_TOKEN": AMBIENT}
SECRETIVE: dict[str, tuple[str, ...]] = {
    "cross-organization": ("recovery", "workload-payments"),
    "cross-account": (),
}
"""The stacks whose files hold a secret, one per side; of the other pattern `airlock deploy` makes each stack."""


def plant(aws_config: Path) -> None:
    """Each profile gets a secret key that is worth hiding; the emulator checks none."""
    text = aws_config.read_text(encoding="utf-8")
    planted = text.replace("aws_secret_access_key = emulator", f"aws_secret_access_key = {PROFILE_KEY}")
    assert planted != text, "the emulator writes its profiles otherwise by now"
    aws_config.write_text(planted, encoding="utf-8")
