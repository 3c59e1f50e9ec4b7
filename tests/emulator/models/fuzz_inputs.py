"""Inputs from the service models: mostly the right shape with values from the world, sometimes anything."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

_TEXTS = (
    "",
    "x",
    "orders",
    "*",
    "null",
    "../..",
    "arn:aws:backup:::",
    "arn:aws:iam::111111111111:role/none",
    "名前",
    "a\u0000b",
    "\ud7ff",
    "é" * 300,
    "x" * 5000,
    "2026-13-45",
    "${jndi}",
    "'; DROP",
    "<a>&amp;",
    "{}",
    "[]",
    '{"Version":"2012-10-17","Statement":[]}',
    '{"Statement": 5}',
    "-1",
    "0",
    "999999999999999999999",
    "true",
)
_NUMBERS = (0, 1, -1, 2, 7, 30, 1000, 2**31, 2**63, -(2**63), 10**25)
_TIMES = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
_ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.sampled_from(_NUMBERS), st.sampled_from(_TEXTS), st.just([]), st.just({}),
    st.just([{}]), st.just({"x": [1]}), st.just(1.5),
)  # fmt: skip


class Inputs:
    """Strategies for the operations of a service; `pool` is what exists, by the end of a member's name."""

    def __init__(self, model: Any, pool: Mapping[str, tuple[str, ...]]) -> None:
        self._model = model
        self._pool = pool
        self._known = tuple(dict.fromkeys(value for values in pool.values() for value in values))

    def parameters(self, operation: str) -> st.SearchStrategy[dict[str, Any]]:
        """The input of an operation; in every fourth one member is anything at all."""
        shape = self._model.operation_model(operation).input_shape
        if shape is None or not shape.members:
            return st.just({})
        right = self._structure(shape, 0)
        return st.one_of(
            right, right, right, st.builds(_broken, right, st.sampled_from(sorted(shape.members)), _ANYTHING)
        )

    def _structure(self, shape: Any, depth: int) -> st.SearchStrategy[dict[str, Any]]:
        required = {name: self._of(shape.members[name], name, depth + 1) for name in shape.required_members}
        others = [name for name in shape.members if name not in required] if depth < 4 else []
        optional = {name: self._of(shape.members[name], name, depth + 1) for name in others}
        return _few(required, optional) if optional else st.fixed_dictionaries(required)

    def _of(self, shape: Any, name: str, depth: int) -> st.SearchStrategy[Any]:
        kind = shape.type_name
        if depth > 6:
            return st.just({} if kind in ("structure", "map") else [] if kind == "list" else "x")
        if kind == "structure":
            return st.deferred(lambda: self._structure(shape, depth))
        if kind == "list":
            return st.lists(st.deferred(lambda: self._of(shape.member, name, depth + 1)), max_size=2)
        if kind == "map":
            keys, values = self._of(shape.key, name, depth + 1), self._of(shape.value, name, depth + 1)
            return st.dictionaries(keys, values, max_size=2)
        if kind == "string":
            return self._text(shape, name)
        if kind in ("integer", "long", "float", "double"):
            limits = [int(shape.metadata[end]) for end in ("min", "max") if end in shape.metadata]
            return st.one_of(st.sampled_from((*limits, 1)), st.sampled_from((*limits, *_NUMBERS)))
        if kind == "boolean":
            return st.booleans()
        if kind == "timestamp":
            return st.sampled_from(_TIMES)
        return st.sampled_from((b"", b"x", b"\x00\xff" * 10))

    def _text(self, shape: Any, name: str) -> st.SearchStrategy[str]:
        if shape.metadata.get("enum"):
            return st.sampled_from((*shape.metadata["enum"], "ODD"))
        fitting = next((values for end, values in self._pool.items() if name.lower().endswith(end)), ())
        if not fitting:
            return st.sampled_from((*self._known, *_TEXTS))
        return st.one_of(st.sampled_from(fitting), st.sampled_from(fitting), st.sampled_from((*self._known, *_TEXTS)))


def _few(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The required members and at most three others."""
    chosen = st.lists(st.sampled_from(sorted(optional)), max_size=3, unique=True)
    extra = chosen.flatmap(lambda names: st.fixed_dictionaries({name: optional[name] for name in names}))
    return st.builds(lambda first, second: {**first, **second}, st.fixed_dictionaries(required), extra)


def _broken(right: dict[str, Any], member: str, value: Any) -> dict[str, Any]:
    """The same with one member replaced, or (by None) left out."""
    rest = {name: one for name, one in right.items() if name != member}
    return rest if value is None else {**rest, member: value}


_DEEP = (b"[" * 3000, b'{"x":' * 900 + b"1" + b"}" * 900)
_BROKEN = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"5",
    b'"x"',
    b"{}",
    b"\xff\xfe",
    b'{"a":',
    b"<a>",
    b"<a/>",
    b"a=b&&=&c",
    b"x" * 70000,
)
BODIES: st.SearchStrategy[bytes] = st.one_of(st.binary(max_size=40), st.sampled_from((*_BROKEN, *_DEEP)))
CONTENT_TYPES = (
    "",
    "text/html",
    "application/json",
    "application/x-amz-json-1.1",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "\x01",
    "application/xml; charset=nonsense",
)
