"""The table of ApprovalTeam in README.md, as code. Pure: no call, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from airlock.clients.approvals import Draft, Team


class Step(Enum):
    """What a run does to a team. Where the table says "nothing", there is no step."""

    INVITE_AGAIN = "UpdateApprovalTeam on an inactive team: everybody is invited anew"
    UPDATE = "UpdateApprovalTeam: the team votes"
    START_REMOVAL = "StartActiveApprovalTeamDeletion: the team votes"
    DROP_INACTIVE = "DeleteInactiveApprovalTeamVersion"
    RETAG = "TagResource with our owner tag"


# Statuses that are not AWS's own
GONE = "GONE"
REMOVED = "REMOVED"
REMOVAL_PENDING = "REMOVAL_PENDING"
REMOVAL_REFUSED = "REMOVAL_REFUSED"


@dataclass(frozen=True, kw_only=True)
class Desired:
    """The team that the program describes. `asked_before`: it was to be absent in an earlier run already."""

    name: str
    description: str
    threshold: int
    approver_ids: Mapping[str, str]
    identity_source_arn: str
    absent: bool
    asked_before: bool


def step(team: Team, desired: Desired) -> Step | None:
    """What this run does to a team that exists."""
    return _removal_step(team, desired) if desired.absent else _keeping_step(team, desired)


def _keeping_step(team: Team, desired: Desired) -> Step | None:
    match (team.status, team.status_code.partition("_FAILED_")[0]):
        case ("INACTIVE", "UPDATE_PENDING_APPROVAL"):  # Should AWS have the repair of an inactive team voted on.
            return None
        case ("INACTIVE", _):
            return Step.INVITE_AGAIN
        case ("ACTIVE", "UPDATE") if team.draft and same(team.draft, desired):
            # People said no to exactly this, or did not answer. Asking once more is their decision, not a run's.
            return None
        case ("ACTIVE", "" | "UPDATE" | "DELETE"):
            return None if same(team, desired) else Step.UPDATE
        case _:
            return None


def _removal_step(team: Team, desired: Desired) -> Step | None:
    match (team.status, team.status_code.partition("_FAILED_")[0]):
        case ("INACTIVE", "UPDATE_PENDING_APPROVAL"):
            return None
        case ("INACTIVE", _):
            return Step.DROP_INACTIVE
        case ("ACTIVE", "DELETE"):
            return None if desired.asked_before else Step.START_REMOVAL
        case ("ACTIVE", "" | "UPDATE"):
            return Step.START_REMOVAL
        case _:
            return None


def status(team: Team | None, desired: Desired) -> str:
    """The word for what is there."""
    if team is None:
        return REMOVED if desired.absent else GONE
    match (team.status, team.status_code):
        case ("DELETING", _) | (_, "DELETE_PENDING_APPROVAL"):
            return REMOVAL_PENDING
        case ("ACTIVE", code) if code.startswith("DELETE_FAILED_"):
            return REMOVAL_REFUSED if desired.absent else "ACTIVE"
        case ("ACTIVE", code) if code.startswith("UPDATE_FAILED_") and not desired.absent and same(team, desired):
            return "ACTIVE"
        case (aws, code):
            return code or aws


def same(version: Team | Draft, desired: Desired) -> bool:
    """Whether a team, or the draft of one, is what the program describes."""
    people = {(member.identity_id, member.identity_source_arn) for member in version.members}
    return (
        version.threshold == desired.threshold
        and version.description == desired.description
        and people == {(approver, desired.identity_source_arn) for approver in desired.approver_ids.values()}
    )


def waiting(team: Team | None, desired: Desired) -> str:
    """Who has to do what, or ""."""
    named = f"Team `{desired.name}`"
    people = {identity: user for user, identity in desired.approver_ids.items()}
    match status(team, desired):
        case "GONE":
            return (
                f"{named} is gone, though nobody here asked for it: no vault that relies on it can be opened. Find "
                "out who removed it. Set `recreate: true` to make a new one; every vault then has to be moved to it."
            )
        case "VALIDATING":
            return f"{named} is being checked by AWS, which then sends the invitations. Deploy again in a minute."
        case "PENDING_ACTIVATION" if team:
            late = _still_invited(team, people)
            return f"{named} is not active: {late} must accept the invitation in the approval portal within 24 hours."
        case "FAILED_ACTIVATION" | "FAILED_VALIDATION" if team:
            why = f" ({team.status_message})" if team.status_message else ""
            return (
                f"{named} never became active: an approver declined, did not answer or is not valid{why}. Deploy again."
            )
        case "UPDATE_PENDING_APPROVAL" if team:
            votes = f"{votes_needed(team)} must approve it in the approval portal."
            return f"A change of {named} is under vote: {votes}{_newer(team, desired)}"
        case "UPDATE_PENDING_ACTIVATION" if team and team.draft:
            late = _still_invited(team.draft, people)
            return f"A change of {named} was approved; {late} must accept the invitation within 24 hours." + _newer(
                team, desired
            )
        case "UPDATE_FAILED_APPROVAL" | "UPDATE_FAILED_ACTIVATION" | "UPDATE_FAILED_VALIDATION" if team and team.draft:
            return (
                f"The last change of {named} was refused, lapsed or not valid; the team goes on unchanged. Take the "
                "change back in the program. To ask once more: aws mpa delete-inactive-approval-team-version --arn "
                f"{team.arn} --version-id {team.draft.version_id}, then deploy again."
            )
        case "REMOVAL_PENDING" if team and team.status == "DELETING":
            return f"{named} is being removed by AWS. Deploy again later."
        case "REMOVAL_PENDING" if team and desired.absent:
            return f"The removal of {named} is under vote: {votes_needed(team)} must approve it in the approval portal."
        case "REMOVAL_PENDING" if team:
            return (
                f"{named} is under vote to be removed, which this program does not ask for. Have its approvers "
                "reject that, and find out who asked."
            )
        case "REMOVAL_REFUSED":
            return (
                f"The approvers did not agree to remove {named}. Set `desired` back to `present` and deploy; to ask "
                "them once more, set it to `absent` again after that."
            )
        case _:
            return ""


def votes_needed(team: Team) -> str:
    """How many have to approve."""
    return f"{team.threshold} of its {len(team.members)} approvers"


def _still_invited(version: Team | Draft, people: Mapping[str, str]) -> str:
    invited = [member.identity_id for member in version.members if member.status != "ACCEPTED"]
    return (
        " and ".join(sorted(people.get(identity, identity) for identity in invited))
        or "AWS still has to switch it on, as everybody"
    )


def _newer(team: Team, desired: Desired) -> str:
    if desired.absent:
        return " Its removal is asked for when that is decided and this is deployed again."
    if team.draft and same(team.draft, desired):
        return ""
    return (
        " The program describes another change by now, which is sent when that is decided and this is deployed "
        f"again; to decide it at once: aws mpa cancel-session --session-arn {team.update_session_arn}"
    )
