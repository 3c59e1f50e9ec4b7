"""Whether points may live in a vault: AWS takes a lifecycle that does not fit and lets each job fail later."""

from dataclasses import dataclass

MIN_RETENTION_FLOOR = 7
MAX_RETENTION_CEILING = 36500


@dataclass(frozen=True)
class Bounds:
    """The shortest and the longest time that a vault keeps a point, in days. Never changeable after creation."""

    min_days: int
    max_days: int

    def problem(self) -> str:
        """Why these bounds can not be, or an empty string."""
        if self.min_days < MIN_RETENTION_FLOOR:
            return f"keeps points for at least {self.min_days} days; AWS asks for {MIN_RETENTION_FLOOR} or more"
        if self.max_days > MAX_RETENTION_CEILING:
            return f"keeps points for up to {self.max_days} days; AWS allows {MAX_RETENTION_CEILING}"
        if self.min_days > self.max_days:
            return f"has a minimum retention of {self.min_days} days above its maximum of {self.max_days}"
        return ""


def misfit(delete_after_days: int | None, bounds: Bounds) -> str:
    """Why a point with this lifecycle is refused by a vault with these bounds, or an empty string.

    A lifecycle that is missing means "keep for ever", which no upper bound admits.
    """
    if delete_after_days is None:
        return f"has no end, but the vault keeps points for at most {bounds.max_days} days"
    if delete_after_days < bounds.min_days:
        return f"is {delete_after_days} days, shorter than the vault's minimum of {bounds.min_days}"
    if delete_after_days > bounds.max_days:
        return f"is {delete_after_days} days, longer than the vault's maximum of {bounds.max_days}"
    return ""
