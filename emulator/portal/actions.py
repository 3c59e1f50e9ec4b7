"""What the forms do. A refusal shows the same page again with the reason, and changes nothing."""

from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from emulator.portal import pages
from emulator.portal.people import Person
from emulator.portal.rendering import problem


def answer_invitation(request: Request, person: Person) -> Response:
    response = request.form.get("response", "")
    try:
        pages.approvals().answer_invitation(request.form.get("team_arn", ""), person.user_id, response)
    except LookupError as error:
        return pages.invitations(request, person, str(error.args[0]), 404)
    except ValueError as error:
        return pages.invitations(request, person, str(error), 409)
    done = "accepted" if response == "ACCEPTED" else "declined"
    return redirect(f"/portal/invitations?done={done}", code=303)


def vote(request: Request, person: Person) -> Response:
    session_arn, response = request.form.get("session_arn", ""), request.form.get("response", "")
    code = request.form.get("code", "")
    try:
        pages.approvals().vote(session_arn, person.user_id, response, code=code, need_code=True)
    except LookupError as error:
        return problem(404, str(error.args[0]), person)
    except ValueError as error:
        return pages.request(request, person, str(error), 409)
    query = urlencode({"session_arn": session_arn, "done": response.lower()})
    return redirect(f"/portal/request?{query}", code=303)
