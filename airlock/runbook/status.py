"""Where a request stands: the access vault, the vote as far as the landing account may see it, and what follows."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from airlock.clients.approval_types import Session
from airlock.clients.backup_types import Vault
from airlock.domain.errors import AirlockError, CouldNotFindOut, RefusedByAws, UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.calls import ACCESS_VAULT, ApprovalCalls, Calls, regions_of
from airlock.runbook.journal import Journal, utc_now
from airlock.runbook.verdict import Outcome, judge

STEP = "vote seen"
GONE = "GONE"
# A vote that nobody finished ends after this time; AWS counts silence as a no.
VOTE_LASTS = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class AccessStatus:
    """`state` is AWS's word for the access vault, or GONE; `outcome` is what it means; `sentence` what to do."""

    access_vault: str
    access_vault_arn: str
    source_vault_arn: str
    region: str
    state: str
    outcome: str
    session_arn: str
    session_status: str
    session_code: str
    approvals: int
    rejections: int
    threshold: int
    approvers: int
    expires: str
    sentence: str
    exit_code: int

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def status(
    inventory: Inventory,
    access_vault: str,
    *,
    calls: Calls,
    journal: Journal,
    now: Callable[[], datetime] = utc_now,
) -> AccessStatus:
    """One access vault. Looking changes nothing; what is seen of the vote is kept in the journal."""
    region, vault = _find(inventory, access_vault, calls)
    entries = journal.about(access_vault)
    if vault is None and not entries:
        raise UsageError(
            f"There is no access vault `{access_vault}` in the landing account {inventory.landing.account_id}, and the "
            "journal never asked for one. See all with `airlock status`."
        )
    known = {key: value for entry in entries for key, value in entry.items() if value}
    session_arn = (vault.session_arn if vault else "") or known.get("session_arn", "")
    session, unseen = _session(session_arn, calls.approvals())
    if session_arn and session_arn != known.get("session_arn"):
        journal.write(STEP, access_vault=access_vault, session_arn=session_arn, call="backup:DescribeBackupVault")
    lapsed = vault is not None and vault.created is not None and now() - vault.created > VOTE_LASTS
    outcome = judge(access_vault, vault, session, unseen, lapsed=lapsed, threshold=_threshold(inventory, vault, known))
    return _status(access_vault, region or known.get("region", ""), vault, known, session, session_arn, outcome)


def all_status(inventory: Inventory, *, calls: Calls, journal: Journal) -> list[AccessStatus]:
    """Every access vault that is there, and every one that the journal asked for."""
    names: dict[str, None] = {}
    for region in regions_of(inventory):
        names |= {vault.name: None for vault in calls.backups(region).list_vaults(ACCESS_VAULT)}
    names |= {entry["access_vault"]: None for entry in journal.entries() if "access_vault" in entry}
    return [status(inventory, name, calls=calls, journal=journal) for name in names]


def _find(inventory: Inventory, name: str, calls: Calls) -> tuple[str, Vault | None]:
    """The access vault lies in the Region of its source; the name does not say which."""
    for region in regions_of(inventory):
        vault = calls.backups(region).find_vault(name)
        if vault is not None:
            if vault.type != ACCESS_VAULT:
                raise UsageError(f"`{name}` is a vault of type {vault.type}, not an access vault.")
            return region, vault
    return "", None


def _session(arn: str, approvals: ApprovalCalls) -> tuple[Session | None, str]:
    """The vote, or why it cannot be seen. An open vault must stay usable while the vote is out of sight."""
    if not arn:
        return None, "AWS has not opened it yet"
    try:
        return approvals.get_session(arn), ""
    except (RefusedByAws, CouldNotFindOut) as problem:
        return None, str(problem)


def _threshold(inventory: Inventory, vault: Vault | None, known: dict[str, Any]) -> int:
    source = (vault.source_arn if vault else "") or known.get("vault", "")
    thresholds = [inventory.team_of(item).threshold for item in inventory.vaults if item.arn == source]
    return thresholds[0] if thresholds else 0


def _status(
    name: str,
    region: str,
    vault: Vault | None,
    known: dict[str, Any],
    session: Session | None,
    session_arn: str,
    outcome: Outcome,
) -> AccessStatus:
    return AccessStatus(
        access_vault=name,
        access_vault_arn=vault.arn if vault else known.get("access_vault_arn", ""),
        source_vault_arn=(vault.source_arn if vault else "") or known.get("vault", ""),
        region=region,
        state=vault.state if vault else GONE,
        outcome=outcome.name,
        session_arn=session_arn,
        session_status=session.status if session else "",
        session_code=session.status_code if session else "",
        approvals=outcome.approvals,
        rejections=outcome.rejections,
        threshold=outcome.threshold,
        approvers=session.approvers if session else 0,
        expires=session.expires.isoformat() if session and session.expires else "",
        sentence=outcome.sentence,
        exit_code=outcome.exit_code,
    )


def require_open(access: AccessStatus) -> None:
    """Lets an open access pass; anything else ends with its own sentence and exit code."""
    if access.outcome == "OPEN":
        return
    error = AirlockError(access.sentence)
    error.exit_code = access.exit_code
    raise error
