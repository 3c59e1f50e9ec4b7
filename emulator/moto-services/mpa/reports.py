"""The monthly team report: a mail to the management account that set up Multi-party approval.

AWS documents a summary of the teams and one of the operations; the lines on each team, its approvers and what to do are
ours. A month has 30 days here, counted from the creation of the identity source.
"""

from datetime import datetime, timedelta

from emulator.world import agenda, clock, identity_store, mail

from . import health, state
from .sessions import NO_RESPONSE, Session
from .state import AccountState

MONTH = timedelta(days=30)
SUBJECT = "Multi-party approval: monthly team report"


def begin(account: str, since: datetime) -> None:
    """Have a report sent every month, until this identity source is gone."""
    agenda.at(since + MONTH, "mpa.monthly_report", account, since.isoformat())


@agenda.handler("mpa.monthly_report")
def _monthly(account: str, since: str) -> None:
    register = state.of(account)
    if register.identity_source is None or register.identity_source.created.isoformat() != since:
        return  # The source is gone, or another one took its place and has reports of its own.
    agenda.at(clock.now() + MONTH, "mpa.monthly_report", account, since)
    if register.teams:
        mail.send(mail.address_of(account), SUBJECT, text(account, register))


def text(account: str, register: AccountState) -> str:
    """The report as it is now, over the last month."""
    conditions = [health.of_team(team) for team in register.teams.values()]
    troubled = [condition for condition in conditions if condition.inactive]
    lines = [
        f"Approval teams of account {account}, {clock.now() - MONTH:%d %b %Y} to {clock.now():%d %b %Y}",
        "",
        "Approval team summary",
        f"Teams with all active approvers: {len(conditions) - len(troubled)}",
        f"Teams with inactive approvers: {len(troubled)}",
        *[f"- {found.team.name} ({found.team.arn})" for found in troubled],
        "",
        "Operation summary",
        *_operations(register),
    ]
    for found in conditions:
        lines += ["", *_team(found)]
    return "\n".join(lines)


def _operations(register: AccountState) -> list[str]:
    month = [session for session in register.sessions.values() if session.initiated >= clock.now() - MONTH]
    answers = [ballot for session in month for ballot in session.ballots if ballot.response != NO_RESPONSE]
    return [
        f"Requested operations: {len(month)}",
        f"Responses: {len(answers)}",
        f"Expired: {_ended(month, 'EXPIRED')}",
        f"Cancelled: {sum(session.status == 'CANCELLED' for session in month)}",
    ]


def _ended(sessions: list[Session], code: str) -> int:
    return sum(session.state.code == code for session in sessions)


def _team(found: health.Health) -> list[str]:
    team = found.team
    lines = [
        f"Team {team.name}: {team.state}, {'healthy' if found.healthy else 'not healthy'}",
        f"{team.version.threshold} of {len(team.version.approvers)} approvals are needed.",
    ]
    for condition in found.conditions:
        person = condition.approver
        user = identity_store.find_user(person.identity_id)
        last = f"{person.last_activity}, {person.last_activity_time:%d %b %Y}" if person.last_activity_time else "never"
        name = user.user_name if user else person.identity_id
        lines.append(f"- {name}: {condition.problem or 'active'} (last activity: {last})")
    return [*lines, f"To do: {found.advice}"] if found.advice else lines
