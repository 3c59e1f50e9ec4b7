"""Whether policies are evaluated at all: off until somebody switches it on, and again after a reset."""

from emulator.world import choices
from emulator.world.resets import on_reset

_ROOT = "authorization.root-assumes-roles"
choices.offer(
    _ROOT,
    ("granted", "refused"),
    "AWS lets no root user assume a role. A key of twelve digits is the root user, and for want of other keys it also "
    "stands for the administrators of its account; `refused` is AWS's answer, while enforcement is on.",
)
_CAPSULE = "authorization.vaults-need-backup-storage"
choices.offer(
    _CAPSULE,
    ("not-asked", "asked"),
    "AWS lists backup-storage:MountCapsule among what making a vault needs, but policies that are shown for it often "
    "name the actions of backup alone.",
)

_state = {"on": False}


def is_on() -> bool:
    return _state["on"]


def set_to(on: bool) -> None:
    _state["on"] = on


def refuses_root_sessions() -> bool:
    """Whether AssumeRole by a root user is refused."""
    return is_on() and choices.taken(_ROOT) == "refused"


def asks_for_backup_storage() -> bool:
    """Whether making a vault needs `backup-storage:MountCapsule`."""
    return choices.taken(_CAPSULE) == "asked"


def reset() -> None:
    _state["on"] = False


on_reset(reset)
