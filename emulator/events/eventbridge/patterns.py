"""Event patterns: what a pattern may say, and whether an event matches it.

A pattern is an object like the event itself; at its leaves stands a list of what the field may be. Fields of objects in
an array have to match in one and the same element.
"""

import ipaddress
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

_NUMERIC: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    "=": lambda value, bound: value == bound,
    ">=": lambda value, bound: value >= bound,
    ">": lambda value, bound: value > bound,
}
_LARGEST = 5.0e9
_ABSENT = object()


class InvalidPattern(ValueError):
    """The reason why a text is no event pattern."""


def parse(text: str) -> dict[str, Any]:
    """The pattern as an object. InvalidPattern says what is wrong with it."""
    try:
        pattern = json.loads(text)
    except ValueError as error:
        raise InvalidPattern(f"Invalid JSON: {error}") from error
    if not isinstance(pattern, dict):
        raise InvalidPattern("Filter is not an object")
    if not pattern:
        raise InvalidPattern("Empty objects are not allowed")
    _check_object(pattern)
    return pattern


def _check_object(pattern: dict[str, Any]) -> None:
    for name, wanted in pattern.items():
        if name == "$or":
            _check_alternatives(wanted)
        elif isinstance(wanted, dict):
            if not wanted:
                raise InvalidPattern("Empty objects are not allowed")
            _check_object(wanted)
        elif isinstance(wanted, list):
            if not wanted:
                raise InvalidPattern("Empty arrays are not allowed")
            for one in wanted:
                _check_match(one)
        else:
            raise InvalidPattern(f'"{name}" must be an object or an array')


def _check_alternatives(wanted: Any) -> None:
    if not isinstance(wanted, list) or len(wanted) < 2 or not all(isinstance(one, dict) and one for one in wanted):
        raise InvalidPattern('"$or" must be an array of at least two objects')
    for one in wanted:
        _check_object(one)


def _check_match(one: Any) -> None:
    if isinstance(one, list):
        raise InvalidPattern("Match value must be String, number, true, false, or null")
    if not isinstance(one, dict):
        return
    if len(one) != 1:
        raise InvalidPattern("Only one key allowed in match expression")
    [(kind, value)] = one.items()
    check = _CHECKS.get(kind)
    if check is None:
        raise InvalidPattern(f"Unrecognized match type {kind}")
    check(value)


def _check_exists(value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidPattern("exists match pattern must be either true or false.")


def _check_affix(value: Any, kind: str) -> None:
    if isinstance(value, dict):
        if list(value) != ["equals-ignore-case"]:
            raise InvalidPattern(f"Unsupported {kind} pattern: {next(iter(value), '')}")
        value = value["equals-ignore-case"]
    if not isinstance(value, str) or not value:
        raise InvalidPattern(f"{kind} match pattern must be a string that is not empty")


def _check_text(value: Any, kind: str) -> None:
    if not isinstance(value, str):
        raise InvalidPattern(f"{kind} match pattern must be a string")


def _check_wildcard(value: Any) -> None:
    _check_text(value, "wildcard")
    if "**" in value:
        raise InvalidPattern("Consecutive wildcard characters at pos " + str(value.index("**")))


def _check_cidr(value: Any) -> None:
    _check_text(value, "cidr")
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise InvalidPattern(f"Malformed CIDR: {value}") from error
    if "/" not in value:
        raise InvalidPattern(f"Malformed CIDR, one '/' required: {value}")


def _check_numeric(value: Any) -> None:
    if not isinstance(value, list) or not value:
        raise InvalidPattern("Value of numeric must be an array.")
    operators, bounds = value[::2], value[1::2]
    if any(not isinstance(operator, str) or operator not in _NUMERIC for operator in operators):
        raise InvalidPattern("Unrecognized numeric range operator: " + str(operators[0]))
    if len(operators) != len(bounds) or any(not _is_number(bound) for bound in bounds):
        raise InvalidPattern("Value of numeric operator must be numeric")
    if any(abs(bound) > _LARGEST for bound in bounds):
        raise InvalidPattern(f"Value must be between {-_LARGEST} and {_LARGEST}, inclusive")
    if len(operators) > 2 or (len(operators) == 2 and (operators[0][0], operators[1][0]) != (">", "<")):
        raise InvalidPattern("Too many elements in numeric expression")
    if len(operators) == 2 and bounds[0] >= bounds[1]:
        raise InvalidPattern("Bottom must be less than top")


def _check_anything_but(value: Any) -> None:
    if isinstance(value, dict):
        if len(value) != 1 or next(iter(value)) not in ("prefix", "suffix", "equals-ignore-case", "wildcard"):
            raise InvalidPattern(f"Unsupported anything-but pattern: {next(iter(value), '')}")
        [(kind, given)] = value.items()
        for one in given if isinstance(given, list) else [given]:
            _CHECKS[kind](one)
        return
    listed = value if isinstance(value, list) else [value]
    if not listed or any(isinstance(one, list | dict) for one in listed):
        raise InvalidPattern("Value of anything-but must be an array or single string/number value.")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "exists": _check_exists,
    "prefix": lambda value: _check_affix(value, "prefix"),
    "suffix": lambda value: _check_affix(value, "suffix"),
    "equals-ignore-case": lambda value: _check_text(value, "equals-ignore-case"),
    "wildcard": _check_wildcard,
    "cidr": _check_cidr,
    "numeric": _check_numeric,
    "anything-but": _check_anything_but,
}


def matches(pattern: dict[str, Any], event: Any) -> bool:
    """Whether an event (an object of the event) matches a pattern that was parsed before."""
    return all(_field_matches(name, wanted, event) for name, wanted in pattern.items())


def _field_matches(name: str, wanted: Any, event: Any) -> bool:
    if name == "$or":
        return any(matches(one, event) for one in wanted)
    value = event.get(name, _ABSENT) if isinstance(event, dict) else _ABSENT
    if isinstance(wanted, dict):
        parts = value if isinstance(value, list) else [value]
        return any(matches(wanted, part) for part in parts or [_ABSENT])
    leaves = list(_leaves(value))
    return any(_leaf_matches(one, leaves) for one in wanted)


def _leaves(value: Any) -> Any:
    """The values of a field: of an array, each of its values. An object is no value."""
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif value is not _ABSENT and not isinstance(value, dict):
        yield value


def _leaf_matches(one: Any, leaves: list[Any]) -> bool:
    if not isinstance(one, dict):
        return any(_same(one, leaf) for leaf in leaves)
    [(kind, wanted)] = one.items()
    if kind == "exists":
        return bool(leaves) is wanted
    return any(_TESTS[kind](wanted, leaf) for leaf in leaves)


def _same(one: Any, leaf: Any) -> bool:
    # In Python 1 == True, in JSON it is not.
    return bool(one == leaf) and isinstance(one, bool) == isinstance(leaf, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _begins(wanted: Any, leaf: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(leaf, str) and leaf.lower().startswith(wanted["equals-ignore-case"].lower())
    return isinstance(leaf, str) and leaf.startswith(wanted)


def _ends(wanted: Any, leaf: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(leaf, str) and leaf.lower().endswith(wanted["equals-ignore-case"].lower())
    return isinstance(leaf, str) and leaf.endswith(wanted)


def _is_alike(wanted: str, leaf: Any) -> bool:
    return isinstance(leaf, str) and leaf.lower() == wanted.lower()


def _fits_wildcard(wanted: str, leaf: Any) -> bool:
    return isinstance(leaf, str) and _wildcard(wanted).fullmatch(leaf) is not None


@lru_cache(maxsize=1024)
def _wildcard(wanted: str) -> re.Pattern[str]:
    parts = re.findall(r"\\[\\*]|\*|[^*\\]+|\\", wanted)
    return re.compile("".join(".*" if part == "*" else re.escape(_plain(part)) for part in parts), re.DOTALL)


def _plain(part: str) -> str:
    return part[1] if part in ("\\*", "\\\\") else part


def _is_in_network(wanted: str, leaf: Any) -> bool:
    try:
        return isinstance(leaf, str) and ipaddress.ip_address(leaf) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _is_in_range(wanted: list[Any], leaf: Any) -> bool:
    pairs = zip(wanted[::2], wanted[1::2], strict=True)
    return _is_number(leaf) and all(_NUMERIC[operator](leaf, bound) for operator, bound in pairs)


def _is_anything_but(wanted: Any, leaf: Any) -> bool:
    if isinstance(wanted, dict):
        [(kind, given)] = wanted.items()
        return not any(_TESTS[kind](one, leaf) for one in (given if isinstance(given, list) else [given]))
    return not any(_same(one, leaf) for one in (wanted if isinstance(wanted, list) else [wanted]))


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": _begins,
    "suffix": _ends,
    "equals-ignore-case": _is_alike,
    "wildcard": _fits_wildcard,
    "cidr": _is_in_network,
    "numeric": _is_in_range,
    "anything-but": _is_anything_but,
}
