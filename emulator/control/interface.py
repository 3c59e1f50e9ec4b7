"""The control interface at `/_emulator/`: what tests, demos and people do that no AWS call does. JSON in and out."""

import importlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from emulator.control import aws_config, enforcement, fault_calls, faults, ledger, snapshot_calls
from emulator.control.request import Action, ControlError, Request
from emulator.events import undelivered
from emulator.state import life
from emulator.state.seed import SeedConflict, SeedError
from emulator.world import agenda, choices, clock, identity_store, mail

StartResponse = Callable[..., Any]
_REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 404: "Not Found", 409: "Conflict"}


def page(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """The WSGI application; the front door holds its lock around it."""
    try:
        status, document = 200, _call(environ)
    except ControlError as error:
        status, document = error.status, {"error": str(error)}
    if document is None:
        start_response(f"204 {_REASONS[204]}", [])
        return [b""]
    is_text = isinstance(document, str)
    body = (document if is_text else json.dumps(document)).encode()
    media_type = "text/plain; charset=utf-8" if is_text else "application/json"
    headers = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    start_response(f"{status} {_REASONS[status]}", headers)
    return [body]


def _call(environ: dict[str, Any]) -> Any:
    method, path = str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"])
    name = path.removeprefix("/_emulator").strip("/")
    kind, _, rest = name.partition("/")
    subject, _, more = rest.partition("/")
    # The table says NAME where the path names something.
    pattern = "/".join(part for part in (kind, subject and "NAME", more) if part)
    action = _ACTIONS.get((method, pattern))
    if action is None:
        offered = ", ".join(f"{verb} {known}" for verb, known in sorted(_ACTIONS, key=lambda key: key[1]))
        raise ControlError(404, f"There is no {method} {name!r} here. There are: {offered}.")
    query = {key: values[-1] for key, values in parse_qs(str(environ.get("QUERY_STRING", ""))).items()}
    return action(Request(_document(environ), query, f"http://{environ['HTTP_HOST']}", subject))


def _document(environ: dict[str, Any]) -> dict[str, Any]:
    raw = environ["wsgi.input"].read()
    try:
        document = json.loads(raw) if raw.strip() else {}
    except ValueError as error:
        raise ControlError(400, f"The body is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise ControlError(400, "The body must be a JSON object.")
    return document


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _health(_: Request) -> dict[str, str]:
    return {"status": "ok", "now": _iso(clock.now())}


def _now(_: Request) -> dict[str, str]:
    return {"now": _iso(clock.now())}


def _move_clock(request: Request) -> dict[str, str]:
    given = sorted(request.body)
    try:
        if given == ["advance_seconds"]:
            clock.advance(_number(request.body["advance_seconds"]))
        elif given == ["set"]:
            clock.set(request.text("set"))
        else:
            raise ControlError(400, 'Say either {"advance_seconds": NUMBER} or {"set": ISO_TIME}.')
    except (ValueError, OverflowError) as error:
        raise ControlError(400, str(error)) from error
    agenda.run_due()
    return _now(request)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(400, f"'advance_seconds' must be a number, not {value!r}.")
    return float(value)


def _reset(request: Request) -> None:
    to = request.body.get("to", "seed")
    if to not in ("seed", "nothing"):
        raise ControlError(400, f"'to' must be 'seed' or 'nothing', not {to!r}.")
    faults.reset()
    life.reset(keep_seeds=to == "seed")


def _seed(request: Request) -> dict[str, Any]:
    try:
        return life.sow(request.body)
    except SeedError as error:
        raise ControlError(400, str(error)) from error
    except SeedConflict as error:
        raise ControlError(409, str(error)) from error


def _decide(function: str, request: Request, first: str, allowed: tuple[str, ...]) -> Any:
    subject, person = request.text(first), request.text("identity_id")
    response = request.text("response", allowed)
    approvals = importlib.import_module("moto.mpa.models")
    try:
        return getattr(approvals, function)(subject, person, response)
    except LookupError as error:
        raise ControlError(404, _message(error)) from error
    except ValueError as error:
        raise ControlError(409, str(error)) from error


def _message(error: LookupError) -> str:
    # str() of a KeyError puts quotes around its message.
    return str(error.args[0]) if error.args else str(error)


def _invitations(request: Request) -> Any:
    return _decide("answer_invitation", request, "team_arn", ("ACCEPTED", "REJECTED"))


def _votes(request: Request) -> Any:
    return _decide("vote", request, "session_arn", ("APPROVED", "REJECTED"))


def _people(request: Request) -> dict[str, Any]:
    store, user_id = request.text("identity_store_id"), request.text("user_id")
    changes = {name: request.body[name] for name in ("enabled", "email", "deleted") if name in request.body}
    kinds = {"enabled": bool, "email": str, "deleted": bool}
    if not changes or any(not isinstance(value, kinds[name]) for name, value in changes.items()):
        raise ControlError(400, 'Say what changes: "enabled": true or false, "email": TEXT, or "deleted": true.')
    try:
        user = identity_store.set_person(store, user_id, **changes)
    except LookupError as error:
        raise ControlError(404, _message(error)) from error
    if user is None:
        return {"identity_store_id": store, "user_id": user_id, "deleted": True}
    known = {"user_name": user.user_name, "email": user.email, "enabled": user.enabled}
    return {"identity_store_id": store, "user_id": user_id, **known}


def _mailbox(request: Request) -> dict[str, Any]:
    person = request.query.get("identity_id", "")
    if not person:
        raise ControlError(400, "Whose mailbox? Add ?identity_id=USER_ID.")
    mails = mail.box(person)
    if not mails and not mail.has_box(person):
        raise ControlError(404, f"There is no person {person!r}, and no account has this address.")
    return {
        "mails": [
            {
                "time": _iso(found.time),
                "subject": found.subject,
                "body": found.body,
                "session_arn": found.session_arn,
                "code": found.code,
            }
            for found in mails
        ]
    }


def _ledger(request: Request) -> dict[str, Any]:
    since = request.query.get("since", "0")
    if not since.isdigit():
        raise ControlError(400, f"'since' must be a call number, not {since!r}.")
    return {"calls": ledger.since(int(since))}


def _undelivered(_: Request) -> dict[str, Any]:
    return {"undelivered": undelivered.listed()}


def _choices(_: Request) -> dict[str, Any]:
    known = choices.all_choices()
    return {
        "choices": [
            {"name": each.name, "options": each.options, "taken": choices.taken(each.name), "because": each.because}
            for each in known
        ]
    }


def _choose(request: Request) -> dict[str, Any]:
    try:
        choices.take(request.text("name"), request.text("option"))
    except LookupError as error:
        raise ControlError(404, _message(error)) from error
    except ValueError as error:
        raise ControlError(400, str(error)) from error
    return _choices(request)


def _aws_config(request: Request) -> str:
    return aws_config.text(request.url)


_ACTIONS: dict[tuple[str, str], Action] = {
    ("GET", "health"): _health,
    ("POST", "reset"): _reset,
    ("POST", "seed"): _seed,
    ("GET", "clock"): _now,
    ("POST", "clock"): _move_clock,
    ("POST", "invitations"): _invitations,
    ("POST", "votes"): _votes,
    ("POST", "people"): _people,
    ("GET", "mailbox"): _mailbox,
    ("GET", "ledger"): _ledger,
    ("GET", "faults"): fault_calls.show,
    ("POST", "faults"): fault_calls.order,
    ("DELETE", "faults"): fault_calls.lift,
    ("GET", "enforcement"): enforcement.show,
    ("POST", "enforcement"): enforcement.change,
    ("GET", "snapshots"): snapshot_calls.show,
    ("POST", "snapshots/NAME"): snapshot_calls.take,
    ("POST", "snapshots/NAME/restore"): snapshot_calls.restore,
    ("GET", "aws-config"): _aws_config,
    ("GET", "undelivered"): _undelivered,
    ("GET", "choices"): _choices,
    ("POST", "choices"): _choose,
}
