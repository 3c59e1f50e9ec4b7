"""What could not be delivered, and why: on AWS a metric or nothing at all, here a list that everybody can read."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from emulator.world import clock, resets


class Refused(Exception):
    """Something was not delivered. `code` is EventBridge's error code for a dead letter, such as NO_PERMISSIONS."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Undelivered:
    """`sender` and `target` are ARNs: of a rule, topic or vault, and of what it could not reach."""

    time: str
    account: str
    region: str
    sender: str
    target: str
    code: str
    message: str


_LONGEST = 1000
_undelivered: deque[Undelivered] = deque(maxlen=_LONGEST)


def note(account: str, region: str, sender: str, target: str, refused: Refused) -> None:
    time = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    _undelivered.append(Undelivered(time, account, region, sender, target, refused.code, refused.message))


def listed() -> list[dict[str, Any]]:
    """The last thousand, oldest first."""
    return [asdict(one) for one in _undelivered]


resets.on_reset(_undelivered.clear)
