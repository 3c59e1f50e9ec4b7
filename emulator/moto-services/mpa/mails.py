"""The wording of the mails that approvers get."""

from emulator.world import mail

from .sessions import Ballot, Session
from .teams import Approver, Team, Version


def invitation(team: Team, approver: Approver, version: Version) -> None:
    lapses = f" It lapses at {version.expires:%Y-%m-%d %H:%M} UTC." if version.expires else ""
    mail.send(
        approver.identity_id,
        f"Invitation to approval team {team.name}",
        f"You are invited to be an approver of team {team.name} of account {team.owner_account}.{lapses} Open the "
        "approval portal to accept or to decline.",
    )


def request(session: Session, ballot: Ballot) -> None:
    kind = "Practice request" if session.practice else "Approval request"
    asked = session.request
    mail.send(
        ballot.identity_id,
        f"{kind} for team {session.team_name}",
        f"{asked.requester_principal} asks for {asked.action_name} on {asked.protected_resource_arn}. Answer in the "
        f"approval portal before {session.expires:%Y-%m-%d %H:%M} UTC.",
        session_arn=session.arn,
    )


def code(session: Session, ballot: Ballot) -> None:
    mail.send(
        ballot.identity_id,
        f"One-time code for your vote in team {session.team_name}",
        f"Your code is {ballot.code}. It counts for this request only: {session.request.description}",
        session_arn=session.arn,
        code=ballot.code,
    )
