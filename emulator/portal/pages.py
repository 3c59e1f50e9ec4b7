"""What the pages show. They read; only `actions` changes anything."""

import importlib
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from emulator.portal import people, words
from emulator.portal.people import Person, account_label
from emulator.portal.rendering import render
from emulator.world import mail

NOTICES = {
    "accepted": "You accepted the invitation.",
    "declined": "You declined the invitation. The team cannot become active without you.",
    "approved": "Your approval was counted.",
    "rejected": "Your rejection was counted.",
}


def approvals() -> Any:
    """The Multi-party approval service, which moto loads under its own name."""
    return importlib.import_module("moto.mpa.models")


def first_page(person: Person) -> str:
    """Where somebody who signs in has something to do: an invitation comes before requests."""
    return "invitations" if approvals().invitations_for(person.user_id) else "requests"


def sign_in(request: Request) -> Response:
    values: dict[str, Any] = {"directories": people.directories(), "label": account_label, "next": request.full_path}
    return render("sign_in.html", None, current="", counts={}, **values)


def account_mail(request: Request) -> Response:
    """The mail to the management account of an organization: the monthly reports on its teams."""
    account = request.args.get("account", "")
    if account not in [directory.management for directory in people.directories()]:
        raise NotFound("No organization with an Identity Center has this management account.")
    address = mail.address_of(account)
    mails = list(reversed(mail.box(address)))
    values: dict[str, Any] = {"account": account_label(account), "address": address, "mails": mails}
    return render("account_mail.html", None, current="", counts={}, **values)


def show(template: str, person: Person, current: str, status: int = 200, **values: Any) -> Response:
    """A page of somebody who is signed in, with the number of open things beside each heading."""
    counts = {
        "invitations": len(approvals().invitations_for(person.user_id)),
        "requests": len(_open(person)),
    }
    return render(template, person, status, current=current, counts=counts, **values)


def _open(person: Person) -> list[Any]:
    """Requests that wait for this person's answer."""
    return [
        session
        for session in approvals().sessions_for(person.user_id)
        if session.is_open and session.ballot(person.user_id).response_time is None
    ]


def _notice(request: Request) -> str:
    return NOTICES.get(request.args.get("done", ""), "")


def invitations(request: Request, person: Person, error: str = "", status: int = 200) -> Response:
    open_ones = [
        {"team": team, "version": version, "account": account_label(team.owner_account)}
        for team, version in approvals().invitations_for(person.user_id)
    ]
    return show(
        "invitations.html",
        person,
        "invitations",
        status,
        invitations=open_ones,
        name_of=people.name_of,
        notice=_notice(request),
        error=error,
    )


def requests(request: Request, person: Person) -> Response:
    waiting = [described(session, person) for session in _open(person)]
    return show("requests.html", person, "requests", requests=waiting, notice=_notice(request))


def request(request: Request, person: Person, error: str = "", status: int = 200) -> Response:
    arn = request.values.get("session_arn", "")
    session = approvals().session(arn)
    if session is None or session.ballot(person.user_id) is None:
        raise NotFound("You are not asked in such a request.")
    return show(
        "request.html",
        person,
        "requests" if session.is_open else "history",
        status,
        request=described(session, person),
        draft=_draft(session),
        notice=_notice(request),
        error=error,
    )


def _draft(session: Any) -> dict[str, Any] | None:
    """What an update of a team would change, while it is pending."""
    team = approvals().team(session.team_arn) if session.request.action_name == "mpa:UpdateApprovalTeam" else None
    if team is None or team.draft is None or team.update_session_arn != session.arn:
        return None
    before, after = team.version, team.draft.version
    return {
        "description": (before.description, after.description),
        "threshold": (_threshold(before), _threshold(after)),
        "approvers": (_names(before), _names(after)),
    }


def _threshold(version: Any) -> str:
    return f"{version.threshold} of {len(version.approvers)}"


def _names(version: Any) -> str:
    return ", ".join(people.name_of(approver.identity_id) for approver in version.approvers)


def described(session: Any, person: Person) -> dict[str, Any]:
    """Everything that an approver has to know about one request."""
    asked, own = session.request, session.ballot(person.user_id)
    return {
        "session": session,
        "asked": asked,
        "wording": words.wording(asked.action_name),
        "resource": words.resource(asked.protected_resource_arn),
        "new_team": words.new_team(asked.action_name, asked.payload),
        "account": account_label(asked.requester_account),
        "ask": words.ask(session),
        "outcome": words.outcome(session.status, session.state.code, session.execution),
        "own": own,
        "own_answer": words.answer(session, own.response),
        "can_vote": session.status == "PENDING" and own.response_time is None,
        "answers": [
            {
                "name": people.name_of(ballot.identity_id),
                "answer": words.answer(session, ballot.response),
                "response": ballot.response,
                "time": ballot.response_time,
                "is_you": ballot.identity_id == person.user_id,
            }
            for ballot in session.ballots
        ],
        "approved": session.count("APPROVED"),
        "rejected": session.count("REJECTED"),
        "silent": session.count("NO_RESPONSE"),
    }


def teams(_: Request, person: Person) -> Response:
    """The person's teams, with the health of each."""
    health = importlib.import_module("moto.mpa.health")
    shown = [
        {
            "health": health.of_team(team),
            "team": team,
            "account": account_label(team.owner_account),
            "state": words.team_state(team.status, team.state.code),
        }
        for team in approvals().teams_for(person.user_id)
    ]
    values: dict[str, Any] = {"teams": shown, "name_of": people.name_of, "activity": words.ACTIVITIES}
    return show("teams.html", person, "teams", **values)


def history(_: Request, person: Person) -> Response:
    waiting = {session.arn for session in _open(person)}
    past = [s for s in approvals().sessions_for(person.user_id) if s.arn not in waiting]
    return show("history.html", person, "history", requests=[described(session, person) for session in past])


def mailbox(_: Request, person: Person) -> Response:
    mails = list(reversed(mail.box(person.user_id)))
    return show("mailbox.html", person, "mailbox", mails=mails)
