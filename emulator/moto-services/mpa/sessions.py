"""An approval session as data: one request, the people asked, and their answers."""

from dataclasses import dataclass, field
from datetime import datetime

from .transitions import SESSION, SESSION_OPEN, SESSION_PENDING, State, follow
from .undocumented import REJECTIONS, chosen

APPROVED = "APPROVED"
REJECTED = "REJECTED"
NO_RESPONSE = "NO_RESPONSE"


@dataclass
class Ballot:
    """What one approver answered, and the one-time code that proves who answers (empty when none is needed)."""

    approver_id: str
    identity_id: str
    identity_source_arn: str
    response: str = NO_RESPONSE
    response_time: datetime | None = None
    code: str = ""
    wrong_codes: int = 0


@dataclass(frozen=True)
class Request:
    """What is asked for, by whom, and what to do when it is decided (`executor`, with its `payload`)."""

    action_name: str
    protected_resource_arn: str
    requester_account: str
    requester_principal: str
    requester_region: str
    comment: str
    description: str
    service_principal: str
    executor: str
    authority: str = ""  # the request as it was permitted, to be evaluated again when it is carried out
    metadata: dict[str, str] = field(default_factory=dict)
    payload: dict[str, str] = field(default_factory=dict)


@dataclass
class Session:
    """The vote of a team on one request. Approvers and threshold are those of the team when the session began."""

    arn: str
    team_arn: str
    team_name: str
    request: Request
    threshold: int
    ballots: list[Ballot]
    initiated: datetime
    expires: datetime
    verification_required: bool
    state: State
    practice: bool = False  # a baseline session: everybody answers, nothing is executed
    unseen: State | None = None
    message: str = ""
    completed: datetime | None = None
    execution: str | None = None

    @property
    def status(self) -> str:
        return self.state.status

    @property
    def is_open(self) -> bool:
        return self.state in SESSION_OPEN

    @property
    def payload(self) -> dict[str, str]:
        return self.request.payload

    def ballot(self, identity_id: str) -> Ballot | None:
        return next((ballot for ballot in self.ballots if ballot.identity_id == identity_id), None)

    def count(self, response: str) -> int:
        return sum(ballot.response == response for ballot in self.ballots)

    def step(self, event: str, when: datetime, message: str = "") -> None:
        """Go where the transition table leads, or raise ConflictException."""
        self.state = follow(SESSION, self.state, event, f"Session {self.arn}")
        self.message, self.unseen = message, None
        if self.state != SESSION_PENDING:
            self.completed = when

    @property
    def verdict(self) -> str | None:
        """What the answers given so far decide, if anything.

        The M-th approval decides. So does the rejection after which M approvals cannot be reached any more (N-M+1), or
        the M-th one: AWS does not publish the number. A practice session ends when everybody has answered.
        """
        if self.practice:
            return APPROVED if self.count(NO_RESPONSE) == 0 else None
        if self.count(APPROVED) >= self.threshold:
            return APPROVED
        by_threshold = chosen(REJECTIONS) == "threshold"
        enough = self.threshold if by_threshold else len(self.ballots) - self.threshold + 1
        return REJECTED if self.count(REJECTED) >= enough else None
