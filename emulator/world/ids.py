"""Ids that are the same in every run that makes the same calls.

Each kind draws from its own stream, so that one more session does not change the id of the next vault. `--id-seed`
chooses other ids. What opens something (keys and tokens of sessions) is new in every process and after every reset,
lest a program that kept one finds it open again; with `--id-seed` it too is the same in every run.
"""

import os
import random
import uuid as _uuid
from dataclasses import dataclass

from emulator.world.resets import on_reset

_SEED = "airlock-emulator"
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_streams: dict[str, random.Random] = {}
_noise = os.urandom


@dataclass
class _Life:
    """`secret` is what keys and tokens are made of in this process, `number` counts its resets."""

    seed: str
    secret: str
    number: int = 0


_life = _Life(_SEED, _noise(16).hex())


def choose_seed(number: int) -> None:
    """Other ids than those of every other emulator, and keys and tokens that are the same in every run."""
    _life.seed = f"{_SEED}:{number}"
    _life.secret = _life.seed
    _streams.clear()


def seed() -> str:
    """What every random choice starts from."""
    return _life.seed


def stream(kind: str) -> random.Random:
    """The random numbers of one kind of id. Not for secrets: everybody knows the seed."""
    if kind not in _streams:
        _streams[kind] = random.Random(f"{_life.seed}:{kind}")  # noqa: S311 - reproducible on purpose
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


def secret(length: int, letters: str) -> str:
    """A key or token of so many of these letters."""
    kind = "secret"
    if kind not in _streams:
        _streams[kind] = random.Random(f"{_life.secret}:{_life.number}")  # noqa: S311 - an emulator guards nothing
    return "".join(_streams[kind].choices(letters, k=length))


def noise(length: int) -> bytes:
    """Random bytes for what moto takes from the operating system: key material, ids of uploads."""
    return stream("noise").randbytes(length)


def derived(kind: str, name: str, length: int) -> str:
    """Letters and digits that depend only on `kind` and `name`: ids of seeded things survive a changed seed file."""
    numbers = random.Random(f"{_life.seed}:{kind}:{name}")  # noqa: S311 - reproducible on purpose
    return "".join(numbers.choices(_LETTERS, k=length))


def derived_uuid(kind: str, name: str) -> str:
    numbers = random.Random(f"{_life.seed}:{kind}:{name}")  # noqa: S311 - reproducible on purpose
    return str(_uuid.UUID(int=numbers.getrandbits(128), version=4))


def reset() -> None:
    """Start every stream anew, and the one of keys and tokens elsewhere."""
    _streams.clear()
    _life.number += 1


def renew_secrets() -> None:
    """After a step back in time: no key or token may come a second time, for somebody else."""
    _streams.pop("secret", None)
    _life.number += 1
    if _life.secret != _life.seed:
        _life.secret = _noise(16).hex()


on_reset(reset)
