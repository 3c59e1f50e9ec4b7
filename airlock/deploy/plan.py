"""Which stacks there are, where their state lies, which ones they wait for, and the run of a job over them in order."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from airlock.deploy.errors import DeploymentInterrupted
from airlock.domain.connection import Connection
from airlock.domain.errors import EstateError
from airlock.domain.roles import UPSTREAMS
from airlock.estate import Estate, load
from airlock.estate.problems import report
from airlock.estate.stack_files import StackFile, load_stack_files, problems

Result = TypeVar("Result")

# One `up` keeps a core busy; more at once would only slow each other down.
AT_ONCE = 2
# A wait without an end would sleep through a signal that the kernel gives to another thread than the main one.
_SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True, kw_only=True)
class DeployRequest:
    """Which topology, with which program.

    `estate_path` is relative to the project unless it is absolute. `pulumi_bin` is the folder that holds `pulumi`;
    without it PATH decides. `environment` is added to the engine's environment, e.g. AWS_CONFIG_FILE or PULUMI_HOME.
    `list_vaults` names the backup vaults of an account and Region; without it, a vault that a refresh does not find
    stops the run.
    """

    estate_path: Path
    project_dir: Path
    pulumi_bin: Path | None = None
    environment: Mapping[str, str] | None = None
    list_vaults: Callable[[Connection], Collection[str]] | None = None

    @property
    def project(self) -> Path:
        return self.project_dir.resolve()


@dataclass(frozen=True, kw_only=True)
class PlannedStack:
    """A stack, the organization in whose backend its state lies, and the stacks that must stand before it."""

    name: str
    role: str
    account: str
    side: str
    backend: str
    secrets_provider: str
    upstreams: tuple[str, ...]
    profile: str | None = None
    """The AWS profile by which the account is reached; None where the credentials of the environment are meant."""


def plan_stacks(request: DeployRequest) -> list[PlannedStack]:
    """The stacks of the topology in the order of deployment; every problem of their files is reported at once."""
    estate = load_estate(request)
    files = load_stack_files(request.project, request.estate_path)
    wrong = problems(estate, files)
    if wrong:
        raise EstateError(report("stacks/config", wrong))
    return order_stacks(estate, files)


def load_estate(request: DeployRequest) -> Estate:
    return load(request.project / request.estate_path)


def order_stacks(estate: Estate, files: Sequence[StackFile]) -> list[PlannedStack]:
    """The files come sorted by role; each stack waits for all stacks of the roles that its own role reads."""
    return [
        PlannedStack(
            name=file.name,
            role=file.role,
            account=file.account,
            side=estate.side_of_role(file.role),
            backend=estate.state(estate.side_of_role(file.role)).backend,
            secrets_provider=estate.state(estate.side_of_role(file.role)).secrets_provider,
            upstreams=tuple(other.name for other in files if other.role in UPSTREAMS[file.role]),
            profile=estate.account(file.account).profile,
        )
        for file in files
    ]


def in_order(
    stacks: Sequence[PlannedStack], job: Callable[[PlannedStack], Result], interrupt: Callable[[], None]
) -> list[Result]:
    """The results in the order of the stacks. After a failure nothing more is started; it is raised at the end.

    `interrupt` is called on Ctrl-C and must make the running jobs end.
    """
    results: dict[str, Result] = {}
    running: dict[Future[Result], PlannedStack] = {}
    waiting = list(stacks)
    names = {stack.name for stack in stacks}
    failure: BaseException | None = None
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        try:
            while running or (waiting and failure is None):
                for stack in _ready(waiting, names - set(results), AT_ONCE - len(running)) if failure is None else []:
                    waiting.remove(stack)
                    running[pool.submit(job, stack)] = stack
                finished, _ = wait(running, timeout=_SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
                for future in finished:
                    stack = running.pop(future)
                    error = future.exception()
                    if error is None:
                        results[stack.name] = future.result()
                    failure = failure or error
        except KeyboardInterrupt:
            interrupted = [stack.name for stack in running.values()]
            interrupt()
            raise DeploymentInterrupted(interrupted) from None
    if failure is not None:
        raise failure
    return [results[stack.name] for stack in stacks]


def _ready(waiting: Sequence[PlannedStack], unfinished: set[str], free: int) -> list[PlannedStack]:
    """The next stacks whose upstreams are done: the order of the plan decides among them."""
    return [stack for stack in waiting if not unfinished & set(stack.upstreams)][:free]
