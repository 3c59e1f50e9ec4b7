"""AWS Backup, written for this emulator: it takes the place of moto's package of the same name.

May import: `protocol`, `world`, `authorization`, `moto`, `events`, `exceptions`, `records`, `models`, `common`,
`vaults`, `jobs`, `plans`, `operations`.
"""

# Importing these registers what is called later: executors of votes, events of the timetable, listeners, types of
# CloudFormation.
from .jobs import backup_jobs, restore_jobs
from .models import backup_backends
from .plans import organization_plans
from .vaults import approval_team, cloudformation, notifications, restore_access

__all__ = [
    "approval_team",
    "backup_backends",
    "backup_jobs",
    "cloudformation",
    "notifications",
    "organization_plans",
    "restore_access",
    "restore_jobs",
]
