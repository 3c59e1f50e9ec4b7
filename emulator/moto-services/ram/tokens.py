"""Client tokens: the same request with the same token gives the same answer and does nothing twice."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

from moto.core.utils import get_service_model

from .exceptions import (
    IdempotentParameterMismatchException,
    InvalidClientTokenException,
    InvalidParameterException,
    RamError,
)
from .state import RegionState

Answer = dict[str, Any]
_TOKEN = re.compile(r"[!-~]{1,64}")


def once(state: RegionState, operation: str, token: str | None, asked: list[Any], make: Callable[[], Answer]) -> Answer:
    """What `make` answers, or answered when this token came before; both carry the token."""
    if token is None:
        return make()
    if not _TOKEN.fullmatch(token):
        raise _of(operation, InvalidClientTokenException)("A clientToken has 1 to 64 printable characters, no spaces.")
    fingerprint = json.dumps(asked, sort_keys=True)
    seen = state.tokens.get((operation, token))
    if seen is None:
        answer = make() | {"clientToken": token}
        state.tokens[operation, token] = (fingerprint, copy.deepcopy(answer))
        return answer
    if seen[0] != fingerprint:
        raise _of(operation, IdempotentParameterMismatchException)(
            "This clientToken was used for another request. Use a new token, or repeat that request."
        )
    answer = copy.deepcopy(seen[1])
    return answer


def _of(operation: str, error: type[RamError]) -> type[RamError]:
    """An error if the operation declares it; some operations with tokens do not declare their errors."""
    declared = {shape.name for shape in get_service_model("ram").operation_model(operation).error_shapes}
    return error if error.code in declared else InvalidParameterException
