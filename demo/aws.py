"""boto3 clients for the story's own calls: content, attacks, and what is compared at the end."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def root_client(url: str, account: str, service: str, region: str) -> Any:
    """The 12-digit key is that account's root user (a convention of the emulator)."""
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=account,
        aws_secret_access_key="emulator",  # noqa: S106 - not a secret: the emulator checks none
        # On a busy machine an answer takes its time, and a write that is sent again is refused as one too many.
        config=Config(read_timeout=300, retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
    )


def pages(client: Any, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    """Every row of a paginated call."""
    for page in client.get_paginator(operation).paginate(**parameters):
        yield from page[key]
