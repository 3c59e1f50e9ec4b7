"""The emulator's whole state: how it is seeded and how it goes back to its seed."""

from collections.abc import Callable
from typing import Any

from emulator.moto import install
from emulator.state import seed
from emulator.world import resets

_seeds: list[dict[str, Any]] = []
_listeners: list[Callable[[], None]] = []


def after_sowing(listener: Callable[[], None]) -> None:
    """Have `listener` called whenever accounts were seeded, such as to write the AWS configuration file anew."""
    _listeners.append(listener)


def sow(wanted: dict[str, Any]) -> dict[str, Any]:
    """Apply a seed and remember it for the next reset."""
    filled = seed.apply(wanted)
    if wanted not in _seeds:
        _seeds.append(wanted)
    tell_listeners()
    return filled


def sow_once(wanted: dict[str, Any]) -> None:
    """Apply a seed unless the state has had it already: what was removed since is not made again."""
    if wanted not in _seeds:
        sow(wanted)


def tell_listeners() -> None:
    """Accounts came or went."""
    for listener in _listeners:
        listener()


def reset(*, keep_seeds: bool = True) -> None:
    """Back to the seed, clock included; without `keep_seeds` back to nothing at all."""
    seeds = list(_seeds) if keep_seeds else []
    clear()
    for wanted in seeds:
        sow(wanted)


def clear() -> None:
    """Forget everything, the seeds too."""
    install.forget_everything()
    resets.run()
    _seeds.clear()
