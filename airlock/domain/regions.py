"""Commercial Regions in which AWS Backup offers logically air-gapped vaults.

From the feature availability table of the AWS Backup guide. A Region that is missing here is refused before
anything is created; AWS refuses it only after the rest of the estate stands.
"""

LAG_REGIONS: frozenset[str] = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ca-central-1",
        "eu-central-1",
        "eu-central-2",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)


def supports_lag(region: str) -> bool:
    """Whether a logically air-gapped vault can be made there."""
    return region in LAG_REGIONS
