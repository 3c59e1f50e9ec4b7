"""Where Multi-party approval lives, and whose a thing is."""

REGION = "us-east-1"


def account_in(arn: str) -> str:
    """The account part of an ARN, empty when it has none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4].isdigit() and len(parts[4]) == 12 else ""
