"""Names that several accounts have to agree on without asking each other."""

import re

from airlock.domain.errors import UsageError

DEPLOY_ROLE = "airlock-deploy"
BREAK_GLASS_ROLE = "airlock-break-glass"
EXEMPT_ROLES = (DEPLOY_ROLE, BREAK_GLASS_ROLE)
"""The roles that guardrails and vault policies do not bind: without them nobody could change what they protect."""

REQUESTER_ROLE = "airlock-requester"
RESTORE_ROLE = "airlock-restore"
BACKUP_ROLE = "airlock-backup"
BACKUP_POLICIES = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "AWSBackupServiceRolePolicyForS3Backup",
)
"""AWS's managed policies for making and copying recovery points, by path and name."""

# Teams, their identity source and the RAM shares of teams exist in this Region only.
TEAM_REGION = "us-east-1"
GUARDED_TAG = "airlock"
"""The tag by which the guardrail knows keys, shares and plans; its value names the data class or the share."""

# AWS Backup allows 2 to 50 of these characters.
VAULT_NAME = re.compile(r"[A-Za-z0-9_-]{2,50}")
_MAX_VAULT_NAME = 50


def owner_tag(project: str, stack: str, name: str) -> str:
    """Marks an object as made by one resource of one stack, so that a repeated create finds it again."""
    return f"{project}/{stack}/{name}"


def access_vault_name(vault: str, incident: str, n: int) -> str:
    """The name of the n-th restore-access vault for a vault and an incident.

    AWS never lets a refused or removed name be trusted again, so each request takes the next number.
    The number is never cut off; the vault's name is shortened first.
    """
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", incident).strip("-")
    if not clean:
        message = (
            f"The incident `{incident}` holds no letter or digit. Name it as your ticket system does, e.g. INC-4711."
        )
        raise UsageError(message)
    if n < 1:
        message = f"Requests are counted from 1, not {n}."
        raise UsageError(message)
    tail = f"-{n}"
    clean = clean[:24].rstrip("-")
    room = _MAX_VAULT_NAME - len(tail) - len(clean) - 1
    return f"{vault[:room].rstrip('-')}-{clean}{tail}"
