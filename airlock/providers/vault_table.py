"""The tables of VaultApproval in README.md, as code. Pure: no call, no clock."""

from dataclasses import dataclass

from airlock.clients.backups import Request

# Steps
ASSOCIATE = "associate"
DISASSOCIATE = "disassociate"
NOTHING = ""

# What our last question was about, beside the ARN of a team that the vault was to be moved to.
REMOVAL = "removal"

# Words that say "this vault had its team when we last looked".
HELD = frozenset({"ASSOCIATED", "CHANGE_PENDING_APPROVAL", "CHANGE_REFUSED", "OTHER_TEAM", "REMOVAL_REFUSED", "GONE"})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A vault that exists. The last two are looked at only when they decide something: no team yet, and one wanted."""

    state: str
    team_arn: str
    request: Request | None
    opted_in: bool = True
    team_status: str = ""

    @property
    def is_pending(self) -> bool:
        return self.request is not None and self.request.status == "PENDING"


@dataclass(frozen=True, kw_only=True)
class Wanted:
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


def step(seen: Seen, wanted: Wanted) -> str:
    """What this run does to a vault that exists."""
    if wanted.absent:
        ask = bool(seen.team_arn) and not seen.is_pending and not _said_no(seen, wanted, REMOVAL)
        return DISASSOCIATE if ask else NOTHING
    if not seen.team_arn:
        return ASSOCIATE if status(seen, wanted) == "READY" else NOTHING
    if seen.team_arn == wanted.team_arn or seen.is_pending or _said_no(seen, wanted, wanted.team_arn):
        return NOTHING
    return ASSOCIATE


def status(seen: Seen | None, wanted: Wanted) -> str:
    """The word for what is there; READY when nothing stands in the way of a first association."""
    if wanted.absent:
        return _removal_status(seen, wanted)
    if seen is None:
        return "GONE"
    if not seen.team_arn:
        return "GONE" if wanted.is_lost else _open_door(seen)
    if seen.is_pending:
        return "CHANGE_PENDING_APPROVAL"
    if seen.team_arn == wanted.team_arn:
        return "ASSOCIATED"
    if _said_no(seen, wanted, wanted.team_arn):
        return "CHANGE_REFUSED"
    return "CHANGE_PENDING_APPROVAL" if wanted.asked == wanted.team_arn else "OTHER_TEAM"


def is_ours(seen: Seen | None, wanted: Wanted) -> bool:
    """Whether the last question put to the vault's team is one of ours."""
    question = REMOVAL if wanted.absent else wanted.team_arn
    session = seen.request.session_arn if seen and seen.request else ""
    return wanted.asked == question and wanted.session_arn in {"", session}


def _open_door(seen: Seen) -> str:
    if seen.state != "AVAILABLE":
        return "WAITING_FOR_VAULT"
    if not seen.opted_in:
        return "WAITING_FOR_OPT_IN"
    if not seen.team_status:
        return "WAITING_FOR_SHARE"
    return "READY" if seen.team_status == "ACTIVE" else "WAITING_FOR_TEAM"


def _removal_status(seen: Seen | None, wanted: Wanted) -> str:
    if seen is None or not seen.team_arn:
        return "REMOVED"
    return "REMOVAL_REFUSED" if _said_no(seen, wanted, REMOVAL) else "REMOVAL_PENDING"


def _said_no(seen: Seen, wanted: Wanted, question: str) -> bool:
    """Whether the last vote on the vault was on exactly this question of ours, and failed."""
    request = seen.request
    return (
        request is not None
        and request.status == "FAILED"
        and wanted.asked == question
        and request.session_arn == wanted.session_arn
    )


def waiting(seen: Seen | None, wanted: Wanted) -> str:
    """Who has to do what, or ""."""
    named = f"Vault `{wanted.vault_name}`"
    team = wanted.team_arn.rpartition("/")[2]
    session = seen.request.session_arn if seen and seen.request else ""
    match status(seen, wanted):
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
                f"{named} waits for its team {team}, which account {wanted.vault_account} cannot see. Deploy the "
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
        case "CHANGE_PENDING_APPROVAL" if is_ours(seen, wanted):
            return (
                f"The move of vault `{wanted.vault_name}` to team {team} is under vote. The approvers of its current "
                f"team must approve session {session} in the approval portal."
            )
        case "CHANGE_PENDING_APPROVAL":
            return (
                f"{named}: a change of its approval team is under vote (session {session}) that this program did not "
                "ask for. Have the approvers reject it, and find out who asked."
            )
        case "CHANGE_REFUSED":
            return (
                f"The current team of vault `{wanted.vault_name}` did not agree to the move to team {team}, so nothing "
                "changed. Set the team back in the program and deploy; to ask once more, change it again after that."
            )
        case "REMOVAL_PENDING" if not is_ours(seen, wanted):
            return (
                f"Another question about vault `{wanted.vault_name}` is under vote (session {session}). Taking its "
                "team off is put to the vote when that is decided and this is deployed again."
            )
        case "REMOVAL_PENDING":
            return (
                f"Taking the approval team off vault `{wanted.vault_name}` is under vote. Its approvers must approve "
                f"session {session} in the approval portal."
            )
        case "REMOVAL_REFUSED":
            return (
                f"The approvers did not agree to leave vault `{wanted.vault_name}`. Set `desired` back to `present` "
                "and deploy; to ask once more, set it to `absent` again after that."
            )
        case _:
            return ""
