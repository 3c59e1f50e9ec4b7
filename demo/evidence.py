"""What the story proves, as data: `evidence.json`, the schema it is checked against, and what follows from it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from demo.attack import NEEDS_VOTE, REFUSED, WORKED, ending
from demo.words import count, duration, full_stop, listed, seconds_between, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = "airlock-evidence/2"
ACCESS, CHANGE, REVOCATION = "access", "change of team", "revocation"
"""What a team is asked for: access to a vault, another team or none on a vault, the end of an access."""
APPROVED, REJECTED = "APPROVED", "REJECTED"
EMULATED, WALL = "by the emulated clock", "by the wall clock of this computer"


@dataclass(frozen=True)
class Step:
    """One line of the timeline: emulated time, who, what; `{who} {what}` reads as a sentence.

    `kind` is `chapter` (a heading, without `who`), `step`, `people` or `attack`; `outcome` is that of an attack.
    """

    time: str
    who: str
    what: str
    kind: str = "step"
    outcome: str = ""

    def __str__(self) -> str:
        return full_stop(f"{self.who} {self.what}") if self.who else self.what


@dataclass(frozen=True)
class Claim:
    """One thing that a run shows, or fails to show: `words` say which of the two, `verdict` in a word."""

    held: bool
    words: str
    judged: str = ""

    @property
    def verdict(self) -> str:
        return self.judged or ("proven" if self.held else "not proven")


@dataclass(frozen=True)
class Measure:
    """A figure against its objective, in seconds; without a figure nothing was measured and the objective is missed."""

    name: str
    seconds: float | None
    objective: float
    what: str
    clock: str
    limit: str
    """What the objective is: RTO, RPO, or what is left of one."""

    @property
    def met(self) -> bool:
        return self.seconds is not None and self.seconds <= self.objective

    @property
    def verdict(self) -> str:
        """`met`, `missed` or `not measured`."""
        if self.seconds is None:
            return "not measured"
        return "met" if self.met else "missed"

    @property
    def words(self) -> str:
        """The figure, what it is of, and the limit."""
        measured = self.seconds is not None
        figure = f"{duration(self.seconds or 0)} {self.what}, {self.clock}" if measured else "nothing was measured"
        return f"{self.name}: {figure}. The limit is {duration(self.objective)}, the {self.limit}."


@dataclass
class Evidence:
    """Everything the report draws. `enforcement` is `on` when policies were evaluated from the bootstrap to the end.

    Times are emulated unless a field says wall clock; durations are seconds. `stopped` says why the story ended early.
    """

    pattern: str
    estate: str
    enforcement: str = "off"
    format: str = FORMAT
    run: dict[str, str] = field(default_factory=dict)
    timeline: list[Step] = field(default_factory=list)
    chapters: list[dict[str, Any]] = field(default_factory=list)
    stacks: list[dict[str, Any]] = field(default_factory=list)
    second_run: dict[str, Any] = field(default_factory=dict)
    attacked_at: str = ""
    attacks: list[dict[str, Any]] = field(default_factory=list)
    air_gapped: list[dict[str, Any]] = field(default_factory=list)
    kit_only: dict[str, Any] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    restored: list[dict[str, Any]] = field(default_factory=list)
    recovery_seconds: dict[str, float] = field(default_factory=dict)
    objectives: dict[str, float] = field(default_factory=dict)
    torn_down: dict[str, Any] = field(default_factory=dict)
    stopped: str = ""

    def write(self, path: Path) -> None:
        """Write the evidence as JSON with stable key order."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Evidence:
        """The evidence that `write` wrote."""
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(**held | {"timeline": [Step(**step) for step in held["timeline"]]})

    def access_requests(self, outcome: str) -> list[dict[str, Any]]:
        """The requests for access to a vault that ended in this way."""
        return [row for row in self.requests if (row["kind"], row["outcome"]) == (ACCESS, outcome)]

    @property
    def restored_age(self) -> float | None:
        """How long before the attack the oldest restored point was made: the most that is lost. None without points."""
        ages = [seconds_between(row["point_time"], self.attacked_at) for row in self.restored]
        return max(ages, default=None)

    def measures(self) -> list[Measure]:
        """People, machine and age of the data, each against its objective; the machine has what the people left."""
        rto, rpo = self.objectives.get("rto_seconds", 0.0), self.objectives.get("rpo_seconds", 0.0)
        people, machine = self.recovery_seconds.get("people"), self.recovery_seconds.get("machine")
        left = max(rto - (people or 0.0), 0.0)
        return [
            Measure("People", people, rto, "from each request to the opening of its access", EMULATED, "RTO"),
            Measure("Machine", machine, left, "for the rest of the recovery", WALL, "RTO less the time of people"),
            Measure(
                "Age of the data",
                self.restored_age,
                rpo,
                "from the oldest restored point to the attack",
                EMULATED,
                "RPO",
            ),
        ]

    @property
    def headline(self) -> str:
        """The verdict on the whole run."""
        return "This run does not prove the recovery." if self.problems() else "The backups came back."

    def attempts(self) -> str:
        """How many attempts ended in which way, and what the air-gapped vaults hold after them, in sentences."""
        if not self.attacks:
            return "Nothing was attempted."
        refused = Counter(row["denied_by"] or "" for row in self.attacks if row["outcome"] == REFUSED)
        others = Counter(row["outcome"] for row in self.attacks)
        ends = [(number, ending(REFUSED, kind)) for kind, number in refused.most_common()]
        ends += [(others[outcome], ending(outcome)) for outcome in (WORKED, NEEDS_VOTE) if others[outcome]]
        were = [f"{number} {'was' if number == 1 else 'were'} {how}" for number, how in ends]
        words = f"{count(len(self.attacks), 'attempt')}: {listed(were)}."
        points, kept = (sum(row[key] for row in self.air_gapped) for key in ("points", "kept"))
        if not points:
            return words
        reached = (
            "No attempt removed a recovery point" if kept == points else f"{points - kept} recovery points are gone"
        )
        return f"{words} {reached}: the air-gapped vaults hold {kept} of the {points} that they held before."

    def claims(self) -> list[Claim]:
        """What was to be shown, in the order of the story, apart from the objectives."""
        return list(_claims(self))

    def verdicts(self) -> list[Claim]:
        """The claims and the objectives."""
        return self.claims() + [Claim(each.met, each.words, each.verdict) for each in self.measures()]

    def problems(self) -> list[str]:
        """Why this run does not prove what the story promises; empty when it does."""
        return [claim.words for claim in self.verdicts() if not claim.held]


def _claims(evidence: Evidence) -> Iterator[Claim]:
    if evidence.stopped:
        yield Claim(False, sentence(f"The story stopped before its end: {evidence.stopped}"))
    yield from _about_the_deployment(evidence)
    yield from _about_the_attack(evidence)
    yield from _about_the_votes(evidence)
    yield from _about_the_recovery(evidence)


def _about_the_deployment(evidence: Evidence) -> Iterator[Claim]:
    if evidence.enforcement == "on":
        yield Claim(True, "Every policy was evaluated, from the bootstrap of the accounts to the end.")
    else:
        yield Claim(False, "Policies were not evaluated: what a policy refuses was not refused.")
    if not evidence.second_run:
        yield Claim(
            False, "No second deployment was made: that a run with nothing to do changes nothing was not shown."
        )
    elif evidence.second_run["changes"] or evidence.second_run["write_calls"]:
        yield Claim(False, "A second deployment with nothing to do changed something.")
    else:
        yield Claim(True, "A second deployment with nothing to do changed nothing and made no write call.")


def _about_the_attack(evidence: Evidence) -> Iterator[Claim]:
    surprises = [row for row in evidence.attacks if not row["as_expected"]]
    for row in surprises:
        ended = ending(row["outcome"], row["denied_by"])
        yield Claim(False, f"An attempt ended otherwise than expected: to {row['action']} was {ended}.")
    if not evidence.attacks:
        yield Claim(False, "Nothing was attempted: what an attacker can do was not shown.")
    elif not surprises:
        yield Claim(True, f"{count(len(evidence.attacks), 'attempt')} of the attacker ended as expected.")
    lost = [row for row in evidence.air_gapped if row["kept"] < row["points"]]
    for row in lost:
        gone = count(row["points"] - row["kept"], "recovery point")
        yield Claim(False, f"The attack removed {gone} from the air-gapped vault {row['vault']}.")
    if not evidence.air_gapped:
        yield Claim(False, "The recovery points in the air-gapped vaults were not counted.")
    elif not lost:
        kept = count(sum(row["kept"] for row in evidence.air_gapped), "recovery point")
        yield Claim(True, f"The air-gapped vaults kept all their {kept} through the attack.")


def _about_the_votes(evidence: Evidence) -> Iterator[Claim]:
    rejected, approved = evidence.access_requests(REJECTED), evidence.access_requests(APPROVED)
    if not rejected:
        yield Claim(False, "No request for access was rejected: that a rejection keeps the vault closed was not shown.")
    elif any(row["access"] != "none" for row in rejected):
        yield Claim(False, "A rejected request gave access.")
    else:
        yield Claim(True, "A rejected request gave no access, and a restore with it failed.")
    if not approved:
        yield Claim(False, "No request for access was approved: nothing opened a vault.")
    elif any(row["opened_before_quorum"] for row in approved):
        yield Claim(False, "Access opened before the last vote that the team needs.")
    else:
        requests = count(len(approved), "approved request")
        yield Claim(True, f"{requests} opened access at the last vote that the team needs, not before.")


def _about_the_recovery(evidence: Evidence) -> Iterator[Claim]:
    equal = [row for row in evidence.restored if row["equal"]]
    if not evidence.restored:
        yield Claim(False, "Nothing was restored.")
    elif len(equal) < len(evidence.restored):
        yield Claim(False, "What was restored differs from what was backed up.")
    else:
        yield Claim(True, f"Restored and equal to what was backed up: {count(len(equal), 'resource')}.")
    if evidence.kit_only.get("calls_by_lost_accounts"):
        yield Claim(False, "The recovery called AWS as a principal of a lost account.")
    elif evidence.kit_only.get("calls"):
        yield Claim(True, "The recovery needed the kit and the landing account, and no call by a lost account.")
    else:
        yield Claim(False, "The landing account made no call: a recovery from the kit alone was not shown.")
    if evidence.torn_down.get("gone"):
        yield Claim(True, "Every access was closed at the end.")
    else:
        yield Claim(False, "The access vault is still there after the tear-down.")
