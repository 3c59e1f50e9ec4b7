"""The tables of VaultApproval in README.md, as code. Pure: no call, no clock."""

from dataclasses import dataclass
from enum import Enum

from airlock.clients.backups import Request

# What our last question was about, beside the ARN of a team that the vault was to be moved to.
REMOVAL = "removal"

# Words that say "this vault had its team when we last looked".
HELD = frozenset({"ASSOCIATED", "CHANGE_PENDING_APPROVAL", "CHANGE_REFUSED", "OTHER_TEAM", "REMOVAL_REFUSED", "GONE"})


class Step(Enum):
    """What a run does to the association. Where the table says "nothing", there is no step."""

    ASSOCIATE = "AssociateBackupVaultMpaApprovalTeam: effective at once, or the current team votes"
    DISASSOCIATE = "DisassociateBackupVaultMpaApprovalTeam: the current team votes"


@dataclass(frozen=True, kw_only=True)
class LiveVault:
    """A vault that exists. `opted_in` and `team_status` are read only where a first association depends on them."""

    state: str
    team_arn: str
    request: Request | None
    opted_in: bool = True
    team_status: str = ""

    @property
    def is_pending(self) -> bool:
        return self.request is not None and self.request.status == "PENDING"


@dataclass(frozen=True, kw_only=True)
class Desired:
    """What the program describes, and what an earlier run asked the team (`asked`, in `session_arn`) and saw."""

    vault_name: str
    vault_account: str
    team_arn: str
    absent: bool
    recreate: bool
    asked: str
    session_arn: str
    status_before: str

    @property
    def is_lost(self) -> bool:
        """The vault had a team, nobody here asked for its removal, and it may not simply be given another."""
        return not self.absent and not self.recreate and self.status_before in HELD


def step(live: LiveVault, desired: Desired) -> Step | None:
    """What this run does to a vault that exists."""
    if desired.absent:
        ask = bool(live.team_arn) and not live.is_pending and not _was_refused(live, desired, REMOVAL)
        return Step.DISASSOCIATE if ask else None
    if not live.team_arn:
        return Step.ASSOCIATE if status(live, desired) == "READY" else None
    if live.team_arn == desired.team_arn or live.is_pending or _was_refused(live, desired, desired.team_arn):
        return None
    return Step.ASSOCIATE


def status(live: LiveVault | None, desired: Desired) -> str:
    """The word for what is there; READY when nothing stands in the way of a first association."""
    if desired.absent:
        return _removal_status(live, desired)
    if live is None:
        return "GONE"
    if not live.team_arn:
        return "GONE" if desired.is_lost else _first_association_status(live)
    if live.is_pending:
        return "CHANGE_PENDING_APPROVAL"
    if live.team_arn == desired.team_arn:
        return "ASSOCIATED"
    if _was_refused(live, desired, desired.team_arn):
        return "CHANGE_REFUSED"
    return "CHANGE_PENDING_APPROVAL" if desired.asked == desired.team_arn else "OTHER_TEAM"


def is_ours(live: LiveVault | None, desired: Desired) -> bool:
    """Whether the last question put to the vault's team is one of ours."""
    question = REMOVAL if desired.absent else desired.team_arn
    session = live.request.session_arn if live and live.request else ""
    return desired.asked == question and desired.session_arn in {"", session}


def _first_association_status(live: LiveVault) -> str:
    if live.state != "AVAILABLE":
        return "WAITING_FOR_VAULT"
    if not live.opted_in:
        return "WAITING_FOR_OPT_IN"
    if not live.team_status:
        return "WAITING_FOR_SHARE"
    return "READY" if live.team_status == "ACTIVE" else "WAITING_FOR_TEAM"


def _removal_status(live: LiveVault | None, desired: Desired) -> str:
    if live is None or not live.team_arn:
        return "REMOVED"
    return "REMOVAL_REFUSED" if _was_refused(live, desired, REMOVAL) else "REMOVAL_PENDING"


def _was_refused(live: LiveVault, desired: Desired, question: str) -> bool:
    """Whether the last vote on the vault was on exactly this question of ours, and failed."""
    request = live.request
    return (
        request is not None
        and request.status == "FAILED"
        and desired.asked == question
        and request.session_arn == desired.session_arn
    )


def waiting(live: LiveVault | None, desired: Desired) -> str:
    """Who has to do what, or ""."""
    named = f"Vault `{desired.vault_name}`"
    team = desired.team_arn.rpartition("/")[2]
    session = live.request.session_arn if live and live.request else ""
    match status(live, desired):
        case "GONE":
            return (
                f"{named} is gone or has lost its approval team, though nobody here asked for it. Find out who did "
                "that; until it has a team again, nobody can open it when its account is lost."
            )
        case "WAITING_FOR_VAULT":
            return f"{named} is still being made by AWS. Deploy again in a few minutes."
        case "WAITING_FOR_OPT_IN":
            return (
                f"{named} cannot have a team: Multi-party approval is off in its organization. Deploy the stack "
                "`management`, which switches on isMpaEnabled, then deploy this one again."
            )
        case "WAITING_FOR_SHARE":
            return (
                f"{named} waits for its team {team}, which account {desired.vault_account} cannot see. Deploy the "
                "stack that shares the team, see that the share is accepted in us-east-1, then deploy this one "
                "again."
            )
        case "WAITING_FOR_TEAM" | "READY":
            return (
                f"{named} has no approval team yet: team {team} is not active. Its approvers must accept their "
                "invitations in the approval portal; then deploy again."
            )
        case "OTHER_TEAM":
            return (
                f"{named} is held by another team than {team}. Deploy again to put the move to the vote of the team "
                "that holds it."
            )
        case "CHANGE_PENDING_APPROVAL" if is_ours(live, desired):
            return (
                f"The move of vault `{desired.vault_name}` to team {team} is under vote. The approvers of its current "
                f"team must approve session {session} in the approval portal."
            )
        case "CHANGE_PENDING_APPROVAL":
            return (
                f"{named}: a change of its approval team is under vote (session {session}) that this program did not "
                "ask for. Have the approvers reject it, and find out who asked."
            )
        case "CHANGE_REFUSED":
            return (
                f"The current team of vault `{desired.vault_name}` did not agree to the move to team {team}, so "
                "nothing changed. Set the team back in the program and deploy; to ask once more, change it again after "
                "that."
            )
        case "REMOVAL_PENDING" if not is_ours(live, desired):
            return (
                f"Another question about vault `{desired.vault_name}` is under vote (session {session}). Taking its "
                "team off is put to the vote when that is decided and this is deployed again."
            )
        case "REMOVAL_PENDING":
            return (
                f"Taking the approval team off vault `{desired.vault_name}` is under vote. Its approvers must approve "
                f"session {session} in the approval portal."
            )
        case "REMOVAL_REFUSED":
            return (
                f"The approvers did not agree to leave vault `{desired.vault_name}`. Set `desired` back to `present` "
                "and deploy; to ask once more, set it to `absent` again after that."
            )
        case _:
            return ""
