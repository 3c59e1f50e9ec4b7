"""The roles that a stack can play, in the order of deployment, and what each one reads."""

from airlock.domain.errors import UsageError

ROLES: tuple[str, ...] = ("management", "recovery", "backup_admin", "vault", "workload", "forensic", "landing")

# A stack reads only stacks of roles that come earlier; a test holds this table to that promise.
UPSTREAMS: dict[str, tuple[str, ...]] = {
    "management": (),
    "recovery": (),
    "backup_admin": ("management",),
    "vault": ("recovery",),
    "workload": ("recovery",),
    "forensic": ("vault", "workload"),
    "landing": ("recovery",),
}


def order(role: str) -> int:
    """The place of a role in the order of deployment."""
    if role not in ROLES:
        message = f"The role `{role}` does not exist. A stack plays one of: {', '.join(ROLES)}."
        raise UsageError(message)
    return ROLES.index(role)
