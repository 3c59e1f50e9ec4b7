"""The condition operators of policy documents.

A condition compares the values that the request has for a key with the values of the document. Several values in the
document mean one of them; for a negated operator none of them. A key that the request has not makes a condition false,
a negated one true. `...IfExists`, `ForAllValues:`, `ForAnyValue:` and `Null` change that as documented.
"""

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from emulator.authorization import patterns
from emulator.authorization.documents import Condition
from emulator.authorization.patterns import Get

Test = Callable[[str, str], bool]


def hold(conditions: tuple[Condition, ...], get: Get, *, has_variables: bool = True) -> bool:
    """Whether all conditions of a statement hold. `get` gives the request's values for a key in small letters."""
    return all(_holds(condition, get, has_variables) for condition in conditions)


def _holds(condition: Condition, get: Get, has_variables: bool) -> bool:
    prefix, _, name = condition.operator.rpartition(":")
    values = get(condition.key) or ()
    if name == "Null":
        return (not values) == (condition.values[:1] == ("true",))
    plain = name.removesuffix("IfExists")
    if plain not in _OPERATORS:
        return False
    if not values and plain != name:
        return True
    test, negated = _OPERATORS[plain]
    wanted = [_expanded(value, get, plain) if has_variables else value for value in condition.values]
    if None in wanted and not negated:
        wanted = [value for value in wanted if value is not None]
    found = [any(value is not None and test(each, value) for value in wanted) is not negated for each in values]
    return _combined(prefix, found, negated)


def _combined(prefix: str, found: list[bool], negated: bool) -> bool:
    """`found` says for each value of the request whether it satisfies the operator."""
    if prefix == "ForAllValues":
        return all(found)
    if prefix == "ForAnyValue":
        return any(found)
    # Without a set operator a negated one must hold for every value of the request, as it does for a single one.
    return all(found) if negated else any(found)


def _expanded(value: str, get: Get, operator: str) -> str | None:
    expanded = patterns.expand(value, get)
    has_wildcards = operator.endswith("Like") or operator.startswith("Arn")
    return expanded if expanded is None or has_wildcards else patterns.plain(expanded)


def _same(value: str, wanted: str) -> bool:
    return value == wanted


def _same_but_for_case(value: str, wanted: str) -> bool:
    return value.lower() == wanted.lower()


def _number(value: str, wanted: str, compare: Callable[[float, float], bool]) -> bool:
    try:
        return compare(float(value), float(wanted))
    except ValueError:
        return False


def _date(value: str, wanted: str, compare: Callable[[float, float], bool]) -> bool:
    try:
        return compare(_seconds(value), _seconds(wanted))
    except ValueError:
        return False


def _seconds(text: str) -> float:
    """ISO 8601 or seconds since 1970."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(value: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _equal(one: float, other: float) -> bool:
    return one == other


def _less(one: float, other: float) -> bool:
    return one < other


def _less_or_equal(one: float, other: float) -> bool:
    return one <= other


def _greater(one: float, other: float) -> bool:
    return one > other


def _greater_or_equal(one: float, other: float) -> bool:
    return one >= other


_ORDER = {
    "Equals": (_equal, False),
    "NotEquals": (_equal, True),
    "LessThan": (_less, False),
    "LessThanEquals": (_less_or_equal, False),
    "GreaterThan": (_greater, False),
    "GreaterThanEquals": (_greater_or_equal, False),
}

# The test of one value against one value of the document, and whether the operator negates it.
_OPERATORS: dict[str, tuple[Test, bool]] = {
    "StringEquals": (_same, False),
    "StringNotEquals": (_same, True),
    "StringEqualsIgnoreCase": (_same_but_for_case, False),
    "StringNotEqualsIgnoreCase": (_same_but_for_case, True),
    "StringLike": (patterns.like, False),
    "StringNotLike": (patterns.like, True),
    "ArnEquals": (patterns.arn_like, False),
    "ArnNotEquals": (patterns.arn_like, True),
    "ArnLike": (patterns.arn_like, False),
    "ArnNotLike": (patterns.arn_like, True),
    "Bool": (_same_but_for_case, False),
    "BinaryEquals": (_same, False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
    **{f"Numeric{name}": (partial(_number, compare=test), negated) for name, (test, negated) in _ORDER.items()},
    **{f"Date{name}": (partial(_date, compare=test), negated) for name, (test, negated) in _ORDER.items()},
}
