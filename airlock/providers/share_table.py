"""The table of ShareAcceptance in README.md, as code. Pure: no call, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from airlock.clients.sharing import Invitation

USABLE = frozenset({"ACCEPTED", "NOTHING_TO_ACCEPT"})


class Step(Enum):
    """What a run does to the share. Where the table says "nothing", there is no step."""

    ACCEPT = "AcceptResourceShareInvitation"
    INVITE_AGAIN_AND_ACCEPT = (
        "the owner makes the association of the principal anew; then AcceptResourceShareInvitation"
    )


@dataclass(frozen=True, kw_only=True)
class LiveShare:
    """Whether this account can use the share, and the invitations to it, newest first."""

    is_visible: bool
    invitations: Sequence[Invitation]

    @property
    def last(self) -> str:
        """How the newest invitation stands; a pending one counts before any other."""
        states = [invitation.status for invitation in self.invitations]
        return "PENDING" if "PENDING" in states else next(iter(states), "")


@dataclass(frozen=True, kw_only=True)
class Desired:
    """The share, who owns it, and whether we may invite again in the owner's name."""

    share_arn: str
    what: str
    owner_account: str
    account: str
    region: str
    can_reinvite: bool
    status_before: str


def step(live: LiveShare, desired: Desired) -> Step | None:
    """What this run does."""
    match status(live, desired):
        case "PENDING":
            return Step.ACCEPT
        case "LAPSED" | "REJECTED" if desired.can_reinvite:
            return Step.INVITE_AGAIN_AND_ACCEPT
        case _:
            return None


def status(live: LiveShare, desired: Desired) -> str:
    """The word for what is there. PENDING is seen only between two runs that could not finish."""
    if live.is_visible:
        # RAM forgets invitations after a while; that they were accepted stays true.
        was_accepted = live.invitations or desired.status_before == "ACCEPTED"
        return "ACCEPTED" if was_accepted else "NOTHING_TO_ACCEPT"
    match live.last:
        case "PENDING" | "REJECTED":
            return live.last
        case "EXPIRED":
            return "LAPSED"
        case _ if desired.status_before in {*USABLE, "GONE"}:
            return "GONE"
        case "ACCEPTED":
            return "ACCEPTING"
        case _:
            return "WAITING_FOR_SHARE"


def waiting(live: LiveShare, desired: Desired) -> str:
    """Who has to do what, or ""."""
    named = f"The share of {desired.what}"
    owner, place = f"account {desired.owner_account}", f"account {desired.account} in {desired.region}"
    match status(live, desired):
        case "LAPSED" | "REJECTED" as how:
            went = "lapsed after its 12 hours" if how == "LAPSED" else "was rejected"
            target = (
                f"--resource-share-arn {desired.share_arn} --principals {desired.account} --region {desired.region}"
            )
            return (
                f"{named} is of no use to {place}: the invitation {went}. In {owner}, run: aws ram "
                f"disassociate-resource-share {target}; then: aws ram associate-resource-share {target}; then deploy "
                "this stack again within 12 hours."
            )
        case "WAITING_FOR_SHARE":
            return (
                f"{named} has not reached {place}. Deploy the stack of {owner} that shares it with account "
                f"{desired.account}, then this one within 12 hours."
            )
        case "GONE":
            return (
                f"{named} with {place} was ended by its owner, {owner}, though nobody here asked for it. Find out "
                "why; if it was a mistake, deploy the owner's stack again, then this one within 12 hours."
            )
        case "ACCEPTING":
            return f"{named} is accepted, and RAM still has to show it to {place}. Deploy again in a minute."
        case "PENDING":
            return f"{named} waits for its acceptance by {place}. Deploy again within 12 hours."
        case _:
            return ""
