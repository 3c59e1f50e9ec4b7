"""The one way in: what a request must pass before moto sees it.

moto alone answers HTML to what it does not know, takes any access key for account 123456789012, believes a header that
names an account, loses updates under parallel calls, and lets any web page reset it. Here, in this order: the Host is
the loopback, the body has a size, the request is signed; then one lock, within which the operation exists, what is due
by the clock happens, the key is one that we know, the document can be read, and moto answers. Whatever fails inside
comes out as an error of AWS.
"""

import io
import logging
import pickle
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from xml.parsers import expat

from emulator import authorization
from emulator.control import faults
from emulator.control.faults import Meeting
from emulator.http import failures, stages
from emulator.moto.apps import MotoApps
from emulator.protocol import answers, requests
from emulator.protocol.answers import Answer, Refusal
from emulator.state.keeper import Keeper, Record, strings_of
from emulator.world import agenda, caller
from emulator.world.call import Call

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Page = Callable[[Environ, StartResponse], Iterable[bytes]]

_LOG = logging.getLogger(__name__)
_LOOPBACK = re.compile(r"(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?", re.ASCII)


class FrontDoor:
    """The WSGI application. `pages` are our own pages by first path element; all else is an AWS call."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self._pages = pages
        self._moto = MotoApps()
        self._lock = threading.Lock()
        self.keeper: Keeper | None = None
        """Who writes calls down, where the state is kept on disk."""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _answer(self, environ: Environ) -> Answer:
        stranger = _stranger(environ)
        if stranger:
            return answers.plain(403, stranger)
        first = _first(environ)
        if first in ("moto-api", "favicon.ico"):
            return answers.plain(404, "There is nothing here. The emulator is controlled at /_emulator/.\n")
        page = self._pages.get(first)
        if page is not None:
            return self._page(page, environ)
        return self._aws_call(environ)

    def _page(self, page: Page, environ: Environ) -> Answer:
        asked = self._strings_of(environ)
        try:
            body = requests.read_body(environ)
        except Refusal as refusal:
            return answers.plain(refusal.status, refusal.message)
        with self._turn():
            answer = self._shown(page, environ)
            if not _changes_nothing(environ):
                return self._kept(answer, asked, body)
            return answer

    def _shown(self, page: Page, environ: Environ) -> Answer:
        try:
            agenda.run_due()
            return _collect(page, environ)
        except Exception:  # noqa: BLE001 - a page that fails must not take its thread along
            _LOG.exception("failed on %s %s", environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
            return answers.plain(500, "The emulator failed; its log says how.\n")

    def _aws_call(self, environ: Environ) -> Answer:
        call, asked = Call(environ), self._strings_of(environ)
        unread = _refusal_of(partial(stages.receive, call))
        with self._turn():
            unread = unread or _refusal_of(partial(stages.identify, call))
            refusal, fault = unread or self._not_admitted(call), None
            if refusal is None:
                try:
                    fault = faults.meet(call)
                except Refusal as ordered:
                    refusal = ordered
            if fault is None:
                return self._kept(self._answered(call, refusal), asked, call.body, refusal, unread=unread is not None)
        return self._through(fault, call, asked)

    def _through(self, fault: Meeting, call: Call, asked: Environ) -> Answer:
        """A call that lost its connection or was held; without the lock, except where it takes effect."""
        answer = self._anew(call, asked) if fault.takes_effect else None
        fault.suffer(call.environ["werkzeug.socket"])
        return answer or self._anew(call, asked)

    def _anew(self, call: Call, asked: Environ) -> Answer:
        """Admit the call again, as time may have passed since, and serve it."""
        with self._turn():
            return self._kept(self._answered(call, self._not_admitted(call)), asked, call.body)

    def repeat(self, record: Record) -> None:
        """Make a call once more that an earlier process answered; nobody waits for this answer."""
        environ = {**record.environ, "wsgi.input": io.BytesIO(record.body), "CONTENT_LENGTH": str(len(record.body))}
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        page = self._pages.get(_first(environ))
        with self._lock:
            if page is not None:
                self._shown(page, environ)
                return
            call = Call(environ)
            refusal = _refusal_of(partial(stages.receive, call)) or _refusal_of(partial(stages.identify, call))
            if not record.unread:
                refusal = refusal or self._not_admitted(call)
            self._answered(call, record.refusal or refusal)

    def end(self) -> None:
        """Answer no more calls, and write the state."""
        # Never released: a thread that still has a call must not change what is being written.
        self._lock.acquire()
        if self.keeper is not None:
            self.keeper.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One call at a time; where the state is kept on disk, time stands still for it."""
        with self._lock:
            if self.keeper is None:
                yield
            else:
                with self.keeper.moment():
                    yield

    def _strings_of(self, environ: Environ) -> Environ:
        """What a repetition needs of a request that nobody has touched yet."""
        return {} if self.keeper is None else strings_of(environ)

    def _kept(
        self, answer: Answer, asked: Environ, body: bytes, refusal: Refusal | None = None, *, unread: bool = False
    ) -> Answer:
        """The answer, once the call is on record."""
        if self.keeper is None:
            return answer
        try:
            self.keeper.record(asked, body, refusal, unread=unread)
        except (OSError, pickle.PicklingError, TypeError, AttributeError) as error:
            _LOG.exception("the state cannot be written")
            message = f"The call took effect, but the state on disk could not be written: {error}"
            return answers.refused(Refusal(500, "InternalFailure", message), None, "")
        return answer

    def _not_admitted(self, call: Call) -> Refusal | None:
        """Let what is due happen, and see who calls; the refusal of who may not enter."""
        return _refusal_of(partial(self._admit, call))

    def _answered(self, call: Call, refusal: Refusal | None) -> Answer:
        try:
            if refusal is not None:
                raise refusal
            return self._serve(call)
        except Refusal as ended:
            return stages.refuse(call, ended)

    def _admit(self, call: Call) -> None:
        with _errors_of_aws(call):
            agenda.run_due()
            stages.admit(call)

    def _serve(self, call: Call) -> Answer:
        environ = call.environ
        with _errors_of_aws(call):
            who = call.admitted
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = authorization.check(call)
            caller.enter(who)
            answer = _collect(self._moto.app_for(call.signature, environ), environ)
            return stages.finish(call, _without_html(answer, call))


@contextmanager
def _errors_of_aws(call: Call) -> Iterator[None]:
    """Whatever fails inside comes out as an error of AWS, and nobody calls any more."""
    try:
        yield
    except NotImplementedError as error:
        raise answers.not_modelled(call.name) from error
    except expat.ExpatError as error:
        raise Refusal(400, "MalformedXML", "The XML you provided was not well-formed.") from error
    except Refusal:
        raise
    except Exception as error:
        raise failures.explained(call, error) from error
    finally:
        caller.enter(None)


def _refusal_of(step: Callable[[], Any]) -> Refusal | None:
    try:
        step()
    except Refusal as refusal:
        return refusal
    return None


def _first(environ: Environ) -> str:
    """The first element of the path."""
    return str(environ.get("PATH_INFO", "")).strip("/").partition("/")[0]


def _changes_nothing(environ: Environ) -> bool:
    """Whether a page need not be repeated: it only shows, or it orders faults, which are no state.

    A restored snapshot is not repeated either: the whole state is written after it.
    """
    path = str(environ.get("PATH_INFO", "")).strip("/")
    if path.startswith("_emulator/snapshots/"):
        return not path.endswith("/restore")
    return path.startswith("_emulator") and (environ.get("REQUEST_METHOD") == "GET" or path.endswith("/faults"))


def _stranger(environ: Environ) -> str:
    """Why this request does not come from a program on this machine; empty when it does."""
    host = str(environ.get("HTTP_HOST", "")).lower()
    if not _LOOPBACK.fullmatch(host):
        return f"Host {host!r} is refused: the emulator answers on the loopback only, as 127.0.0.1 or localhost.\n"
    origin = str(environ.get("HTTP_ORIGIN", ""))
    if origin and origin.lower() != f"http://{host}":
        return f"A page of origin {origin!r} is refused: only the emulator's own pages may call it.\n"
    site = str(environ.get("HTTP_SEC_FETCH_SITE", "none")).lower()
    if site not in ("none", "same-origin"):
        return f"A request that a browser calls {site} is refused: only the emulator's own pages may call it.\n"
    return ""


def _collect(page: Page, environ: Environ) -> Answer:
    """Run a WSGI application to its end, so that nothing of it happens outside the lock."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        started.append((status, headers))

    chunks = page(environ, start_response)
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    status, headers = started[-1]
    return Answer(status, list(headers), body)


def _without_html(answer: Answer, call: Call) -> Answer:
    """moto's web framework answers HTML, or nothing, where moto has no page for an operation that AWS has."""
    is_page = answer.header("content-type").startswith("text/html") and b"<!doctype" in answer.body
    is_nothing = not answer.body and call.environ.get("REQUEST_METHOD") != "HEAD"
    if answer.code in (404, 405) and (is_page or is_nothing):
        raise answers.not_modelled(call.name)
    return answers.typed(answer, call.operation)
