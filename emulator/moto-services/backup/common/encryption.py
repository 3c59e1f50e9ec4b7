"""Which key a backup is encrypted with, and whether it can still be used."""

from ..records import arns
from ..records.entities import STANDARD, Content, Vault
from . import other_services


def by_vault(vault: Vault, content: Content) -> bool:
    """A standard vault encrypts what AWS Backup manages in full; the rest keeps the key of its source. The other kinds
    encrypt everything."""
    return content.fully_managed or vault.kind != STANDARD


def unusable_key(vault: Vault, content: Content) -> str:
    """A sentence when the key of a backup in this vault cannot be used (any more), or nothing."""
    key_arn = vault.key_arn if by_vault(vault, content) else content.kms_key_arn
    arn = None if key_arn is None else arns.parse(key_arn)
    if key_arn is None or arn is None:
        return ""
    key = other_services.kms_key(key_arn, arn.account, arn.region)
    if key is None:
        return f"The encryption key {key_arn} does not exist."
    return "" if key.key_state == "Enabled" else f"The encryption key {key_arn} is {key.key_state}."
