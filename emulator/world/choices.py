"""Answers that AWS documents nowhere, where two are plausible: each is a choice, and a switch gives the other one.

So are those that AWS gives now and then, by Region, load or luck, and that a program has to live with.

A service asks `taken("mpa.duplicate-team-name")`; tests run our own programs with each option, so that none of them
rests on a guess. The first option is the default.
"""

import importlib
from dataclasses import dataclass

from emulator.world.resets import on_reset

# A service is loaded at its first call, but its choices can be asked for before. These modules offer them.
OFFERING = (
    "emulator.authorization.switch",
    "emulator.events.service_events",
    "emulator.world.suspension",
    "moto.backup.jobs.backup_jobs",
    "moto.backup.common.undocumented",
    "moto.backup.jobs.restore_jobs",
    "moto.mpa.undocumented",
    "moto.organizations_more.authorization_documents",
    "moto.organizations_more.collisions",
    "moto.organizations_more.effective_policies",
    "moto.organizations_more.limits",
    "moto.organizations_more.models",
    "moto.ram.models",
    "moto.ram.principals",
    "moto.ram.sharing",
)


@dataclass(frozen=True)
class Choice:
    """`options` are the plausible answers; `because` says what AWS leaves open."""

    name: str
    options: tuple[str, ...]
    because: str


_CHOICES: dict[str, Choice] = {}
_taken: dict[str, str] = {}


def offer(name: str, options: tuple[str, ...], because: str) -> None:
    """Declare a choice, at the import of the module that asks for it."""
    _CHOICES[name] = Choice(name, options, because)


def taken(name: str) -> str:
    """The option in force."""
    return _taken.get(name, _CHOICES[name].options[0])


def take(name: str, option: str) -> None:
    """Switch to an option. LookupError when there is no such choice, ValueError when it has no such option."""
    _load()
    choice = _CHOICES.get(name)
    if choice is None:
        raise LookupError(f"There is no choice {name!r}. There are: {', '.join(sorted(_CHOICES)) or 'none yet'}.")
    if option not in choice.options:
        raise ValueError(f"{name!r} can be {' or '.join(choice.options)}, not {option!r}.")
    _taken[name] = option


def all_choices() -> list[Choice]:
    """Every choice, by name."""
    _load()
    return [_CHOICES[name] for name in sorted(_CHOICES)]


def _load() -> None:
    for module in OFFERING:
        importlib.import_module(module)


def reset() -> None:
    """Every choice back to its default."""
    _taken.clear()


on_reset(reset)
