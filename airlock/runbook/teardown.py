"""Closes an access from the landing side: an access vault never expires, so somebody has to remove it.

Works also when the owner of the vault is lost. Where the owner is still there, it may revoke instead, by vote.
"""

from dataclasses import asdict, dataclass
from typing import Any

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.calls import ACCESS_VAULT, Calls, regions_of
from airlock.runbook.journal import Journal

CLOSED = "access closed"


@dataclass(frozen=True, kw_only=True)
class ClosedAccess:
    """What was closed. `was_open` is false when somebody else had closed it before."""

    access_vault: str
    was_open: bool

    @property
    def sentence(self) -> str:
        """What is so now."""
        if self.was_open:
            return f"The access `{self.access_vault}` is closed. What was restored stays in the landing account."
        return f"There is no access `{self.access_vault}` any more; nothing had to be closed."

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "sentence": self.sentence}


def teardown(inventory: Inventory, access_vault: str, *, calls: Calls, journal: Journal) -> ClosedAccess:
    """Removes the access vault, and waits until its name is gone. The points stay in their own vault."""
    for region in regions_of(inventory):
        backups = calls.backups(region)
        vault = backups.find_vault(access_vault)
        if vault is None:
            continue
        if vault.type != ACCESS_VAULT:
            raise UsageError(
                f"`{access_vault}` in account {inventory.landing.account_id} is a vault of type {vault.type}, not an "
                "access vault. Nothing was removed."
            )
        journal.write("access is being closed", access_vault=access_vault, call="backup:DeleteBackupVault")
        backups.delete_vault(access_vault)
        backups.wait_until_gone(access_vault)
        journal.write(CLOSED, access_vault=access_vault, call="backup:DescribeBackupVault")
        return ClosedAccess(access_vault=access_vault, was_open=True)
    if not journal.about(access_vault):
        raise UsageError(
            f"There is no access vault `{access_vault}` in the landing account {inventory.landing.account_id}, and the "
            "journal never asked for one. See all with `airlock status`."
        )
    return ClosedAccess(access_vault=access_vault, was_open=False)
