"""Whether a team could answer a request today: who of it is inactive, who was silent for long, and what to do.

The API has no member for it: it shows `LastActivity`, and INVALID for people who are disabled or deleted. The portal
and the monthly report say the rest. A team stays ACTIVE, however unhealthy it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from emulator.world import clock

from . import identities, state
from .sessions import APPROVED, NO_RESPONSE, REJECTED, Session
from .teams import Approver, Team
from .undocumented import UNANSWERED, chosen

UNANSWERED_LIMIT = 2
SILENCE = timedelta(days=90)


@dataclass(frozen=True)
class Condition:
    """How one approver stands. `unable`: cannot sign in; `inactive`: that, or two sessions without an answer."""

    approver: Approver
    unable: str
    inactive: str
    silent: str

    @property
    def problem(self) -> str:
        """The worst that is to be said, empty for somebody who is well."""
        return self.inactive or self.silent


@dataclass(frozen=True)
class Health:
    """A team with the condition of each approver."""

    team: Team
    conditions: tuple[Condition, ...]

    @property
    def inactive(self) -> list[Condition]:
        return [condition for condition in self.conditions if condition.inactive]

    @property
    def healthy(self) -> bool:
        return self.team.status == "ACTIVE" and not any(condition.problem for condition in self.conditions)

    @property
    def able(self) -> int:
        """How many approvers can sign in and vote."""
        return sum(not condition.unable for condition in self.conditions)

    @property
    def advice(self) -> str:
        """What the administrator should do, empty when there is nothing to do."""
        if self.team.status == "INACTIVE":
            return "Update the team to invite its approvers anew, or delete it; neither needs a vote."
        if self.team.status != "ACTIVE":
            return ""
        if self.able < self.team.version.threshold:
            return (
                f"Only {self.able} approvers can vote and {self.team.version.threshold} approvals are needed, so the "
                "team can approve nothing, its own update included. Open a case with AWS Support (Approval Team "
                "Recovery)."
            )
        if self.inactive:
            return "Update the team: put other people in the place of the inactive approvers, while enough can vote."
        if any(condition.silent for condition in self.conditions):
            return "Start a baseline, and see who can be reached."
        return ""


def of_team(team: Team) -> Health:
    """The health of a team now."""
    now = clock.now()
    return Health(team, tuple(_condition(approver, now) for approver in team.version.approvers))


def _condition(approver: Approver, now: datetime) -> Condition:
    reason = identities.why_not(identities.person(approver.identity_source_arn, approver.identity_id))
    unable = reason or ("" if approver.accepted else "has not accepted the invitation")
    ignored = f"did not answer the last {approver.unanswered} sessions"
    inactive = reason or (ignored if approver.unanswered >= UNANSWERED_LIMIT else "")
    heard = approver.last_activity_time
    quiet = approver.accepted and heard is not None and now - heard >= SILENCE
    return Condition(approver, unable, inactive, f"gave no answer for {SILENCE.days} days" if quiet else "")


def note_silence(session: Session, outcome: str) -> None:
    """Remember who gave no answer to a session that ran its time, or (the other reading) that was decided at all."""
    counted = ("EXPIRED", APPROVED, REJECTED) if chosen(UNANSWERED) == "ended" else ("EXPIRED",)
    team = state.find_team(session.team_arn)
    if team is None or outcome not in counted:
        return
    for ballot in session.ballots:
        approver = team.version.approver(ballot.identity_id)
        if approver is not None and ballot.response == NO_RESPONSE:
            approver.unanswered += 1
