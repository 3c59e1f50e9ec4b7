"""A request in words: what is asked, what an approval would do, and of which resource."""

from dataclasses import dataclass

from emulator.portal.people import account_label


@dataclass(frozen=True)
class Wording:
    """How an action is put to an approver."""

    title: str
    effect: str


WORDINGS = {
    "backup:CreateRestoreAccessBackupVault": Wording(
        "Give access to a backup vault",
        "The account that asks will be able to read every recovery point in the vault and to restore or copy it. "
        "Nothing in the vault is changed or deleted.",
    ),
    "backup:AssociateBackupVaultMpaApprovalTeam": Wording(
        "Put another approval team in charge of a backup vault",
        "From then on the other team decides who gets access to the vault, and yours does not.",
    ),
    "backup:DisassociateBackupVaultMpaApprovalTeam": Wording(
        "Take the approval team off a backup vault",
        "Nobody will be able to open the vault by approval any more, unless its owner names a team again.",
    ),
    "backup:RevokeRestoreAccessBackupVault": Wording(
        "Take back the access to a backup vault",
        "The restore access vault is removed from the account that has it. The backups stay.",
    ),
    "mpa:UpdateApprovalTeam": Wording(
        "Change this approval team",
        "The team will vote by the new rules below. New people are invited first.",
    ),
    "mpa:StartActiveApprovalTeamDeletion": Wording(
        "Delete this approval team",
        "The team ceases to exist. Vaults that it protects cannot be opened by approval any more.",
    ),
    "mpa:StartApprovalTeamBaseline": Wording(
        "Practice: show that you can be reached",
        "Nothing happens except that your answer is noted.",
    ),
}


def wording(action_name: str) -> Wording:
    return WORDINGS.get(action_name) or Wording(
        f"Carry out {action_name}", f"The service carries out {action_name} for the requester."
    )


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


def outcome(status: str, code: str | None, execution: str | None) -> str:
    """How a session stands, in a few words."""
    said = OUTCOMES.get(code or status, (code or status).lower())
    return f"{said} {EXECUTIONS[execution]}" if execution in EXECUTIONS and status == "APPROVED" else said
