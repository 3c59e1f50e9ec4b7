"""What the forms do. A refusal shows the same page again with the reason, and changes nothing.

A form that is sent twice (a double click) is answered as it was the first time.
"""

from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from emulator.portal import pages, words
from emulator.portal.people import Person
from emulator.portal.rendering import problem


def answer_invitation(request: Request, person: Person) -> Response:
    response = request.form.get("response", "")
    try:
        pages.approvals().answer_invitation(request.form.get("team_arn", ""), person.user_id, response)
    except LookupError as error:
        return pages.invitations(request, person, str(error.args[0]), 404)
    except ValueError as error:
        if not _answered_so(request.form.get("team_arn", ""), person, response):
            return pages.invitations(request, person, words.no_invitation(str(error)), 409)
    done = "accepted" if response == "ACCEPTED" else "declined"
    return redirect(f"/portal/invitations?done={done}", code=303)


def _answered_so(team_arn: str, person: Person, response: str) -> bool:
    """Whether this very answer has been given already: a form that is sent twice says the same thing twice."""
    team = pages.approvals().team(team_arn)
    approver = team.version.approver(person.user_id) if team else None
    return approver is not None and approver.invitation.status == response


def vote(request: Request, person: Person) -> Response:
    session_arn, response = request.form.get("session_arn", ""), request.form.get("response", "")
    code = request.form.get("code", "")
    try:
        pages.approvals().vote(session_arn, person.user_id, response, code=code, need_code=True)
    except LookupError as error:
        return problem(404, str(error.args[0]), person)
    except ValueError as error:
        session = pages.approvals().session(session_arn)
        if session.ballot(person.user_id).response != response:
            return pages.request(request, person, words.not_counted(session, person.user_id, str(error)), 409)
    query = urlencode({"session_arn": session_arn, "done": response.lower()})
    return redirect(f"/portal/request?{query}", code=303)
