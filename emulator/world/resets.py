"""The way back to an empty world: a module with state outside moto's backends says how that is forgotten."""

from collections.abc import Callable

_cleaners: list[Callable[[], object]] = []


def on_reset(clean: Callable[[], object]) -> None:
    """Have `clean` called whenever everything is forgotten."""
    _cleaners.append(clean)


def run() -> None:
    """Have every module forget its state."""
    for clean in _cleaners:
        clean()
