"""Every error that Airlock raises on purpose, with the exit code of the command that ends in it.

* AirlockError                1  failed
  * EstateError               2  the topology is wrong
  * UsageError                2  the command was used wrongly
  * WaitingForPeople          3  nothing is wrong; somebody has to vote, accept or come back later
  * CouldNotFindOut           4  no answer was to be had, which is not a good answer
    * Unreachable             4  an endpoint did not answer
  * WrongAccount              1  the credentials belong to another account than the one that was meant
  * OneWayDoor                1  the change can never be taken back, or can never be made in place
  * RefusedByAws              1  AWS said no
    * NotFound                1
    * Conflict                1
    * AccessDenied            1

A message says what is wrong with the named thing, what follows from it and what to do.
"""

from collections.abc import Mapping, Sequence


class AirlockError(Exception):
    """Something that a person can act on. `str(error)` is one or more full sentences."""

    exit_code = 1


class EstateError(AirlockError):
    """The topology is wrong; the message is the whole report, `problems` the same for machines."""

    exit_code = 2

    def __init__(self, message: str, problems: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class UsageError(AirlockError):
    """The command was given something that it cannot work with."""

    exit_code = 2


class WaitingForPeople(AirlockError):
    """Nothing is wrong, but people have to act before the next step."""

    exit_code = 3


class CouldNotFindOut(AirlockError):
    """The question has no answer now. It must never be read as a good one."""

    exit_code = 4


class Unreachable(CouldNotFindOut):
    """An endpoint did not answer."""


class WrongAccount(AirlockError):
    """The credentials belong to another account than the one that was meant."""


class OneWayDoor(AirlockError):
    """AWS never lets this be changed in place or taken back."""


class RefusedByAws(AirlockError):
    """AWS answered with an error."""

    def __init__(self, message: str, *, code: str = "", operation: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.operation = operation


class NotFound(RefusedByAws):
    """AWS does not know the thing that was named."""


class Conflict(RefusedByAws):
    """The thing is in a state, or under a vote, that does not allow this now."""


class AccessDenied(RefusedByAws):
    """The caller lacks a permission, or a guardrail denies it."""
