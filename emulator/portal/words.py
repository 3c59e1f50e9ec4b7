"""A request in words: what is asked, what an approval would do, and of which resource."""

from dataclasses import dataclass
from typing import Any

from emulator.portal.people import account_label


@dataclass(frozen=True)
class Wording:
    """How an action is put to an approver. `ask` goes on after "asks"; `refused` also holds when nobody answers."""

    title: str
    ask: str
    effect: str
    refused: str


_STAYS_IN_CHARGE = "Your team stays in charge of the vault."

WORDINGS = {
    "backup:CreateRestoreAccessBackupVault": Wording(
        "Give access to a backup vault",
        "for access to everything in {resource}",
        "The account that asks will be able to read every recovery point in the vault and to restore or copy it. "
        "Nothing in the vault is changed or deleted.",
        "The account that asks gets no access. It can ask again, and you are then asked again.",
    ),
    "backup:AssociateBackupVaultMpaApprovalTeam": Wording(
        "Put another approval team in charge of a backup vault",
        "to put another team in charge of {resource}",
        "From then on the other team decides who gets access to the vault, and yours does not.",
        _STAYS_IN_CHARGE,
    ),
    "backup:DisassociateBackupVaultMpaApprovalTeam": Wording(
        "Take the approval team off a backup vault",
        "to take your team off {resource}",
        "Nobody will be able to open the vault by approval any more, unless its owner names a team again.",
        _STAYS_IN_CHARGE,
    ),
    "backup:RevokeRestoreAccessBackupVault": Wording(
        "Take back the access to a backup vault",
        "to take back the access that was given to {resource}",
        "The restore access vault is removed from the account that has it. The backups stay.",
        "The access stays open.",
    ),
    "mpa:UpdateApprovalTeam": Wording(
        "Change this approval team",
        "to change your team",
        "The team will vote by the new rules below. New people are invited first.",
        "The team stays as it is.",
    ),
    "mpa:StartActiveApprovalTeamDeletion": Wording(
        "Delete this approval team",
        "to delete your team",
        "The team ceases to exist. Vaults that it protects cannot be opened by approval any more.",
        "The team stays.",
    ),
    "mpa:StartApprovalTeamBaseline": Wording(
        "Practice: show that you can be reached",
        "you to show that you can be reached",
        "Nothing happens except that your answer is noted.",
        "You count as not reached. Whoever leaves two sessions unanswered is an inactive approver.",
    ),
}


def wording(action_name: str) -> Wording:
    return WORDINGS.get(action_name) or Wording(
        f"Carry out {action_name}",
        f"for {action_name} on {{resource}}",
        f"The service carries out {action_name} for the requester.",
        "Nothing happens.",
    )


def ask(session: Any) -> str:
    """Who asks for what, as one clause."""
    asked = session.request
    named = resource(asked.protected_resource_arn)
    what = wording(asked.action_name).ask.format(resource=named[:1].lower() + named[1:])
    return f"Account {account_label(asked.requester_account)} asks {what}"


def resource(arn: str) -> str:
    """A protected resource as people call it."""
    parts = arn.split(":", 6)
    if len(parts) == 7 and parts[5] == "backup-vault":
        return f"Vault {parts[6]} of account {account_label(parts[4])} in {parts[3]}"
    if len(parts) == 6 and parts[5].startswith("approval-team/"):
        name = parts[5].removeprefix("approval-team/")[:-37]  # without the hyphen and the UUID
        return f"Approval team {name} of account {account_label(parts[4])}"
    return arn


def new_team(action_name: str, payload: dict[str, str]) -> str:
    """The team that would take over, where the request is about that."""
    arn = payload.get("team_arn", "")
    return resource(arn) if action_name == "backup:AssociateBackupVaultMpaApprovalTeam" and arn else ""


OUTCOMES = {
    "CREATING": "being prepared",
    "PENDING": "open",
    "APPROVED": "approved",
    "CANCELLED": "cancelled",
    "REJECTED": "rejected",
    "EXPIRED": "expired",
    "CONFIGURATION_CHANGED": "ended, because the configuration changed",
    "ALL_APPROVERS_IN_SESSION": "not needed, because everybody is in a practice already",
}
EXECUTIONS = {"EXECUTED": "and carried out", "FAILED": "but could not be carried out"}
RESPONSES = {"APPROVED": "approved", "REJECTED": "rejected", "NO_RESPONSE": "has not answered"}
PRACTICE = {"APPROVED": "reached", "REJECTED": "reached", "NO_RESPONSE": "not reached"}
ACTIVITIES = {
    "VOTED": "voted",
    "BASELINED": "answered a practice",
    "RESPONDED_TO_INVITATION": "accepted the invitation",
}


def answer(session: Any, response: str) -> str:
    """What somebody said in a session; in a practice it only counts that something was said."""
    return (PRACTICE if session.practice else RESPONSES)[response]


def team_state(status: str, code: str | None) -> str:
    """A team's status and code in lower case words: `active, update pending approval`."""
    return ", ".join(part.lower().replace("_", " ") for part in (status, code) if part)


def not_counted(session: Any, user_id: str, reason: str) -> str:
    """Why a vote was not counted, in the voter's words."""
    own = session.ballot(user_id)
    if own.response_time is not None:
        said = "answered" if session.practice else RESPONSES[own.response]
        return f"You have {said} already, and an answer cannot be changed."
    if session.status == "PENDING":
        return reason
    state = outcome(session.status, session.state.code, session.execution)
    return f"This request is over ({state}), so no more votes are taken. Your answer was not counted."


def no_invitation(reason: str) -> str:
    """Why an answer to an invitation was not taken."""
    return f"{reason} Your answer was not counted."


def outcome(status: str, code: str | None, execution: str | None) -> str:
    """How a session stands, in a few words."""
    said = OUTCOMES.get(code or status, (code or status).lower())
    return f"{said} {EXECUTIONS[execution]}" if execution in EXECUTIONS and status == "APPROVED" else said
