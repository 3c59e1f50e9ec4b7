"""Client tokens: the same request with the same token gives the same answer and does nothing twice."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

from .exceptions import IdempotentParameterMismatchException, InvalidClientTokenException
from .state import RegionState

Answer = dict[str, Any]
_TOKEN = re.compile(r"[!-~]{1,64}")


def once(state: RegionState, operation: str, token: str | None, asked: list[Any], make: Callable[[], Answer]) -> Answer:
    """What `make` answers, or answered when this token came before; both carry the token."""
    if token is None:
        return make()
    if not _TOKEN.fullmatch(token):
        raise InvalidClientTokenException("A clientToken has 1 to 64 printable characters and no spaces.")
    fingerprint = json.dumps(asked, sort_keys=True)
    seen = state.tokens.get((operation, token))
    if seen is None:
        answer = make() | {"clientToken": token}
        state.tokens[operation, token] = (fingerprint, copy.deepcopy(answer))
        return answer
    if seen[0] != fingerprint:
        raise IdempotentParameterMismatchException(
            "This clientToken was used for another request. Use a new token, or repeat that request."
        )
    answer = copy.deepcopy(seen[1])
    return answer
