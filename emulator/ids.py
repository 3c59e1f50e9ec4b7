"""Ids that are the same in every run that makes the same calls.

Each kind draws from its own stream, so that one more session does not change the id of the next vault.
"""

import random
import uuid as _uuid

_SEED = "airlock-emulator"
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_streams: dict[str, random.Random] = {}


def stream(kind: str) -> random.Random:
    """The random numbers of one kind of id. Not for secrets: everybody knows the seed."""
    if kind not in _streams:
        _streams[kind] = random.Random(f"{_SEED}:{kind}")  # noqa: S311 - reproducible on purpose
    return _streams[kind]


def uuid(kind: str = "uuid") -> str:
    return str(_uuid.UUID(int=stream(kind).getrandbits(128), version=4))


def hex(length: int, kind: str = "hex") -> str:
    return "".join(stream(kind).choices("0123456789abcdef", k=length))


def word(length: int, kind: str = "word") -> str:
    """Lower-case letters and digits, as in organization ids."""
    return "".join(stream(kind).choices(_LETTERS, k=length))


def code() -> str:
    """A one-time code of six digits."""
    return f"{stream('code').randrange(1_000_000):06d}"


def derived(kind: str, name: str, length: int) -> str:
    """Letters and digits that depend only on `kind` and `name`: ids of seeded things survive a changed seed file."""
    numbers = random.Random(f"{_SEED}:{kind}:{name}")  # noqa: S311 - reproducible on purpose
    return "".join(numbers.choices(_LETTERS, k=length))


def derived_uuid(kind: str, name: str) -> str:
    numbers = random.Random(f"{_SEED}:{kind}:{name}")  # noqa: S311 - reproducible on purpose
    return str(_uuid.UUID(int=numbers.getrandbits(128), version=4))


def reset() -> None:
    """Start every stream anew."""
    _streams.clear()
