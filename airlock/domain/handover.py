"""The few identifiers that cross from the recovery organization's state backend to the primary one's.

Stack references do not cross backends, on purpose: who can write the state of the recovery side can undo the design.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from airlock.domain.contracts import Contract, Exporter, read
from airlock.domain.errors import UsageError
from airlock.domain.sealed import seal, unseal

FORMAT = "airlock-handover/1"
FILE_NAME = "handover.json"
REMEDY = "airlock handover export"

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, kw_only=True)
class Handover:
    """What one organization hands to the other: the exported contracts by role, identifiers only."""

    estate: str
    organization: str
    written_at: str
    contracts: dict[str, dict[str, Any]]
    format: str = FORMAT

    def dump(self) -> str:
        """The file, with its checksum."""
        return seal(asdict(self))

    def contract(self, role: str, contract: type[C], holds: Collection[str] = ()) -> C:
        """The contract of one role; `holds` are the teams that the topology names now."""
        return read(contract, self.contracts.get(role), self._exporter(role), holds)

    def _exporter(self, role: str) -> Exporter:
        return Exporter(
            name=f"The handover file of {self.written_at}",
            remedy=f"Deploy the stack of the role `{role}`, then make a new one: `{REMEDY}`.",
        )


def load(text: str, expected_estate: str) -> Handover:
    """Reads a handover file; a tampered or foreign one is refused."""
    body = unseal(text, what="handover file", format_name=FORMAT, remedy=REMEDY)
    if set(body) != {field.name for field in fields(Handover)} or not isinstance(body["contracts"], dict):
        message = f"The handover file does not hold what its format promises. Make a new one: `{REMEDY}`."
        raise UsageError(message)
    handover = Handover(**body)
    if handover.estate != expected_estate:
        message = (
            f"The handover file belongs to the estate `{handover.estate}`, this one is `{expected_estate}`. "
            f"Its teams would open other vaults. Make the right one: `{REMEDY}`."
        )
        raise UsageError(message)
    return handover
