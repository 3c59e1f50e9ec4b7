"""What the state of the emulator is: every variable that a call can change, in one list.

A module that keeps state joins with one line in `VARIABLES`; tests/emulator/test_state_list.py finds the one that
forgot. The backends of moto, ours among them, are found by themselves.
"""

import importlib
import sys
from collections import deque
from functools import partial
from random import Random
from typing import Any

from emulator.moto import install
from emulator.state import pickling

# Module and its variables. `moto.<service>` are our own services, as moto loads them.
VARIABLES: dict[str, tuple[str, ...]] = {
    "emulator.authorization.switch": ("_state",),
    "emulator.control.ledger": ("_calls",),
    "emulator.events.cloudtrail.delivery": ("_logging",),
    "emulator.events.cloudtrail.history": ("journal",),
    "emulator.events.undelivered": ("_undelivered",),
    "emulator.state.life": ("_seeds",),
    "emulator.world.access_keys": ("_sessions", "_user_accounts"),
    "emulator.world.agenda": ("_events", "_numbers"),
    "emulator.world.choices": ("_taken",),
    "emulator.world.identity_store": ("_centers", "_disabled"),
    "emulator.world.ids": ("_streams", "_life"),
    "emulator.world.mail": ("_mails",),
    "emulator.world.organizations": ("_accounts",),
    "moto.backup.plans.organization_plans": ("_next_tick", "_seen"),
    "moto.moto_api._internal": ("mock_random",),
}

# What modules hold besides, and why it is no state: filled when modules are imported or the process starts.
NOT_STATE: dict[str, str] = {
    "emulator.world.agenda._handlers": "functions, registered at import",
    "emulator.authorization._current": "of the call that is being answered",
    "emulator.moto.bucket_losses._listeners": "functions, registered at import",
    "emulator.world.caller._current": "of the call that is being answered",
    "emulator.world.clock._clock": "kept as a moment",
    "emulator.events.service_events._listeners": "functions, registered at import",
    "emulator.control.faults._faults": "what tests order; a snapshot is of the world, not of them",
    "emulator.state.life._listeners": "functions, registered at start",
    "emulator.world.pace._chosen": "an option of the process",
    "emulator.http.answer_check._on": "an option of the process",
    "emulator.state.snapshots._restored": "functions, registered at start",
    "emulator.state.snapshots._snapshots": "outlive what they hold",
    "emulator.state.snapshots._taken": "functions, registered at start",
    "emulator.events.cloudtrail.history._watchers": "functions, registered at import",
    "emulator.world.resets._cleaners": "functions, registered at import",
    "emulator.world.organizations._departures": "functions, registered at import",
    "emulator.world.organizations._disabled_services": "functions, registered at import",
    "moto.backup.jobs.progress._finishers": "functions, registered at import",
    "moto.backup.jobs.progress._starters": "functions, registered at import",
    "moto.mpa.voting._executors": "functions, registered at import",
}

_ATTRIBUTES_OF_EVERY = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}


def collect() -> bytes:
    """Everything, as bytes. To be called under the front door's lock."""
    loaded = {module: names for module, names in VARIABLES.items() if module in sys.modules}
    _name_backends()
    return pickling.dumps(
        {
            "variables": {
                module: {name: getattr(sys.modules[module], name) for name in names} for module, names in loaded.items()
            },
            "backends": {_place(found): _content(found) for found in _backends_in_use()},
        }
    )


def replace(written: bytes) -> None:
    """Put a collected state in the place of the present one, which was reset just before."""
    _name_backends()
    content = pickling.loads(written)
    for (module, name), (accounts, more) in content["backends"].items():
        backends = getattr(importlib.import_module(module), name)
        vars(backends).update(more)
        for account, regions in accounts.items():
            for region, backend in regions.items():
                dict.__setitem__(backends[account], region, backend)
    for module, variables in content["variables"].items():
        for name, value in variables.items():
            _put(importlib.import_module(module), name, value)


def _put(module: Any, name: str, value: Any) -> None:
    """Into the object that is there, where other modules may hold it too."""
    present = getattr(module, name)
    match present:
        case dict() | set():
            present.clear()
            present.update(value)
        case list() | deque():
            present.clear()
            present.extend(value)
        case Random():
            present.setstate(value.getstate())
        case None | str() | int() | float() | tuple():
            setattr(module, name, value)
        case _ if type(present) is type(value) and type(present).__module__.startswith(("emulator.", "moto.")):
            vars(present).clear()
            vars(present).update(vars(value))
        case _:
            setattr(module, name, value)


def _backends_in_use() -> list[Any]:
    from moto.core import base_backend

    everywhere: Any = base_backend.BackendDict
    return list(everywhere._instances)  # noqa: SLF001 - moto lists them nowhere else


def _content(backends: Any) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """By account and Region; and what a service keeps beside, such as which account owns a bucket."""
    accounts = {account: dict(regions.items()) for account, regions in backends.items()}
    return accounts, {name: value for name, value in vars(backends).items() if name not in _ATTRIBUTES_OF_EVERY}


def _place(backends: Any) -> tuple[str, str]:
    """The module and the name under which a service's backends are found in any process."""
    homes = [name for name in sys.modules if name.startswith("moto.") and name.endswith(".models")]
    # A backend of ours may stand in the place of moto's, in moto's module.
    for module in (backends.backend.__module__, *homes):
        for name, value in vars(sys.modules[module]).items():
            if value is backends:
                return module, name
    raise LookupError(f"The backends of {backends.service_name!r} are in no variable of a module of models.")


def _name_backends() -> None:
    """An object that holds backends of another service holds their name in a collected state."""
    from moto.core.base_backend import AccountSpecificBackend, BackendDict

    install.install()
    kinds: list[type] = [BackendDict, *BackendDict.__subclasses__()]
    places = {}
    for found in _backends_in_use():
        for account, regions in found.items():
            places[id(regions)] = (*_place(found), account)
            for backend in regions.values():
                pickling.reduced_by_name(type(backend), partial(_bare_and_filling, _place(found)))
    for kind in kinds:
        pickling.reduced_by_name(kind, lambda found: (_find, _place(found)))
    pickling.reduced_by_name(AccountSpecificBackend, lambda regions: (_find, places[id(regions)]))


def _bare_and_filling(place: tuple[str, str], backend: Any) -> Any:
    """Its class by its place: where moto's class is extended, the name of the class still means the one of moto."""
    return _bare, place, vars(backend)


def _bare(module: str, name: str) -> Any:
    kind = getattr(importlib.import_module(module), name).backend
    return kind.__new__(kind)


def _find(module: str, name: str, *account: str) -> Any:
    found = getattr(importlib.import_module(module), name)
    return found[account[0]] if account else found
