"""M of N: how many people a team needs, and what stands after some of them have answered."""

MIN_APPROVERS = 3
MAX_APPROVERS = 20
MIN_THRESHOLD = 2


def problems(threshold: int, approvers: int) -> list[tuple[str, str]]:
    """Why AWS, or common sense, refuses this team: pairs of problem and fix."""
    found: list[tuple[str, str]] = []
    if approvers < MIN_APPROVERS:
        found.append(
            (
                f"has {approvers} approvers; AWS refuses fewer than {MIN_APPROVERS}",
                f"name at least {MIN_APPROVERS} people",
            )
        )
    if approvers > MAX_APPROVERS:
        found.append((f"has {approvers} approvers; AWS takes at most {MAX_APPROVERS}", "name fewer people"))
    if threshold < MIN_THRESHOLD:
        found.append(
            (
                f"has threshold {threshold}; one person alone could open the backups",
                f"set threshold to at least {MIN_THRESHOLD}",
            )
        )
    if threshold > approvers:
        found.append(
            (
                f"asks for {threshold} approvals of {approvers} approvers, which can never be reached",
                "lower threshold or name more approvers",
            )
        )
    elif threshold == approvers and approvers >= MIN_APPROVERS:
        found.append(
            (
                f"needs all {approvers} approvers, so one absent person blocks the recovery",
                "lower threshold or name one more approver",
            )
        )
    return found


def still_needed(threshold: int, approvals: int) -> int:
    """How many approvals are missing."""
    return max(0, threshold - approvals)


def can_still_pass(threshold: int, approvers: int, rejections: int) -> bool:
    """Whether enough people are left who have not said no."""
    return approvers - rejections >= threshold
