"""Approval teams as data: a team, the version of it that votes, a draft of the next one, and its approvers."""

from dataclasses import dataclass, field
from datetime import datetime

from . import announcements
from .transitions import INVITATION, INVITED, TEAM, UPDATE_FAILED, UPDATE_PENDING_ACTIVATION, State, follow


@dataclass
class Approver:
    """One person of a team. `code_address` is where one-time codes go: the address known when it was last synced."""

    approver_id: str
    identity_id: str
    identity_source_arn: str
    invitation: State = INVITED
    response_time: datetime | None = None
    last_activity: str | None = None
    last_activity_time: datetime | None = None
    code_address: str = ""
    baseline_session_arn: str | None = None
    unanswered: int = 0  # sessions since the last sign of life

    @property
    def accepted(self) -> bool:
        return self.invitation.status == "ACCEPTED"

    def respond(self, response: str, when: datetime) -> None:
        """Take the answer to the invitation."""
        self.invitation = follow(INVITATION, self.invitation, response, "The invitation")
        self.response_time = when
        self.note("RESPONDED_TO_INVITATION", when)

    def note(self, activity: str, when: datetime) -> None:
        self.last_activity, self.last_activity_time, self.unanswered = activity, when, 0


@dataclass
class Version:
    """What a team votes by: nothing in it changes without an update that gets a new version."""

    version_id: str
    description: str
    threshold: int
    approvers: list[Approver]
    expires: datetime | None = None  # of its invitations, while they are open

    def approver(self, identity_id: str) -> Approver | None:
        return next((approver for approver in self.approvers if approver.identity_id == identity_id), None)

    @property
    def all_accepted(self) -> bool:
        return all(approver.accepted for approver in self.approvers)

    def as_request(self) -> list[dict[str, str]]:
        """Its people as an update would name them, for an update that leaves them as they are."""
        return [
            {"PrimaryIdentityId": approver.identity_id, "PrimaryIdentitySourceArn": approver.identity_source_arn}
            for approver in self.approvers
        ]


@dataclass
class Draft:
    """An update that is voted on, waits for new people, or failed. The team itself keeps its version meanwhile."""

    version: Version
    initiated: datetime
    state: State
    message: str = ""


@dataclass
class Team:
    """An approval team."""

    arn: str
    name: str
    owner_account: str
    policies: list[str]
    created: datetime
    version: Version
    state: State
    unseen: State | None = None
    message: str = ""
    draft: Draft | None = None
    update_session_arn: str | None = None
    last_update: datetime | None = None
    deletion_days: int = 0
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return self.state.status

    @property
    def identity_source_arns(self) -> set[str]:
        versions = [self.version] + ([self.draft.version] if self.draft else [])
        return {approver.identity_source_arn for version in versions for approver in version.approvers}

    def step(self, event: str, message: str = "") -> None:
        """Go where the transition table leads and announce it, or raise ConflictException."""
        before = self.state
        self.state = follow(TEAM, before, event, f"Team {self.name}")
        self.message, self.unseen = message, None
        if self.draft is not None and self.state in (UPDATE_PENDING_ACTIVATION, *UPDATE_FAILED):
            waiting = self.state == UPDATE_PENDING_ACTIVATION
            self.draft.state = State("PENDING" if waiting else "INACTIVE", self.state.code)
            self.draft.message = message
        announcements.team_step(self.arn, before, event, self.state, self.update_session_arn)

    @property
    def inviting(self) -> Version | None:
        """The version whose invitations are open, if any."""
        if self.state.code == "PENDING_ACTIVATION":
            return self.version
        if self.state == UPDATE_PENDING_ACTIVATION and self.draft is not None:
            return self.draft.version
        return None
