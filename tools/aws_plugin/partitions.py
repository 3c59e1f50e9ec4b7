"""Which of AWS's partitions a Region belongs to: no account of one reaches a Region of another."""

from __future__ import annotations

import re

# Tried in this order: the last is what most Regions look like.
_PARTITIONS = {
    "aws-cn": r"cn-\w+-\d+",
    "aws-us-gov": r"us-gov-\w+-\d+",
    "aws-iso": r"us-iso-\w+-\d+",
    "aws-iso-b": r"us-isob-\w+-\d+",
    "aws-iso-e": r"eu-isoe-\w+-\d+",
    "aws-iso-f": r"us-isof-\w+-\d+",
    "aws-eusc": r"eusc-\w+-\w+-\d+",
    "aws": r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
}


def partition(region: str) -> str | None:
    return next((name for name, form in _PARTITIONS.items() if re.fullmatch(form, region)), None)


def stranger(region: str, home: str) -> str | None:
    """What is wrong with a Region for a provider of the Region `home`, as the end of a sentence."""
    here = partition(home) or "aws"
    if partition(region) == here:
        return None
    return f"is {region!r}, which is no Region of the partition {here} that the provider is in ({home})."
