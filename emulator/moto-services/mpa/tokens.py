"""Client tokens: the same request with the same token gives the same answer and makes nothing twice."""

import json
from collections.abc import Callable
from typing import Any

from . import state
from .exceptions import MpaError
from .state import Token


def once(
    account: str,
    operation: str,
    token: str | None,
    request: dict[str, Any],
    make: Callable[[], str],
    mismatch: type[MpaError],
) -> str:
    """The ARN of what `make` makes, or made when this token came before; `mismatch` if it came with another request."""
    if not token:
        return make()
    register = state.of(account)
    fingerprint = json.dumps(request, sort_keys=True)
    seen = register.tokens.get((operation, token))
    if seen is None:
        made = make()
        register.tokens[operation, token] = Token(fingerprint, made)
        return made
    if seen.fingerprint != fingerprint:
        raise mismatch("This ClientToken was used for another request. Use a new token, or repeat that request.")
    return seen.made
