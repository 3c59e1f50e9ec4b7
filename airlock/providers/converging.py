"""What all our providers share: look at the live object, ask the table what to do, do it, write down what is there.

A subclass is one table of README.md. It says how to `look`, which `step` the table asks for, how to `act` on it and
which `outputs` describe the result. Nothing is kept on `self`: instances are pickled into the state.
"""

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final, Generic, Literal, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from airlock.domain.connection import Connection
from airlock.domain.errors import AirlockError, CouldNotFindOut, OneWayDoor
from airlock.providers.properties import Props, differs, is_known, plain

Live = TypeVar("Live")
StepT = TypeVar("StepT", bound=Enum)


class Replacement(Enum):
    """The step that the engine takes, in every table: a new object instead of one that is gone."""

    REPLACE = "replace"


REPLACE: Final = Replacement.REPLACE

# The note that a refresh leaves among the inputs of an object that vanished.
_GONE = "gone"


@dataclass(frozen=True)
class Run:
    """One call of the engine: the object's id, the inputs that the program describes it by, and the prior outputs.

    `prior` holds the outputs of an earlier run; in a create, what was remembered while making the object.
    """

    id: str
    inputs: Props
    prior: Props

    @property
    def connection(self) -> Connection:
        return connection_of(self.inputs)


class Converging(ResourceProvider, ABC, Generic[Live, StepT]):
    """A resource that converges by being deployed again."""

    # The stored reference is a module and a class name. It is no secret, and a readable state is worth more.
    serialize_as_secret_always = False

    # Inputs that can never change, with the reason and the way out.
    one_way_doors: ClassVar[dict[str, str]] = {}
    # AWS gives the new object the id of the old one, so the old one has to be forgotten first.
    same_id_again: ClassVar[bool] = False

    # The table

    def problems(self, known: Props) -> list[tuple[str, str]]:  # noqa: ARG002  # for those where nothing can be wrong
        """(property, reason) for every input that is wrong before a run. Inputs that are still unknown are left out."""
        return []

    @abstractmethod
    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        """The id, and what is to be remembered. Finds the object of an interrupted run first; makes one if it must."""

    @abstractmethod
    def look(self, run: Run) -> Live | None:
        """The live object, or None if it is gone. No write call."""

    @abstractmethod
    def step(self, run: Run, live: Live | None) -> StepT | Literal[Replacement.REPLACE] | None:
        """What the table asks for now; None for nothing."""

    def refusal(self, run: Run, live: Live | None) -> str:  # noqa: ARG002  # for those where absence is harmless
        """Why no run may go on, because something vanished that nobody here asked to remove; "" if nothing did."""
        return ""

    @abstractmethod
    def act(self, run: Run, step: StepT) -> Props:
        """Takes the step, and returns what is to be remembered from it."""

    @abstractmethod
    def outputs(self, run: Run, live: Live | None) -> Props:
        """The outputs beside the inputs: `status`, `waiting` and the rest. The same live object, the same outputs."""

    @abstractmethod
    def delete_existing(self, run: Run, live: Live) -> None:
        """The engine's delete of an object that still exists: refused, unless removing it needs nobody's vote."""

    # What the engine calls

    def configure(self, req: ConfigureRequest) -> None:  # noqa: ARG002  # the engine's signature
        """Called once, in the provider process only, and therefore the place to quieten it."""
        logging.getLogger("grpc._server").addFilter(_without_our_tracebacks)

    def check(self, _olds: Props, news: Props) -> CheckResult:
        known = {key: value for key, value in plain(news).items() if is_known(value)}
        problems = [*_connection_problems(known), *self.problems(known)]
        if _olds:
            problems += [*_shut_doors(self.one_way_doors, plain(_olds), known), *_noted_as_gone(plain(_olds), known)]
        return CheckResult(news, [CheckFailure(name, reason) for name, reason in problems])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        run = Run(_id, plain(_news), plain(_olds))
        if not is_known(run.inputs):
            # What an unknown input leads to is decided in `up`; a look now could only guess.
            return DiffResult(changes=True)
        live = self.look(run)
        if refusal := self.refusal(run, live):
            if run.prior.get("status") == "GONE":
                # A refresh found it out and now asks for the difference; whoever deploys is refused by `check`.
                return DiffResult(changes=True)
            raise OneWayDoor(refusal)
        step = self.step(run, live)
        if step is REPLACE:
            return DiffResult(changes=True, replaces=["recreate"], delete_before_replace=self.same_id_again)
        return DiffResult(changes=step is not None or differs(run.prior, self._properties(run, live)))

    def create(self, props: Props) -> CreateResult:
        inputs = plain(props)
        id_, remembered = self.find_or_create(inputs)
        return CreateResult(id_, self._converge(Run(id_, inputs, remembered)))

    def read(self, id_: str, props: Props) -> ReadResult:
        run = Run(id_, plain(props), plain(props))
        live = self.look(run)
        outputs, refusal = self.outputs(run, live), self.refusal(run, live)
        inputs = {key: value for key, value in run.prior.items() if key not in outputs}
        # Of an earlier run, `check` sees the inputs only: what vanished has to be noted there to stop the next preview.
        return ReadResult(id_, {**run.prior, **outputs}, {**inputs, _GONE: refusal} if refusal else inputs)

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        return UpdateResult(self._converge(Run(_id, plain(_news), plain(_olds))))

    def delete(self, _id: str, _props: Props) -> None:
        run = Run(_id, plain(_props), plain(_props))
        if run.inputs.get("keep"):
            return
        live = self.look(run)
        if live is not None:
            self.delete_existing(run, live)

    def _converge(self, run: Run) -> Props:
        """One look; if the table asks for a step, that step and a second look."""
        live = self.look(run)
        if refusal := self.refusal(run, live):
            raise OneWayDoor(refusal)
        step = self.step(run, live)
        if step is REPLACE:
            # Whoever previewed saw it in place, and only a preview can announce a replacement.
            raise CouldNotFindOut(f"{run.id} vanished during this run, so nothing was done to it. Deploy again.")
        if step is not None:
            run = Run(run.id, run.inputs, {**run.prior, **self.act(run, step)})
            live = self.look(run)
        return self._properties(run, live)

    def _properties(self, run: Run, live: Live | None) -> Props:
        return {**run.inputs, **self.outputs(run, live)}


def connection_of(props: Props, key: str = "connection") -> Connection:
    """The connection among the properties."""
    return Connection.from_dict(props[key])


def _connection_problems(known: Props) -> list[tuple[str, str]]:
    connection: Props = known.get("connection", {"account_id": "?", "region": "?"})
    missing = [name for name in ("account_id", "region") if not connection.get(name)]
    return [("connection", f"names no {name}, so nobody can say which account is meant") for name in missing]


def _shut_doors(doors: dict[str, str], prior: Props, known: Props) -> list[tuple[str, str]]:
    problems = [
        (name, f"cannot change from `{prior[name]}` to `{known[name]}`: {reason}")
        for name, reason in doors.items()
        if name in prior and name in known and is_known(prior[name]) and prior[name] != known[name]
    ]
    old, new = prior.get("connection"), known.get("connection")
    if old and new and is_known(old) and old.get("account_id") != new.get("account_id"):
        way_out = "the object stays where it was made. Make another resource for the other account"
        problems.append(("connection", f"moves from account {old['account_id']} to {new['account_id']}: {way_out}"))
    return problems


def _noted_as_gone(prior: Props, known: Props) -> list[tuple[str, str]]:
    if _GONE not in prior or known.get("recreate") or known.get("desired") == "absent":
        return []
    return [("recreate", f"{prior[_GONE]} If it is back already, run `pulumi refresh`.")]


def _without_our_tracebacks(record: logging.LogRecord) -> bool:
    # The message of the error reaches the user through the engine; a traceback beside it helps nobody.
    return not (record.exc_info and isinstance(record.exc_info[1], AirlockError))
