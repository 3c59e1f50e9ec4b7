"""M of N: how many people a team needs, and how many of them have to approve."""

from dataclasses import dataclass
from typing import Literal

MIN_APPROVERS = 3
MAX_APPROVERS = 20
MIN_THRESHOLD = 2


@dataclass(frozen=True)
class Problem:
    """Why a team is refused: the number that is wrong, the sentence behind the team's name, and the remedy."""

    about: Literal["approvers", "threshold"]
    problem: str
    fix: str


def problems(threshold: int, approvers: int) -> list[Problem]:
    """Why AWS, or common sense, refuses a team of so many approvers with this threshold."""
    refused: list[Problem] = []
    if approvers < MIN_APPROVERS:
        problem = f"has {approvers} approvers; AWS refuses fewer than {MIN_APPROVERS}"
        refused.append(Problem("approvers", problem, f"name at least {MIN_APPROVERS} people"))
    if approvers > MAX_APPROVERS:
        problem = f"has {approvers} approvers; AWS takes at most {MAX_APPROVERS}"
        refused.append(Problem("approvers", problem, "name fewer people"))
    if threshold < MIN_THRESHOLD:
        problem = f"has threshold {threshold}; one person alone could open the backups"
        refused.append(Problem("threshold", problem, f"set threshold to at least {MIN_THRESHOLD}"))
    if threshold > approvers:
        problem = f"asks for {threshold} approvals of {approvers} approvers, which can never be reached"
        refused.append(Problem("threshold", problem, "lower threshold or name more approvers"))
    elif threshold == approvers and approvers >= MIN_APPROVERS:
        problem = f"needs all {approvers} approvers, so one absent person blocks the recovery"
        refused.append(Problem("threshold", problem, "lower threshold or name one more approver"))
    return refused
