"""What the story proves, as data: `evidence.json` and the schema it is checked against."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "airlock-evidence/1"


@dataclass(frozen=True)
class Step:
    """One line of the timeline: emulated time, who, what."""

    time: str
    who: str
    what: str
    kind: str = "step"


@dataclass
class Evidence:
    """Everything the report draws. `enforcement` is `on` when policies were evaluated from the bootstrap to the end.

    Times are emulated unless a field says wall clock; durations are seconds."""

    pattern: str
    estate: str
    enforcement: str = "off"
    format: str = FORMAT
    timeline: list[Step] = field(default_factory=list)
    stacks: list[dict[str, Any]] = field(default_factory=list)
    second_run: dict[str, Any] = field(default_factory=dict)
    attacks: list[dict[str, Any]] = field(default_factory=list)
    kit_only: dict[str, Any] = field(default_factory=dict)
    rejected_request: dict[str, Any] = field(default_factory=dict)
    approved_request: dict[str, Any] = field(default_factory=dict)
    restored: list[dict[str, Any]] = field(default_factory=list)
    recovery_seconds: dict[str, float] = field(default_factory=dict)
    objectives: dict[str, float] = field(default_factory=dict)
    torn_down: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the evidence as JSON with stable key order."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def problems(self) -> list[str]:
        """Why this run does not prove what the story promises; empty when it does."""
        found = [
            f"An attack ended otherwise than expected: {row['action']}: {row['outcome']}"
            for row in self.attacks
            if not row["as_expected"]
        ]
        if self.enforcement != "on":
            found.append("Policies were not evaluated: what a policy refuses was not refused.")
        if self.second_run.get("changes") or self.second_run.get("write_calls"):
            found.append("A second deployment with nothing to do changed something.")
        if self.rejected_request.get("access") != "none":
            found.append("A rejected request gave access.")
        if self.approved_request.get("opened_before_quorum"):
            found.append("Access opened before the last vote that the team needs.")
        if not self.restored or not all(row["equal"] for row in self.restored):
            found.append("What was restored differs from what was backed up.")
        if self.kit_only.get("calls_by_lost_accounts"):
            found.append("The recovery called AWS as a principal of a lost account.")
        if not self.torn_down.get("gone"):
            found.append("The access vault is still there after the tear-down.")
        return found
