"""What a stack knows about itself: five keys of its own, and the topology."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pydantic import BaseModel, ConfigDict, ValidationError

from airlock.domain.connection import Connection
from airlock.domain.errors import AirlockError
from airlock.estate import Estate
from airlock.estate import load as load_estate
from airlock.estate.models import Account
from airlock.estate.stack_files import DEFAULT_ESTATE, StackFile, problems

PROJECT_DIR = Path(__file__).resolve().parents[1]
_KEYS = ("role", "account", "data_class", "region", "estate")


class StackKeys(BaseModel):
    """The keys of a stack file under `airlock:`. Everything else stands in the topology."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: str
    account: str
    data_class: str = ""
    region: str = ""
    estate: str = DEFAULT_ESTATE


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One stack's part in the estate."""

    stack: str
    role: str
    account_key: str
    data_class: str
    region: str
    estate: Estate
    estate_file: str
    project_dir: Path = PROJECT_DIR

    @property
    def account(self) -> Account:
        """The account that this stack deploys into."""
        return self.estate.account(self.account_key)

    def connection(self, region: str | None = None) -> Connection:
        """How the dynamic resources of this stack reach its account."""
        return self.estate.connection(self.account_key, region or self.region)


def load(project_dir: Path = PROJECT_DIR) -> Settings:
    """Settings of the running stack. What is wrong ends the run with one readable report, before any resource."""
    with readable():
        keys = _keys()
        estate = load_estate(project_dir / keys.estate)
        _agree(estate, keys)
        return Settings(
            stack=pulumi.get_stack(),
            role=keys.role,
            account_key=keys.account,
            data_class=keys.data_class,
            region=keys.region or estate.region,
            estate=estate,
            estate_file=keys.estate,
            project_dir=project_dir,
        )


@contextmanager
def readable() -> Iterator[None]:
    """Ends the run without a traceback: what Airlock raises on purpose is already a sentence for a person."""
    try:
        yield
    except AirlockError as problem:
        raise pulumi.RunError(str(problem)) from problem


def _keys() -> StackKeys:
    config = pulumi.Config("airlock")
    values = {key: value for key in _KEYS if (value := config.get(key))}
    try:
        return StackKeys(**values)
    except ValidationError as problem:
        missing = " and ".join(f"`airlock:{error['loc'][0]}`" for error in problem.errors())
        stack = pulumi.get_stack()
        message = (
            f"Stack `{stack}` does not say which part it plays: {missing} is not set. "
            f"Set it in Pulumi.{stack}.yaml, or run `pulumi config set airlock:role ROLE --stack {stack}`."
        )
        raise pulumi.RunError(message) from problem


def _agree(estate: Estate, keys: StackKeys) -> None:
    """Refuses a stack that the topology does not know: it would deploy into an account that is not meant."""
    stack = StackFile(name=pulumi.get_stack(), **keys.model_dump())
    file = f"Pulumi.{stack.name}.yaml"
    refused = [problem for problem in problems(estate, [stack]) if problem.key == file]
    if refused:
        lines = "\n".join(problem.lines() for problem in refused)
        message = f"Stack `{stack.name}` does not fit the estate `{estate.name}`. Nothing was touched.\n{lines}"
        raise pulumi.RunError(message)
