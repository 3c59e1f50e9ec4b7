"""The WSGI application: which page answers which address, who is signed in, and what no answer goes without.

A page works without JavaScript and loads nothing from elsewhere. Who is signed in stands in a cookie as it is: signing
in is a button here, so there is nothing to guard but that the pages of other sites cannot send a vote. A form is taken
from the portal's own origin, and with the token of the person who sends it.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from emulator.portal import actions, pages, people, tokens
from emulator.portal.people import Person
from emulator.portal.rendering import STYLE, problem

ROOT = "/portal"
COOKIE = "airlock_emulator_approver"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Page = Callable[[Request, Person], Response]

PAGES: dict[str, Page] = {
    "invitations": pages.invitations,
    "requests": pages.requests,
    "request": pages.request,
    "teams": pages.teams,
    "history": pages.history,
    "mailbox": pages.mailbox,
}
ACTIONS: dict[str, Page] = {"answer": actions.answer_invitation, "vote": actions.vote}


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    request = Request(environ)
    try:
        response = _respond(request)
    except HTTPException as error:
        response = problem(error.code or 500, str(error.description), people.signed_in(request.cookies.get(COOKIE)))
    response.headers.extend(HEADERS)
    answer: Iterable[bytes] = response(environ, start_response)
    return answer


def _respond(request: Request) -> Response:
    name = request.path.removeprefix(ROOT).strip("/")
    if request.method == "POST":
        _check_origin(request)
        return _act(request, name)
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(("GET", "HEAD", "POST"), "A page is read, or a form of it is sent.")
    if name == "style.css":
        return Response(STYLE, content_type="text/css; charset=utf-8")
    if name == "account-mail":
        return pages.account_mail(request)
    person = people.signed_in(request.cookies.get(COOKIE))
    if person is None:
        return pages.sign_in(request) if name in ("", *PAGES) else _nothing_here()
    if name == "":
        return redirect(f"{ROOT}/{pages.first_page(person)}", code=303)
    return PAGES[name](request, person) if name in PAGES else _nothing_here()


def _act(request: Request, name: str) -> Response:
    if name == "sign-in":
        return _sign_in(request)
    if name not in ("sign-out", *ACTIONS):
        return _nothing_here()
    person = people.signed_in(request.cookies.get(COOKIE))
    if person is None:
        return problem(403, "Nobody is signed in, so nothing was sent. Sign in, and answer again.", None)
    if not tokens.fits(request.form.get("token", ""), person.user_id):
        raise _Foreign("This form was not made for you by this portal, so nothing was done. Open the page anew.")
    if name == "sign-out":
        response = redirect(f"{ROOT}/", code=303)
        response.delete_cookie(COOKIE, path=ROOT)
        return response
    return ACTIONS[name](request, person)


def _sign_in(request: Request) -> Response:
    person = people.signed_in(request.form.get("identity_id"))
    if person is None:
        return problem(403, "This person does not exist or is disabled, and cannot sign in.", None)
    response = redirect(_inside(request.form.get("next", "")), code=303)
    response.set_cookie(COOKIE, person.user_id, path=ROOT, httponly=True, samesite="Strict")
    return response


def _inside(address: str) -> str:
    """Where somebody wanted to go before signing in, if that is a page of the portal."""
    known = urlsplit(address)
    inside = not known.scheme and not known.netloc and known.path.removeprefix(f"{ROOT}/") in PAGES
    return f"{known.path}?{known.query}" if inside and "\\" not in address else f"{ROOT}/"


def _check_origin(request: Request) -> None:
    """A form is taken from our own pages only. Browsers name the origin of every form that they send."""
    origin = request.headers.get("Origin", "")
    if origin != f"{request.scheme}://{request.host}":
        raise _Foreign("This form was not sent from the portal's own page, so nothing was done.")


class _Foreign(HTTPException):
    code = 403


def _nothing_here() -> Response:
    raise NotFound("There is no such page in the portal.")
