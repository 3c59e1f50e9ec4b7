"""What is deployed after a while, by name: frameworks and report plans are made, changed and deleted in the same steps.

| state | comes with | ends as |
|---|---|---|
| CREATE_IN_PROGRESS, UPDATE_IN_PROGRESS | a creation, a change | COMPLETED |
| DELETE_IN_PROGRESS | a deletion | nothing is there any more |

While one of them lasts, every other change is a ConflictException.
"""

from typing import TypeVar

from ..exceptions import ConflictException, ResourceNotFoundException
from ..records.governance import Noun, passing

_DELETING = "DELETE_IN_PROGRESS"
N = TypeVar("N", bound=Noun)


def present(kept: dict[str, N]) -> dict[str, N]:
    """What a reader sees now; a deletion that is over takes effect with this look."""
    for name, noun in list(kept.items()):
        deleting = deployment(noun) == _DELETING
        noun.look("COMPLETED")
        if deleting and noun.passing is None:
            del kept[name]
    return kept


def find(kept: dict[str, N], kind: str, name: str) -> N:
    """The one of that name, or ResourceNotFoundException once its deletion is over."""
    noun = present(kept).get(name)
    if noun is None:
        raise ResourceNotFoundException(f"{kind} {name} does not exist in this account and Region.")
    return noun


def settled(kept: dict[str, N], kind: str, name: str) -> N:
    """The one of that name, which may be changed now."""
    noun = find(kept, kind, name)
    if noun.passing is not None:
        raise ConflictException(f"{kind} {name} is being changed: {noun.passing.state}. Try again later.")
    return noun


def delete(kept: dict[str, N], kind: str, name: str) -> None:
    settled(kept, kind, name).passing = passing(_DELETING)


def deployment(noun: Noun) -> str:
    """DeploymentStatus, as it was at the last look."""
    return "COMPLETED" if noun.passing is None else noun.passing.state
