"""Which stacks there are, where their state lies and which ones they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass

from airlock.deploy.request import DeployRequest
from airlock.domain.errors import EstateError
from airlock.domain.roles import UPSTREAMS
from airlock.estate import Estate, load
from airlock.estate.problems import report
from airlock.estate.stack_files import StackFile, load_stack_files, problems


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


def plan_stacks(request: DeployRequest) -> list[PlannedStack]:
    """The stacks of the topology in the order of deployment; every problem of their files is reported at once."""
    estate = load_estate(request)
    files = load_stack_files(request.project, request.estate_path)
    found = problems(estate, files)
    if found:
        raise EstateError(report("stacks/config", found))
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
        )
        for file in files
    ]
