"""AWS Backup, written for this emulator: it takes the place of moto's package of the same name."""

# Importing these registers what happens later: executors of votes, events of the timetable, CloudFormation types.
from . import access, association, cloudformation, jobs, org_plans, restores
from .models import backup_backends

__all__ = ["access", "association", "backup_backends", "cloudformation", "jobs", "org_plans", "restores"]
