"""An operation that moto has not."""

import json
from typing import Any


def extend(module: Any) -> None:
    """Called right after `moto.config.responses` was imported."""
    module.ConfigResponse.describe_remediation_exceptions = _describe_remediation_exceptions


def _describe_remediation_exceptions(_: Any) -> str:
    return json.dumps({"RemediationExceptions": []})
