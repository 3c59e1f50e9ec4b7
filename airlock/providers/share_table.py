"""The table of ShareAcceptance in README.md, as code. Pure: no call, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from airlock.clients.sharing import Invitation

# Steps
ACCEPT = "accept"
INVITE_AGAIN_AND_ACCEPT = "invite-again-and-accept"
NOTHING = ""

USABLE = frozenset({"ACCEPTED", "NOTHING_TO_ACCEPT"})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Whether this account can use the share, and the invitations to it, newest first."""

    is_visible: bool
    invitations: Sequence[Invitation]

    @property
    def last(self) -> str:
        """How the newest invitation stands; a pending one counts before any other."""
        states = [one.status for one in self.invitations]
        return "PENDING" if "PENDING" in states else next(iter(states), "")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The share, who owns it, and whether we may invite again in the owner's name."""

    share_arn: str
    what: str
    owner_account: str
    account: str
    region: str
    can_reinvite: bool
    status_before: str


def step(seen: Seen, wanted: Wanted) -> str:
    """What this run does."""
    match status(seen, wanted):
        case "PENDING":
            return ACCEPT
        case "LAPSED" | "REJECTED" if wanted.can_reinvite:
            return INVITE_AGAIN_AND_ACCEPT
        case _:
            return NOTHING


def status(seen: Seen, wanted: Wanted) -> str:
    """The word for what is there. PENDING is seen only between two runs that could not finish."""
    if seen.is_visible:
        # RAM forgets invitations after a while; that they were accepted stays true.
        was_accepted = seen.invitations or wanted.status_before == "ACCEPTED"
        return "ACCEPTED" if was_accepted else "NOTHING_TO_ACCEPT"
    match seen.last:
        case "PENDING" | "REJECTED":
            return seen.last
        case "EXPIRED":
            return "LAPSED"
        case _ if wanted.status_before in {*USABLE, "GONE"}:
            return "GONE"
        case "ACCEPTED":
            return "ACCEPTING"
        case _:
            return "WAITING_FOR_SHARE"


def waiting(seen: Seen, wanted: Wanted) -> str:
    """Who has to do what, or ""."""
    named = f"The share of {wanted.what}"
    owner, place = f"account {wanted.owner_account}", f"account {wanted.account} in {wanted.region}"
    match status(seen, wanted):
        case "LAPSED" | "REJECTED" as how:
            went = "lapsed after its 12 hours" if how == "LAPSED" else "was rejected"
            target = f"--resource-share-arn {wanted.share_arn} --principals {wanted.account} --region {wanted.region}"
            return (
                f"{named} is of no use to {place}: the invitation {went}. In {owner}, run: aws ram "
                f"disassociate-resource-share {target}; then: aws ram associate-resource-share {target}; then deploy "
                "this stack again within 12 hours."
            )
        case "WAITING_FOR_SHARE":
            return (
                f"{named} has not reached {place}. Deploy the stack of {owner} that shares it with account "
                f"{wanted.account}, then this one within 12 hours."
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
