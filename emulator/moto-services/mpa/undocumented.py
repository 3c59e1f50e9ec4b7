"""What AWS's documentation leaves open and two answers are plausible for: one choice each, the first is in force.

Whoever asks says `chosen(QUESTION) == "answer"`; `POST /_emulator/choices` gives the other answer.
"""

from emulator.world import choices

TEAM_SIZE = "mpa.size-of-a-team"
UNANIMITY = "mpa.unanimous-teams"
TEAM_NAME = "mpa.duplicate-team-name"
FOREIGN_ARN = "mpa.foreign-arn"
INACTIVE_UPDATE = "mpa.update-of-an-inactive-team"
REJECTIONS = "mpa.rejections-that-end-a-session"
WINDOW_BOUNDS = "mpa.pending-window-bounds"
WINDOW_DEFAULT = "mpa.pending-window-default"
CHANGED_TEAM = "mpa.sessions-of-a-changed-team"
CHANGED_STATUS = "mpa.status-of-a-changed-configuration"
UNANSWERED = "mpa.unanswered-sessions"

_QUESTIONS: dict[str, tuple[tuple[str, str], str]] = {
    TEAM_SIZE: (
        ("model", "guide"),
        "The guide asks for three approvers and two approvals, the model for one of each; who checks is not said.",
    ),
    UNANIMITY: (
        ("accepted", "refused"),
        "The guide advises a threshold below the number of approvers; whether the API insists is not said.",
    ),
    TEAM_NAME: (
        ("refused", "accepted"),
        "CreateApprovalTeam knows a conflict, but not what it is about; the ARN is unique without the name.",
    ),
    FOREIGN_ARN: (
        ("AccessDenied", "ResourceNotFound"),
        "Which error hides a team or session of another account that is not shared is not said.",
    ),
    INACTIVE_UPDATE: (
        ("no-vote", "vote"),
        "The guide has the administrator edit an inactive team and try again; that nobody votes on it is implied.",
    ),
    REJECTIONS: (
        ("out-of-reach", "threshold"),
        "A session ends once enough members deny: when M approvals are out of reach, or at the M-th rejection.",
    ),
    WINDOW_BOUNDS: (("none", "7-to-30"), "No bounds of PendingWindowDays are published."),
    WINDOW_DEFAULT: (("none", "7-days"), "No default of PendingWindowDays is published."),
    CHANGED_TEAM: (
        ("ended", "continue"),
        "A CloudTrail sample cancels a session because the team's configuration changed; which sessions is not said.",
    ),
    CHANGED_STATUS: (
        ("CANCELLED", "FAILED"),
        "CloudTrail samples show CONFIGURATION_CHANGED with CANCELLED; the status that GetSession gives is not said.",
    ),
    UNANSWERED: (
        ("lapsed", "ended"),
        "Whether a session that others decided before its 24 hours were over counts as unanswered is not said.",
    ),
}

for _name, (_options, _because) in _QUESTIONS.items():
    choices.offer(_name, _options, _because)


def chosen(question: str) -> str:
    """The answer in force."""
    return choices.taken(question)
