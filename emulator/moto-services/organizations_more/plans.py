"""The backup plans that an organization's backup policies give to an account."""

import json
from typing import Any

from emulator.world import organizations

_SERVICE = "backup.amazonaws.com"


def effective_backup_plans(account_id: str) -> list[dict[str, Any]]:
    """The plans of an account's effective BACKUP_POLICY, each as `{"name": ..., "regions": [...], "rules": ...}`.

    `$account` is filled in, `$region` is left, because the caller knows for which of the plan's Regions it asks. There
    are none unless AWS Backup has trusted access to the organization and the policy type is enabled; an account that
    was closed has none, and neither has a plan in which the effective policy is invalid.
    """
    backend = organizations.organization_backend(account_id)
    if backend is None or organizations.suspended(account_id):
        return []
    if not any(service["ServicePrincipal"] == _SERVICE for service in backend.services):
        return []
    plans = json.loads(json.dumps(backend.effective_backup_plans(account_id)).replace("$account", account_id))
    return [{"name": name, **plan} for name, plan in plans.items()]
