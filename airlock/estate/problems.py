"""One problem of the topology, and the report that joins all of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from airlock.domain.errors import EstateError


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where, and what to do."""

    key: str
    problem: str
    fix: str

    def lines(self) -> str:
        """As it stands in the report."""
        return f"  {self.key}\n      problem: {self.problem}\n      fix:     {self.fix}"


def report(subject: str, problems: Iterable[Problem]) -> str:
    """Every problem of the subject, each once."""
    distinct = list(dict.fromkeys(problems))
    count = "1 problem" if len(distinct) == 1 else f"{len(distinct)} problems"
    body = "\n".join(problem.lines() for problem in distinct)
    return f"{subject}: {count}. Nothing was touched.\n{body}"


def refusal(subject: str, problems: Iterable[Problem]) -> EstateError:
    """The same as an error, for people and machines."""
    distinct = list(dict.fromkeys(problems))
    return EstateError(report(subject, distinct), [asdict(problem) for problem in distinct])


# Cross-field checks read the raw document, not the models: pydantic builds no model at all when one field is wrong,
# and then the rest of the file would go unchecked. These four give the part that can be read and skip the others.


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def entries(value: Any) -> dict[str, dict[str, Any]]:
    """The readable entries of a mapping of mappings."""
    return {key: mapping(item) for key, item in mapping(value).items() if isinstance(item, dict)}


def listing(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def number(value: Any) -> int | None:
    """The value if it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
