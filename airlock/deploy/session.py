"""One request while it is carried out: the estate, its stacks, the engine, and what goes into an `up`."""

import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from airlock.deploy.engine import Engine, check_backend
from airlock.deploy.operations import Operations
from airlock.deploy.plan import DeployRequest, PlannedStack, load_estate, plan_stacks
from airlock.deploy.results import Event, Note, OnEvent
from airlock.deploy.state import State
from airlock.deploy.unchanged import (
    Digests,
    digest_of_files,
    digest_of_pins,
    digest_of_program,
    digest_of_values,
)
from airlock.domain import handover
from airlock.domain.errors import CouldNotFindOut, UsageError
from airlock.estate.stack_files import config_dir

_PACK = "policies"


class Session:
    """Opened once per command. Reading the topology and the stack files comes first: a bad one touches nothing."""

    def __init__(self, request: DeployRequest, on_event: OnEvent) -> None:
        self._request = request
        self.estate = load_estate(request)
        self.stacks = plan_stacks(request)
        self._pack = request.project / _PACK
        if not (self._pack / "PulumiPolicy.yaml").is_file():
            raise UsageError(
                f"There is no policy pack in {self._pack}, and nothing is deployed without one. Name the folder of the"
                " Airlock project with --project."
            )
        self.engine = Engine(request)
        self._on_event = _one_at_a_time(on_event)
        self.operations = Operations(self.engine, self._pack, self._on_event, self._list_vaults)
        for stack in self._one_per_backend():
            check_backend(stack, request.environment)

    def _list_vaults(self, stack: PlannedStack, region: str) -> Collection[str]:
        if self._request.list_vaults is None:
            raise CouldNotFindOut("This command was given no way to list vaults.")
        return self._request.list_vaults(self.estate.connection(stack.account, region or None))

    @property
    def handover_path(self) -> Path:
        """The file by which the recovery organization's identifiers reach the stacks of the primary one."""
        return self._request.project / handover.FILE_NAME

    @property
    def inventory_path(self) -> Path:
        """The kit's inventory."""
        return self._request.project / "build" / "kit" / "inventory.json"

    @property
    def crosses_organizations(self) -> bool:
        """Whether the recovery stack's identifiers reach the others by the handover file."""
        return self.estate.recovery_side == "recovery"

    def crosses(self, stack: PlannedStack, upstream: str) -> bool:
        """Whether an upstream of the stack lies in the other organization's backend."""
        return next(each.side for each in self.stacks if each.name == upstream) != stack.side

    def note(self, stack: PlannedStack, sentence: str) -> None:
        """Tells what was done on the way."""
        self._on_event(Note(stack=stack.name, sentence=sentence))

    def existing(self) -> dict[str, bool]:
        """Every stack that has a state, and whether it was ever deployed. One command per backend."""
        existing: dict[str, bool] = {}
        for first in self._one_per_backend():
            listed = self.operations.existing(first)
            names = [stack.name for stack in self.stacks if stack.backend == first.backend]
            existing |= {name: listed[name] for name in names if name in listed}
        return existing

    def states(self, stacks: Sequence[PlannedStack]) -> dict[str, State]:
        """The state of each of these stacks that was deployed."""
        deployed = self.existing()
        return {stack.name: self.operations.state(stack) for stack in stacks if deployed.get(stack.name)}

    def digests(self, stack: PlannedStack, states: Mapping[str, State]) -> Digests:
        """Of all that an `up` of the stack would read; `states` holds those of its upstreams."""
        return {
            "settings": digest_of_files(self._topology, self._config / f"Pulumi.{stack.name}.yaml"),
            "program": self._program,
            "pack": self._pack_digest,
            "pins": self._pins,
            "upstreams": digest_of_values(
                {name: self._contract(stack, name, states) for name in sorted(stack.upstreams)}
            ),
        }

    @cached_property
    def _program(self) -> str:
        without = {self._pack, self._config, self._topology, self.handover_path}
        return digest_of_program(self._request.project, without)

    @cached_property
    def _pack_digest(self) -> str:
        return digest_of_files(self._pack)

    @cached_property
    def _pins(self) -> str:
        return digest_of_pins(self.engine.version, self.engine.python)

    @property
    def _topology(self) -> Path:
        return self._request.project / self._request.estate_path

    @property
    def _config(self) -> Path:
        return self._request.project / config_dir(self._request.project)

    def _contract(self, stack: PlannedStack, upstream: str, states: Mapping[str, State]) -> Mapping[str, Any] | None:
        if self.crosses(stack, upstream):
            return handover.load(self.handover_path.read_text(encoding="utf-8"), self.estate.name).contracts
        return states[upstream].contract()

    def _one_per_backend(self) -> list[PlannedStack]:
        first: dict[str, PlannedStack] = {}
        for stack in self.stacks:
            first.setdefault(stack.backend, stack)
        return list(first.values())


def _one_at_a_time(on_event: OnEvent) -> OnEvent:
    """Two stacks run at once, and whoever draws the events need not think of threads."""
    lock = threading.Lock()

    def tell(event: Event) -> None:
        with lock:
            on_event(event)

    return tell
