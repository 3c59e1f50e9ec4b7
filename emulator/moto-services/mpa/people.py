"""What approvers do: answer invitations and vote. AWS offers this in the approval portal only, never by API."""

from typing import Any

from . import identities, lifecycle, state, views, voting
from .sessions import APPROVED, REJECTED, Ballot, Session
from .teams import Team, Version
from .transitions import SESSION_CREATING

WRONG_CODES = 3  # after which a new code is mailed; AWS publishes no number


class WrongCode(ValueError):
    """The one-time code is missing or wrong. The vote does not count, and may be cast again with the right one."""


def answer_invitation(team_arn: str, identity_id: str, response: str) -> dict[str, Any]:
    """Accept or decline; returns the team as GetApprovalTeam shows it. LookupError: stranger. ValueError: too late."""
    _check_response(response, ("ACCEPTED", REJECTED))
    team = state.find_team(team_arn)
    if team is None:
        raise LookupError(f"There is no approval team {team_arn}.")
    version = team.inviting
    members = [team.version] + ([team.draft.version] if team.draft else [])
    if all(member.approver(identity_id) is None for member in members):
        raise LookupError(f"Identity {identity_id} is not invited to team {team.name}.")
    approver = version.approver(identity_id) if version else None
    if version is None or approver is None:
        raise ValueError(f"Team {team.name} is {team.state}: no invitation is open for {identity_id}.")
    if approver.invitation.status != "PENDING":
        raise ValueError(f"{identity_id} has answered the invitation to team {team.name} already.")
    _check_can_act(approver.identity_source_arn, identity_id)
    lifecycle.answer(team, version, approver, response)
    return _shown_team(team)


def vote(
    session_arn: str, identity_id: str, response: str, code: str | None = None, need_code: bool = False
) -> dict[str, Any]:
    """Cast one vote; returns the session as GetSession shows it. `need_code` asks for the code that was mailed, where
    the session requires verification. LookupError for strangers, ValueError when it is too late or said already."""
    _check_response(response, (APPROVED, REJECTED))
    session = state.find_session(session_arn)
    if session is None:
        raise LookupError(f"There is no session {session_arn}.")
    ballot = session.ballot(identity_id)
    if ballot is None:
        raise LookupError(f"Identity {identity_id} is not asked in session {session_arn}.")
    if not voting.votable(session):
        raise ValueError(f"Session {session_arn} is {session.state}: no more votes are taken.")
    if ballot.response_time is not None:
        raise ValueError(f"Identity {identity_id} has voted in session {session_arn} already.")
    _check_can_act(ballot.identity_source_arn, identity_id)
    if need_code and session.verification_required and (not ballot.code or (code or "").strip() != ballot.code):
        raise WrongCode(_about_code(session, ballot, (code or "").strip()))
    voting.cast(session, ballot, response)
    return _shown_session(session)


def _about_code(session: Session, ballot: Ballot, given: str) -> str:
    """What to tell somebody whose code does not fit. Who goes on guessing has to guess another code."""
    if not given and ballot.code:
        return "The one-time code is missing. It was mailed to you for this request. Your vote was not counted."
    if ballot.code:
        ballot.wrong_codes += 1
        if ballot.wrong_codes % WRONG_CODES:
            return "This is not the one-time code that was mailed to you for this request. Your vote was not counted."
        voting.send_code(session, ballot)
        return (
            f"The code was wrong {WRONG_CODES} times, so it is not valid any more. A new one was mailed to you. Your "
            "vote was not counted."
        )
    return (
        "No one-time code could be mailed to you, because your e-mail address changed since you joined the team. Your "
        "vote was not counted. The team's administrator has to synchronize the team (SYNCHRONIZE_MFA_DEVICES): you "
        "then get a code for this request."
    )


def _check_response(response: str, allowed: tuple[str, ...]) -> None:
    if response not in allowed:
        raise ValueError(f"{response!r} is no answer: use {' or '.join(allowed)}.")


def _check_can_act(source_arn: str, identity_id: str) -> None:
    reason = identities.why_not(identities.person(source_arn, identity_id))
    if reason:
        raise ValueError(f"Identity {identity_id} {reason}, so it cannot sign in to the approval portal.")


def _shown_team(team: Team) -> dict[str, Any]:
    shown: dict[str, Any] = views.plain(views.team(team))
    return shown


def _shown_session(session: Session) -> dict[str, Any]:
    shown: dict[str, Any] = views.plain(views.session(session))
    return shown


# For the portal


def invitations_for(identity_id: str) -> list[tuple[Team, Version]]:
    """The open invitations of one person."""
    found = []
    for register in state.everywhere():
        for team in register.teams.values():
            version = team.inviting
            approver = version.approver(identity_id) if version else None
            if version is not None and approver is not None and approver.invitation.status == "PENDING":
                found.append((team, version))
    return found


def teams_for(identity_id: str) -> list[Team]:
    """The teams in which this person is an approver now."""
    return [
        team
        for register in state.everywhere()
        for team in register.teams.values()
        if (approver := team.version.approver(identity_id)) is not None and approver.accepted
    ]


def sessions_for(identity_id: str) -> list[Session]:
    """Every session in which this person is asked, the newest first; those still being created are not shown."""
    found = [
        session
        for register in state.everywhere()
        for session in register.sessions.values()
        if session.ballot(identity_id) is not None and session.state != SESSION_CREATING
    ]
    return sorted(found, key=lambda session: session.initiated, reverse=True)
