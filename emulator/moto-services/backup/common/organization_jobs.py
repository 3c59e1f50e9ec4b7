"""Who sees the jobs of a whole organization: its management account and delegated administrators of AWS Backup."""

from typing import Any

from emulator.world import organizations

from ..models import BackupBackend, known_backend
from ..records.ordered import Chronicle

_SERVICE = "backup.amazonaws.com"


def jobs(backend: BackupBackend, kept: str) -> Chronicle[Any]:
    """The jobs (`backup_jobs`, `copy_jobs` or `restore_jobs`) of every account that this one watches, in its Region."""
    own: Chronicle[Any] = getattr(backend, kept)
    watched = [known_backend(account, backend.region) for account in _watched(backend.account)]
    if not any(watched):
        return own
    found: Chronicle[Any] = Chronicle()
    for other in watched:
        if other is not None:
            found.update(getattr(other, kept))
    return found


def administers(account: str) -> bool:
    """Whether an account sees the backups of its whole organization."""
    return account in organizations.administrators(account, _SERVICE)


def _watched(account: str) -> tuple[str, ...]:
    organization = organizations.organization_of(account)
    return () if organization is None or not administers(account) else organization.accounts
