"""Asks the approval team for access to a vault, from the landing account."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory, ProtectedVault, Team
from airlock.domain.names import access_vault_name
from airlock.runbook.calls import BackupCalls, Calls
from airlock.runbook.journal import Journal

STEP = "access requested"
# AWS takes this many; what is cut off would be missing where the approvers read it.
_LONGEST_COMMENT = 200


@dataclass(frozen=True, kw_only=True)
class AccessRequest:
    """What was asked for, and who has to answer."""

    access_vault: str
    access_vault_arn: str
    vault: str
    region: str
    incident: str
    comment: str
    request_id: str
    state: str
    team: str
    threshold: int
    approvers: list[str]
    portal_url: str

    @property
    def sentence(self) -> str:
        """What happens next."""
        where = self.portal_url or "the approval portal"
        return (
            f"Access to `{self.vault}` was asked for as `{self.access_vault}`. {self.threshold} of "
            f"{', '.join(self.approvers)} have to approve within 24 hours at {where}. "
            f"Watch it: airlock status --access-vault {self.access_vault}"
        )

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def new_request_id() -> str:
    """AWS takes 50 characters; a request id is used once, or AWS would answer with the earlier request."""
    return f"airlock-{uuid.uuid4()}"


def request(
    inventory: Inventory,
    vault_name: str,
    incident: str,
    comment: str,
    *,
    calls: Calls,
    journal: Journal,
    new_id: Callable[[], str] = new_request_id,
) -> AccessRequest:
    """One request under a new access vault name and a new request id. It never waits for the vote."""
    vault = inventory.vault(vault_name)
    team = inventory.team_of(vault)
    text = _comment(incident, comment)
    backups = calls.backups(vault.region)
    name = _free_name(vault.name, incident, backups, journal)
    request_id = new_id()
    facts = {"access_vault": name, "vault": vault.arn, "region": vault.region, "incident": incident}
    call = "backup:CreateRestoreAccessBackupVault"
    # Written before the call: a crash in between must not let the next request take the same name.
    journal.write("access is asked for", **facts, comment=text, call=call, request_id=request_id)
    created = backups.create_restore_access_vault(vault.arn, name, request_id, text)
    journal.write(STEP, **facts, call=call, request_id=request_id, access_vault_arn=created.arn, state=created.state)
    return _access_request(
        vault, team, inventory.portal_url, incident, text, request_id, name, created.arn, created.state
    )


def _access_request(
    vault: ProtectedVault,
    team: Team,
    portal_url: str,
    incident: str,
    comment: str,
    request_id: str,
    name: str,
    arn: str,
    state: str,
) -> AccessRequest:
    return AccessRequest(
        access_vault=name,
        access_vault_arn=arn,
        vault=vault.name,
        region=vault.region,
        incident=incident,
        comment=comment,
        request_id=request_id,
        state=state or "CREATING",
        team=team.name,
        threshold=team.threshold,
        approvers=team.approvers,
        portal_url=portal_url,
    )


def _comment(incident: str, comment: str) -> str:
    """What approvers read: the incident always stands in it."""
    text = comment if incident in comment else f"{incident}: {comment}".rstrip(": ")
    if len(text) > _LONGEST_COMMENT:
        raise UsageError(
            f"The comment has {len(text)} characters with the incident; approvers see at most {_LONGEST_COMMENT}. "
            "Nothing was asked for. Say it in fewer words."
        )
    return text


def _free_name(vault: str, incident: str, backups: BackupCalls, journal: Journal) -> str:
    """A name that no request ever had: an earlier one may be gone from AWS and still stand in the journal."""
    taken = {entry["access_vault"] for entry in journal.entries() if "access_vault" in entry}
    taken |= {item.name for item in backups.list_vaults()}
    number = 1
    while access_vault_name(vault, incident, number) in taken:
        number += 1
    return access_vault_name(vault, incident, number)
