"""Changes of one organization that meet another one: by choice only, and then always in the same order.

Here one call comes after the other, so nothing ever collides by itself.
"""

from moto.core.utils import get_service_model

from emulator.world import choices

from .exceptions import ConcurrentModificationException
from .models import OrganizationsMoreBackend

_CHOICE = "organizations.collisions"
_FIRST = 3
_READS = ("Describe", "List")

choices.offer(
    _CHOICE,
    ("none", "first-three-tries", "every-second-try"),
    "AWS refuses a change while it makes another one of the same organization; whether two meet is a matter of luck.",
)


def meet(backend: OrganizationsMoreBackend, operation: str) -> None:
    """Refuse a try of a change that meets another one: of each operation the first three, or the first of every two."""
    chosen = choices.taken(_CHOICE)
    if chosen == "none" or not _can_collide(operation):
        return
    earlier = backend.tries.get(operation, 0)
    backend.tries[operation] = earlier + 1
    if earlier < _FIRST if chosen == "first-three-tries" else earlier % 2 == 0:
        raise ConcurrentModificationException


def _can_collide(operation: str) -> bool:
    """Whether the model has the error for it; of reads it has it here and there."""
    errors = get_service_model("organizations").operation_model(operation).error_shapes
    return not operation.startswith(_READS) and any(
        shape.name == ConcurrentModificationException.__name__ for shape in errors
    )
