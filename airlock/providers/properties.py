"""What the engine hands to a provider, made comparable: without nulls, and unknowns never taken for values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN

Props = dict[str, Any]

_OF_THE_ENGINE = "__provider"

OWNER_TAG = "airlock:owner"


def plain(value: Any) -> Any:
    """A copy without nulls and without the engine's own key. Numbers compare as they are: 2 == 2.0."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None and key != _OF_THE_ENGINE}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def is_known(value: Any) -> bool:
    """Whether nothing in it is still to be computed; the engine sends a fixed text for that, the SDK an object."""
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(is_known(item) for item in value)
    return not isinstance(value, Unknown) and bool(value != UNKNOWN)


def differs(before: Any, after: Any) -> bool:
    """Whether two properties differ in more than nulls."""
    return bool(plain(before) != plain(after))


def token(*parts: Any) -> str:
    """A client token: the same parts give the same token, so AWS makes nothing twice."""
    return hashlib.sha256(json.dumps([plain(part) for part in parts], sort_keys=True).encode()).hexdigest()
