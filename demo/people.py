"""The approvers: they accept invitations and vote, through the approval portal or through the control interface."""

from __future__ import annotations

import http.cookiejar
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib import error, parse, request

from rich.console import Console

from demo.aws import root_client
from demo.emulator import Emulator, EmulatorError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Approver:
    """One of those who hold the second key: user name and user id in Identity Center."""

    name: str
    identity_id: str


class People(Protocol):
    """How the approvers answer."""

    def accept(self, team_arn: str, approver: Approver) -> None:
        """Accept the invitation to a team."""

    def vote(self, session_arn: str, approver: Approver, response: str) -> None:
        """Answer a request with APPROVED or REJECTED."""


class ByControlInterface:
    """Votes without the portal: quick, and needs no one-time code."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def accept(self, team_arn: str, approver: Approver) -> None:
        """Accept the invitation to a team."""
        self._emulator.answer_invitation(team_arn, approver.identity_id, "ACCEPTED")

    def vote(self, session_arn: str, approver: Approver, response: str) -> None:
        """Answer a request with APPROVED or REJECTED."""
        self._emulator.vote(session_arn, approver.identity_id, response)


class ByPortal:
    """Signs in to the approval portal as each person and sends its forms, with the one-time code from the mailbox."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def accept(self, team_arn: str, approver: Approver) -> None:
        """Accept the invitation to a team."""
        self._send("answer", approver.identity_id, team_arn=team_arn, response="ACCEPTED")

    def vote(self, session_arn: str, approver: Approver, response: str) -> None:
        """Answer a request with APPROVED or REJECTED."""
        code = self._code(session_arn, approver.identity_id)
        self._send("vote", approver.identity_id, session_arn=session_arn, response=response, code=code)

    def _code(self, session_arn: str, identity_id: str) -> str:
        """The newest code that was mailed for this request; "" when the request needs none."""
        codes = [mail["code"] for mail in self._emulator.mails(identity_id) if mail["session_arn"] == session_arn]
        return next((code for code in reversed(codes) if code), "")

    def _send(self, form: str, identity_id: str, **fields: str) -> None:
        """One form of one person, with the cookie that the button "Sign in as NAME" gives."""
        url = self._emulator.url
        browser = request.build_opener(request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        token = ""
        for name, values in (("sign-in", {"identity_id": identity_id}), (form, fields)):
            body = parse.urlencode({**values, "token": token}).encode()
            call = request.Request(f"{url}/portal/{name}", data=body, headers={"Origin": url})  # noqa: S310 - loopback
            try:
                with browser.open(call, timeout=60) as page:
                    token = _token_in(page.read().decode())
            except error.HTTPError as refusal:
                raise EmulatorError(f"The portal refused the form `{name}` ({refusal.code}).") from refusal


def _token_in(page: str) -> str:
    """The token that every form of a page carries; forms without it are refused."""
    found = re.search(r'name="token" value="([^"]*)"', page)
    return found[1] if found else ""


class InTheBrowser:
    """Waits until a person has answered in the portal, and says where. The person decides, and the story takes it."""

    def __init__(self, emulator: Emulator) -> None:
        self._url = emulator.url
        self._console = Console(stderr=True, highlight=False)

    def accept(self, team_arn: str, approver: Approver) -> None:
        """Wait until this person has answered the invitation."""

        def answered() -> bool:
            approvers = self._mpa(team_arn).get_approval_team(Arn=team_arn)["Approvers"]
            return any(
                row["PrimaryIdentityId"] == approver.identity_id and row["PrimaryIdentityStatus"] != "PENDING"
                for row in approvers
            )

        self._wait("accept the invitation", approver, answered)

    def vote(self, session_arn: str, approver: Approver, response: str) -> None:
        """Wait until this person has voted; the story goes on best with `response`."""

        def answered() -> bool:
            session = self._mpa(session_arn).get_session(SessionArn=session_arn)
            answers = {row["IdentityId"]: row["Response"] for row in session["ApproverResponses"]}
            return bool(
                session["Status"] != "PENDING" or answers.get(approver.identity_id, "NO_RESPONSE") != "NO_RESPONSE"
            )

        self._wait("approve the request" if response == "APPROVED" else "reject the request", approver, answered)

    def _mpa(self, arn: str) -> Any:
        """Teams live in the account that their ARN names."""
        return root_client(self._url, arn.split(":")[4], "mpa", arn.split(":")[3])

    def _wait(self, what: str, approver: Approver, answered: Callable[[], bool]) -> None:
        self._console.print(f"[bold]Your turn[/bold]: {what} as {approver.name} at {self._url}/portal/")
        while not answered():
            time.sleep(1)
