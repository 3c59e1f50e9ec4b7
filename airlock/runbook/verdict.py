"""What an access vault and its vote mean together.

AWS does not document what becomes of a refused access vault: it may stay, fail or vanish. Each of these is read here.
"""

from dataclasses import dataclass

from airlock.clients.approval_types import Session
from airlock.clients.backup_types import Vault

DONE, FAILED, WAITING = 0, 1, 3

_ENDED = {
    "REJECTED": ("REJECTED", "was rejected by the team"),
    "EXPIRED": ("EXPIRED", "expired: fewer approvals than needed came within 24 hours"),
    "CONFIGURATION_CHANGED": ("ENDED", "ended because the vault's approval team was changed meanwhile"),
    "ALL_APPROVERS_IN_SESSION": ("ENDED", "could not start because every approver has to answer another request first"),
}
_AGAIN = "There is no access. To ask again: `airlock request`; it takes a new name and a new vote."


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """OPEN, WAITING, REJECTED, EXPIRED, ENDED, FAILED or GONE, with what a responder has to know."""

    name: str
    sentence: str
    exit_code: int
    approvals: int = 0
    rejections: int = 0
    threshold: int = 0


def judge(
    name: str, vault: Vault | None, session: Session | None, unseen: str, *, lapsed: bool, threshold: int
) -> Outcome:
    """The meaning of what was seen. `lapsed`: more time passed than any vote lasts."""
    votes = session.votes if session else ()
    counted = {
        "approvals": sum(vote.response == "APPROVED" for vote in votes),
        "rejections": sum(vote.response == "REJECTED" for vote in votes),
        "threshold": session.threshold if session and session.threshold else threshold,
    }
    outcome, sentence, code = _meaning(name, vault, session, unseen, lapsed, counted)
    return Outcome(name=outcome, sentence=sentence, exit_code=code, **counted)


def _meaning(
    name: str, vault: Vault | None, session: Session | None, unseen: str, lapsed: bool, counted: dict[str, int]
) -> tuple[str, str, int]:
    if vault is not None and vault.state == "AVAILABLE":
        return "OPEN", f"Access is open as `{name}`. Restore: airlock restore --access-vault {name} --before TIME", DONE
    ended = _ended(name, session)
    if ended:
        return ended
    if vault is None and session is not None and session.status == "APPROVED":
        return "GONE", f"The access `{name}` was open and has been removed since. {_AGAIN}", FAILED
    if vault is None:
        return "GONE", f"The access vault `{name}` is gone: it was refused, revoked or removed. {_AGAIN}", FAILED
    if vault.state == "FAILED":
        return "FAILED", f"AWS could not make the access vault `{name}`. {_AGAIN}", FAILED
    if session is None and lapsed:
        return "EXPIRED", f"The request `{name}` is older than 24 hours and was not approved. {_AGAIN}", FAILED
    if session is None:
        return (
            "WAITING",
            f"The request `{name}` waits for the team; its vote is out of sight: {unseen}",
            WAITING,
        )
    if session.status == "APPROVED":
        return "WAITING", f"The team approved `{name}`; AWS is opening the access. Look again in a minute.", WAITING
    until = f" until {session.expires:%Y-%m-%d %H:%M %Z}" if session.expires else ""
    counts = f"{counted['approvals']} of {counted['threshold']} approvals so far"
    return "WAITING", f"The request `{name}` waits for the team{until}: {counts}.", WAITING


def _ended(name: str, session: Session | None) -> tuple[str, str, int] | None:
    """A vote that is over without access, whatever the vault still says."""
    if session is None:
        return None
    if session.status == "FAILED" or (session.status == "CANCELLED" and session.status_code in _ENDED):
        word, what = _ENDED.get(session.status_code, ("ENDED", f"failed ({session.status_code or 'no reason given'})"))
        return word, f"The request `{name}` {what}. {_AGAIN}", FAILED
    if session.status == "CANCELLED":
        return "ENDED", f"The request `{name}` was cancelled. {_AGAIN}", FAILED
    if session.status == "APPROVED" and session.execution_status == "FAILED":
        return (
            "FAILED",
            f"The team approved `{name}`, but AWS could not open the access: the requester may have lost its rights "
            f"meanwhile. {_AGAIN}",
            FAILED,
        )
    return None
