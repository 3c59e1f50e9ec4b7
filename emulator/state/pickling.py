"""The whole state as bytes and back: Python's pickle, taught what moto keeps that pickle cannot take as it is.

- moto's mappings with an `items` of their own (S3's versions of a key) would lose what that hides, and those with a
  constructor of their own would not be made.
- Keys of the `cryptography` library, and locks.
- Functions without a name, as in `defaultdict(lambda: ...)`: looked for only where the quick way failed.
"""

import copyreg
import io
import marshal
import pickle
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import CellType, FunctionType
from typing import Any

Reducer = Callable[[Any], Any]


def dumps(content: Any) -> bytes:
    """The content as bytes; objects that it refers to twice are one object again after `loads`."""
    table = _reducers()
    try:
        return _dump(_Quick, table, content)
    except (pickle.PicklingError, AttributeError, TypeError):
        return _dump(_Thorough, table, content)


def loads(data: bytes) -> Any:
    """What `dumps` was given. Only for bytes of our own: unpickling runs what the bytes say."""
    return pickle.loads(data)  # noqa: S301 - written by this program


def reduced_by_name(kind: type, reducer: Reducer) -> None:
    """Have objects of that type written as `reducer` says: what belongs to the process and not to its state."""
    _BY_NAME[kind] = reducer


_BY_NAME: dict[type, Reducer] = {}


def _dump(pickler: type["_Quick"], table: dict[type, Reducer], content: Any) -> bytes:
    out = io.BytesIO()
    pickler(out, table).dump(content)
    return out.getvalue()


class _Quick(pickle.Pickler):
    def __init__(self, out: io.BytesIO, table: dict[type, Reducer]) -> None:
        super().__init__(out, protocol=5)
        self.dispatch_table = table


class _Thorough(_Quick):
    """Asked about every object, which takes three times as long."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, FunctionType) and "<" in obj.__qualname__:
            cells = tuple(cell.cell_contents for cell in obj.__closure__ or ())
            return _function, (marshal.dumps(obj.__code__), obj.__module__, obj.__defaults__, cells)
        return NotImplemented


def _function(code: bytes, module: str, defaults: Any, cells: tuple[Any, ...]) -> FunctionType:
    made = marshal.loads(code)  # noqa: S302 - written by this program
    scope = vars(sys.modules[module])
    return FunctionType(made, scope, made.co_name, defaults, tuple(CellType(each) for each in cells))


def _reducers() -> dict[type, Reducer]:
    table: dict[type, Reducer] = {**copyreg.dispatch_table, **_BY_NAME}
    table[type(threading.Lock())] = lambda _: (threading.Lock, ())
    table[type(threading.RLock())] = lambda _: (threading.RLock, ())
    for kind in _descendants(dict):
        if kind not in table and kind.__module__.startswith("moto.") and _needs_care(kind):
            table[kind] = _mapping
    if "cryptography.hazmat.primitives.asymmetric" in sys.modules:
        table.update(dict.fromkeys(_private_keys(), _private_key))
    return table


def _descendants(kind: type) -> Iterator[type]:
    each: type
    for each in kind.__subclasses__():
        yield each
        yield from _descendants(each)


def _needs_care(kind: type) -> bool:
    """It hides entries, or is made with arguments that pickle does not give."""
    return issubclass(kind, defaultdict) or any(
        getattr(kind, name) is not getattr(dict, name) for name in ("items", "__iter__", "__setitem__")
    )


def _mapping(obj: Any) -> Any:
    state = (vars(obj), getattr(obj, "default_factory", None), list(dict.items(obj)))
    # As entries of its own and not as constructor arguments, since a value may refer to the mapping.
    return copyreg.__newobj__, (type(obj),), state, None, None, _fill  # type: ignore[attr-defined]


def _fill(obj: Any, state: tuple[dict[str, Any], Any, list[tuple[Any, Any]]]) -> None:
    attributes, factory, entries = state
    vars(obj).update(attributes)
    if factory is not None:
        obj.default_factory = factory
    for key, value in entries:
        dict.__setitem__(obj, key, value)


def _private_keys() -> list[type]:
    from cryptography.hazmat.bindings._rust import openssl

    return [openssl.rsa.RSAPrivateKey, openssl.ec.ECPrivateKey]


def _private_key(key: Any) -> Any:
    from cryptography.hazmat.primitives import serialization as form

    written = key.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    return _load_private_key, (written,)


def _load_private_key(written: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    # It was valid when it was written; checking it again takes as long as making one.
    return load_der_private_key(written, None, unsafe_skip_rsa_key_validation=True)
