"""A visitor of the approval portal without a browser: keeps cookies, sends forms as a browser would."""

import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from tests.emulator.conftest import Emulator


@dataclass(frozen=True)
class Page:
    """What the visitor sees."""

    status: int
    html: str
    headers: Message

    @property
    def text(self) -> str:
        """The words on the page, tags removed and blanks joined."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.html).split())

    @property
    def buttons(self) -> list[str]:
        return [re.sub(r"\s+", " ", found) for found in re.findall(r"<button[^>]*>([^<]*)</button>", self.html)]


@dataclass
class Visitor:
    """One browser profile. `origin` is what it sends with forms; empty sends none."""

    emulator: Emulator
    origin: str | None = None
    token: str | None = None  # what it sends in place of the token of the page it saw last
    cookies: CookieJar = field(default_factory=CookieJar)
    seen: str = ""

    def get(self, page: str = "") -> Page:
        return self._open(urllib.request.Request(f"{self.emulator.url}/portal/{page}"))  # noqa: S310 - loopback

    def send(self, action: str, **form: str) -> Page:
        form = {"token": self.seen if self.token is None else self.token, **form}
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.emulator.url}/portal/{action}", data=urlencode(form).encode(), method="POST"
        )
        origin = self.emulator.url if self.origin is None else self.origin
        if origin:
            request.add_header("Origin", origin)
        return self._open(request)

    def sign_in(self, identity_id: str) -> Page:
        return self.send("sign-in", identity_id=identity_id)

    def request_page(self, session_arn: str) -> Page:
        return self.get(f"request?{urlencode({'session_arn': session_arn})}")

    def _open(self, request: urllib.request.Request) -> Page:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=30) as answer:
                page = Page(answer.status, answer.read().decode(), answer.headers)
                self.seen = (re.findall(r'name="token" value="([^"]*)"', page.html) or [""])[0]
                return page
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.read().decode(), error.headers)
