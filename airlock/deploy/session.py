"""One request while it is carried out: the estate, its stacks, the engine, and what was seen of the backends."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from airlock.deploy.command import Engine, check_backend
from airlock.deploy.events import Event, OnEvent
from airlock.deploy.operations import Operations
from airlock.deploy.plan import PlannedStack, load_estate, plan_stacks
from airlock.deploy.request import DeployRequest
from airlock.deploy.state import State
from airlock.domain.errors import UsageError
from airlock.domain.handover import FILE_NAME

_PACK = "policies"


class Session:
    """Opened once per command. Reading the topology and the stack files comes first: a bad one touches nothing."""

    def __init__(self, request: DeployRequest, on_event: OnEvent) -> None:
        self.request = request
        self.estate = load_estate(request)
        self.stacks = plan_stacks(request)
        pack = request.project / _PACK
        if not (pack / "PulumiPolicy.yaml").is_file():
            raise UsageError(
                f"There is no policy pack in {pack}, and nothing is deployed without one. Name the folder of the"
                " Airlock project with --project."
            )
        self.engine = Engine(request)
        self.operations = Operations(self.engine, pack, _one_at_a_time(on_event))
        for stack in self._one_per_side():
            check_backend(stack, request.environment)

    @property
    def handover_path(self) -> Path:
        return self.request.project / FILE_NAME

    @property
    def crosses_organizations(self) -> bool:
        """Whether the recovery stack's identifiers reach the others by the handover file."""
        return self.estate.recovery_side == "recovery"

    def existing(self) -> dict[str, bool]:
        """Every stack that has a state, and whether it was ever deployed. One look per backend, one after the other."""
        found: dict[str, bool] = {}
        for stack in self._one_per_side():
            seen = self.operations.existing(stack)
            found |= {
                each.name: seen[each.name] for each in self.stacks if each.side == stack.side and each.name in seen
            }
        return found

    def stack_of(self, role: str) -> PlannedStack:
        return next(stack for stack in self.stacks if stack.role == role)

    def states(self) -> dict[str, State]:
        """The state of each stack that was deployed."""
        deployed = self.existing()
        return {stack.name: self.operations.state(stack) for stack in self.stacks if deployed.get(stack.name)}

    def _one_per_side(self) -> list[PlannedStack]:
        first: dict[str, PlannedStack] = {}
        for stack in self.stacks:
            first.setdefault(stack.side, stack)
        return list(first.values())


def _one_at_a_time(on_event: OnEvent) -> OnEvent:
    """Two stacks run at once, and whoever draws the events need not think of threads."""
    lock = threading.Lock()

    def tell(event: Event) -> None:
        with lock:
            on_event(event)

    return tell


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM ends a deployment as Ctrl-C does: the engine saves its state and frees the stack."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before: Callable[[int, FrameType | None], object] | int | None = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
