"""The condition operators, row by row: the request's values, the document's, and whether the condition holds."""

import fnmatch
import operator
import string
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.authorization import conditions, documents, patterns

YES, NO = True, False
ABSENT: tuple[str, ...] = ()

# operator, the request's values, the document's value or values, whether it holds
ROWS: tuple[tuple[str, tuple[str, ...], object, bool], ...] = (
    ("StringEquals", ("a",), "a", YES),
    ("StringEquals", ("a",), "A", NO),
    ("StringEquals", ("a",), ["b", "a"], YES),
    ("StringEquals", ("a*",), "a*", YES),
    ("StringEquals", ("ab",), "a*", NO),
    ("StringEquals", ABSENT, "a", NO),
    ("StringNotEquals", ("a",), "b", YES),
    ("StringNotEquals", ("a",), ["b", "a"], NO),
    ("StringNotEquals", ABSENT, "a", YES),
    ("StringEqualsIgnoreCase", ("Ada",), "aDA", YES),
    ("StringNotEqualsIgnoreCase", ("Ada",), "aDA", NO),
    ("StringLike", ("reports/2026",), "reports/*", YES),
    ("StringLike", ("reports/2026",), "reports/????", YES),
    ("StringLike", ("reports/2026",), "reports/???", NO),
    ("StringLike", ("[a]",), "[a]", YES),
    ("StringNotLike", ("reports/2026",), "reports/*", NO),
    ("StringNotLike", ABSENT, "*", YES),
    ("StringEqualsIfExists", ABSENT, "a", YES),
    ("StringEqualsIfExists", ("b",), "a", NO),
    ("StringNotEqualsIfExists", ABSENT, "a", YES),
    ("NumericEquals", ("7",), 7, YES),
    ("NumericEquals", ("7",), "7.0", YES),
    ("NumericNotEquals", ("7",), 8, YES),
    ("NumericLessThan", ("7",), 7, NO),
    ("NumericLessThanEquals", ("7",), 7, YES),
    ("NumericGreaterThan", ("10",), 9, YES),
    ("NumericGreaterThanEquals", ("9",), 10, NO),
    ("NumericLessThan", ("9",), "10", YES),
    ("NumericLessThan", ABSENT, 10, NO),
    ("NumericLessThanIfExists", ABSENT, 10, YES),
    ("NumericEquals", ("many",), 7, NO),
    ("DateLessThan", ("2026-11-22T10:00:00Z",), "2026-11-22T10:00:01Z", YES),
    ("DateGreaterThan", ("2026-11-22T10:00:00Z",), "2026-11-22T11:00:00+02:00", YES),
    ("DateEquals", ("1763805600",), "2025-11-22T10:00:00Z", YES),
    ("DateLessThanEquals", ("2026-11-22T10:00:00Z",), "2026-11-22", NO),
    ("DateGreaterThanEquals", ("soon",), "2026-11-22", NO),
    ("Bool", ("true",), "true", YES),
    ("Bool", ("true",), True, YES),
    ("Bool", ("true",), "false", NO),
    ("Bool", ABSENT, "false", NO),
    ("BoolIfExists", ABSENT, "false", YES),
    ("BinaryEquals", ("QmluYXJ5",), "QmluYXJ5", YES),
    ("IpAddress", ("203.0.113.7",), "203.0.113.0/24", YES),
    ("IpAddress", ("203.0.114.7",), "203.0.113.0/24", NO),
    ("IpAddress", ("203.0.113.7",), "203.0.113.7", YES),
    ("IpAddress", ("2001:db8::1",), "2001:db8::/32", YES),
    ("IpAddress", ("203.0.113.7",), "2001:db8::/32", NO),
    ("NotIpAddress", ("203.0.113.7",), ["198.51.100.0/24", "203.0.113.0/24"], NO),
    ("NotIpAddress", ABSENT, "203.0.113.0/24", YES),
    ("ArnEquals", ("arn:aws:iam::1:role/a",), "arn:aws:iam::1:role/a", YES),
    ("ArnEquals", ("arn:aws:iam::1:role/a",), "arn:aws:iam::*:role/*", YES),
    ("ArnLike", ("arn:aws:iam::1:role/x/y",), "arn:aws:iam::?:role/*", YES),
    ("ArnLike", ("arn:aws:iam::1:role/a",), "arn:aws:*:role/a", NO),
    ("ArnLike", ("arn:aws:backup:r:1:backup-vault:v",), "arn:aws:backup:*:*:backup-vault:*", YES),
    ("ArnLike", ("no arn",), "arn:aws:iam::*:role/*", NO),
    ("ArnNotLike", ("arn:aws:iam::1:role/a",), ["arn:aws:iam::1:role/b", "arn:aws:iam::2:role/*"], YES),
    ("ArnNotEquals", ("arn:aws:iam::1:role/a",), ["arn:aws:iam::1:role/*"], NO),
    ("ArnNotLike", ABSENT, "arn:aws:iam::1:role/a", YES),
    ("Null", ABSENT, "true", YES),
    ("Null", ("a",), "true", NO),
    ("Null", ("a",), False, YES),
    ("Null", ABSENT, "false", NO),
    ("ForAllValues:StringEquals", ("a", "b"), ["a", "b", "c"], YES),
    ("ForAllValues:StringEquals", ("a", "d"), ["a", "b", "c"], NO),
    ("ForAllValues:StringEquals", ABSENT, "a", YES),
    ("ForAllValues:StringNotEquals", ("a", "d"), ["b", "c"], YES),
    ("ForAllValues:StringNotEquals", ("a", "b"), ["b", "c"], NO),
    ("ForAnyValue:StringEquals", ("a", "d"), ["d", "e"], YES),
    ("ForAnyValue:StringEquals", ("a",), ["d", "e"], NO),
    ("ForAnyValue:StringEquals", ABSENT, "a", NO),
    ("ForAnyValue:StringLike", ("o-1/r-1/ou-1/",), "o-1/r-1/*", YES),
    ("ForAnyValue:StringNotEquals", ("a", "b"), ["a"], YES),
    ("ForAnyValue:StringNotEquals", ABSENT, ["a"], NO),
    ("ForAllValues:ArnLike", ("arn:aws:iam::1:role/a",), "arn:aws:iam::1:role/*", YES),
    ("StringNotEquals", ("a", "b"), ["b"], NO),
    ("StringEquals", ("a", "b"), ["b"], YES),
    ("SoundsLike", ("a",), "a", NO),
    ("NullIfExists", ABSENT, "true", NO),
)


def holds(name: str, values: tuple[str, ...], wanted: object) -> bool:
    written = documents.conditions({name: {"aws:Key": wanted}})
    return conditions.hold(written, {"aws:key": values}.get)


@pytest.mark.parametrize(("name", "values", "wanted", "expected"), ROWS)
def test_what_an_operator_says(name: str, values: tuple[str, ...], wanted: object, expected: bool) -> None:
    assert holds(name, values, wanted) is expected


def test_several_operators_and_keys_must_all_hold() -> None:
    written = documents.conditions({"StringEquals": {"a:One": "1", "a:Two": "2"}, "Bool": {"a:Three": "true"}})
    facts = {"a:one": ("1",), "a:two": ("2",), "a:three": ("true",)}
    assert conditions.hold(written, facts.get)
    for key in facts:
        assert not conditions.hold(written, {**facts, key: ("wrong",)}.get), key


def test_key_names_are_not_case_sensitive() -> None:
    assert conditions.hold(documents.conditions({"StringEquals": {"AWS:UserName": "a"}}), {"aws:username": ("a",)}.get)


def test_a_variable_in_a_value_is_the_request_s_own_value() -> None:
    written = documents.conditions({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}})
    same = {"aws:resourceaccount": ("1",), "aws:principalaccount": ("1",)}
    assert conditions.hold(written, same.get)
    assert not conditions.hold(written, {**same, "aws:principalaccount": ("2",)}.get)
    assert not conditions.hold(written, {"aws:resourceaccount": ("1",)}.get), "a variable without a value matched"
    assert not conditions.hold(written, same.get, has_variables=False), "the older version has no variables"


def test_a_negated_operator_with_a_variable_without_a_value_holds() -> None:
    written = documents.conditions({"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}})
    assert conditions.hold(written, {"aws:resourceaccount": ("1",)}.get)


# The same questions to other implementations: Python's own wildcards, numbers and dates.

LETTERS = st.text(alphabet="ab*?", max_size=6)


@given(LETTERS, LETTERS)
def test_wildcards_agree_with_those_of_python(value: str, pattern: str) -> None:
    assert patterns.like(value, pattern) is fnmatch.fnmatchcase(value, pattern)


@given(st.text(alphabet=string.printable, max_size=20))
def test_every_text_is_like_itself_once_its_wildcards_are_text(value: str) -> None:
    expanded = patterns.expand("${key}", {"key": (value,)}.get)
    assert expanded is not None
    assert patterns.like(value, expanded)
    assert patterns.plain(expanded) == value


COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "Equals": operator.eq,
    "NotEquals": operator.ne,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


@given(st.sampled_from(sorted(COMPARISONS)), st.integers(-3, 3), st.integers(-3, 3))
def test_numbers_are_compared_as_python_compares_them(name: str, one: int, other: int) -> None:
    assert holds(f"Numeric{name}", (str(one),), other) is COMPARISONS[name](one, other)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(st.sampled_from(sorted(COMPARISONS)), MOMENTS, MOMENTS)
def test_moments_are_compared_as_python_compares_them(name: str, one: datetime, other: datetime) -> None:
    assert holds(f"Date{name}", (one.isoformat(),), other.isoformat()) is COMPARISONS[name](
        one.timestamp(), other.timestamp()
    )


VALUES = st.lists(st.sampled_from("abc"), max_size=4).map(tuple)
WANTED = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)


@settings(max_examples=200)
@given(VALUES, WANTED)
def test_set_operators_agree_with_sets(values: tuple[str, ...], wanted: list[str]) -> None:
    assert holds("ForAllValues:StringEquals", values, wanted) is (set(values) <= set(wanted))
    assert holds("ForAnyValue:StringEquals", values, wanted) is bool(set(values) & set(wanted))
    assert holds("ForAllValues:StringNotEquals", values, wanted) is set(values).isdisjoint(wanted)
    assert holds("ForAnyValue:StringNotEquals", values, wanted) is bool(set(values) - set(wanted))
