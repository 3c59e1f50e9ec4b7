"""What can live in a logically air-gapped vault, and why the rest cannot enter.

A copy of what cannot enter FAILS. A backup with such a vault as its primary target is COMPLETED all the same: it stays
in the standard vault, and only the message of its job tells.
"""

from ..common import other_services
from ..records.entities import AIR_GAPPED, RESTORE_ACCESS, Content, RecoveryPoint, Vault

SUPPORTED = (
    "Aurora",
    "DSQL",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "S3",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)
_CLUSTERS = ("Aurora", "DocumentDB", "Neptune")


def refusal(content: Content) -> str:
    """Why a backup cannot enter a logically air-gapped vault, or nothing."""
    kind = content.resource_type
    if kind not in SUPPORTED:
        return f"{kind} is not supported by logically air-gapped backup vaults."
    if kind == "DynamoDB" and not content.fully_managed:
        return "DynamoDB without advanced features is not supported by logically air-gapped backup vaults."
    if kind in _CLUSTERS and content.kms_key_arn is None:
        return f"An unencrypted {kind} cluster cannot be copied to a logically air-gapped backup vault."
    if content.aws_managed_key and not content.fully_managed:
        encrypted = "A backup that is encrypted with an AWS managed key"
        return f"{encrypted} cannot be copied to a logically air-gapped backup vault."
    return ""


def unusable_image(vault: Vault, point: RecoveryPoint, account: str, region: str) -> str:
    """Why an account cannot take an EC2 backup out of such a vault, or nothing: its allowed images leave it out."""
    if point.resource_type != "EC2" or vault.kind not in (AIR_GAPPED, RESTORE_ACCESS):
        return ""
    if other_services.takes_images_of_vaults(account, region):
        return ""
    return f"Source AMI {point.content.data['image']} not found in Region {region}."
