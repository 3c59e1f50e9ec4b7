"""The approvers: they accept invitations and vote, through the approval portal or through the control interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from demo.emulator import Emulator


class People(Protocol):
    """Those who hold the second key. `identity_id` is their Identity Center user id."""

    def accept(self, team_arn: str, identity_id: str) -> None:
        """Accept the invitation to a team."""

    def vote(self, session_arn: str, identity_id: str, response: str) -> None:
        """Answer a request with APPROVED or REJECTED."""


class ByControlInterface:
    """Votes without the portal: quick, and needs no one-time code."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def accept(self, team_arn: str, identity_id: str) -> None:
        """Accept the invitation to a team."""
        self._emulator.answer_invitation(team_arn, identity_id, "ACCEPTED")

    def vote(self, session_arn: str, identity_id: str, response: str) -> None:
        """Answer a request with APPROVED or REJECTED."""
        self._emulator.vote(session_arn, identity_id, response)
