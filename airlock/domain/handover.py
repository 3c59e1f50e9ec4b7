"""The few identifiers that cross from the recovery organization's state backend to the primary one's.

Stack references do not cross backends, on purpose: who can write the state of the recovery side can undo the design.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from airlock.domain.errors import UsageError
from airlock.domain.sealed import seal, unseal

FORMAT = "airlock-handover/1"
FILE_NAME = "handover.json"
REMEDY = "airlock handover export"


@dataclass(frozen=True, kw_only=True)
class Handover:
    """What one organization hands to the other: contracts by role, identifiers only."""

    estate: str
    organization: str
    written_at: str
    contracts: dict[str, dict[str, Any]]
    format: str = FORMAT

    def dump(self) -> str:
        """The file, with its checksum."""
        return seal(asdict(self))

    def contract(self, role: str) -> dict[str, Any]:
        """The contract of one role, or the sentence that says that it is not in here."""
        if role not in self.contracts:
            message = f"The handover file holds nothing from the role `{role}`. Deploy that stack, then run `{REMEDY}`."
            raise UsageError(message)
        return self.contracts[role]


def load(text: str, expected_estate: str, teams: Iterable[str] = ()) -> Handover:
    """Reads a handover file; a tampered, foreign or outdated one is refused.

    `teams` are the teams that the topology names now: a file without one of them was written before that team was.
    """
    body = unseal(text, what="handover file", format_name=FORMAT, remedy=REMEDY)
    try:
        handover = Handover(**body)
        known = set(handover.contracts.get("recovery", {}).get("teams", {}))
    except (TypeError, AttributeError) as problem:
        message = f"The handover file does not hold what its format promises ({problem}). Make a new one: `{REMEDY}`."
        raise UsageError(message) from problem
    if handover.estate != expected_estate:
        message = (
            f"The handover file belongs to the estate `{handover.estate}`, this one is `{expected_estate}`. "
            f"Its teams would open other vaults. Make the right one: `{REMEDY}`."
        )
        raise UsageError(message)
    missing = sorted(set(teams) - known)
    if missing:
        message = (
            f"The handover file of {handover.written_at} is outdated: it does not know the team `{missing[0]}`. "
            f"Deploy the recovery stack, then make a new one: `{REMEDY}`."
        )
        raise UsageError(message)
    return handover
