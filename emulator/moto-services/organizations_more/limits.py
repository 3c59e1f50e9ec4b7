"""Quotas of AWS Organizations as data, and the choices where AWS's own pages differ."""

from datetime import timedelta

from emulator.world import choices

OU_DEPTH = 5
UNITS = 2_000
TAGS = 50
PAGE = 20  # The most that any listing gives at once, and what it gives unasked.

POLICIES = {"SERVICE_CONTROL_POLICY": 10_000}
POLICIES_OF_OTHER_TYPES = 1_000
CONTENT = {"SERVICE_CONTROL_POLICY": 10_240, "RESOURCE_CONTROL_POLICY": 5_120, "AISERVICES_OPT_OUT_POLICY": 2_500}
CONTENT_OF_OTHER_TYPES = 10_000
ATTACHED = {"RESOURCE_CONTROL_POLICY": 5, "AISERVICES_OPT_OUT_POLICY": 5, "CHATBOT_POLICY": 5}
ATTACHED_OF_OTHER_TYPES = 10

ACCOUNTS_IN_CREATION = 5
ACCOUNTS_IN_CLOSURE = 3
CLOSURES_COUNT_FOR = timedelta(days=30)
CREATION_TIME = timedelta(minutes=1)
CLOSURE_TIME = timedelta(minutes=3)

INVITATION = timedelta(days=15)
ALL_FEATURES_INVITATION = timedelta(days=90)
HANDSHAKES_SHOWN = timedelta(days=30)
INVITATIONS_A_DAY = 20  # Or as many as the organization has accounts, if that is more.

choices.offer(
    "organizations.account-quota",
    ("raised", "default"),
    "The quota of accounts is 10 and adjustable to 10,000; nobody can see from outside what was granted.",
)
choices.offer(
    "organizations.close-account-quota",
    ("20-percent-or-250", "10-percent-or-10"),
    "The service model says 20 percent of the members and at least 250 in 30 days; the guide said 10 percent and 10.",
)
choices.offer(
    "organizations.days-before-leaving",
    ("4", "7"),
    "The service model says that a created account cannot leave for 4 days; the page of quotas says 7.",
)
choices.offer(
    "organizations.created-account-leaves",
    ("complete", "without-payment"),
    "A created account leaves only with contact, support plan and payment; these are entered by hand in the console.",
)
choices.offer(
    "organizations.duplicate-policy-name",
    ("in-the-organization", "within-its-type"),
    "DuplicatePolicyException says that a policy of that name exists, not whether its type matters.",
)
choices.offer(
    "organizations.invite-unknown-account",
    ("refused", "sent"),
    "No error is documented for the invitation of an account id or e-mail address that nobody has.",
)


def accounts() -> int:
    return 10_000 if choices.taken("organizations.account-quota") == "raised" else 10


def closures(members: int) -> int:
    """How many of so many member accounts may be closed within 30 days."""
    if choices.taken("organizations.close-account-quota") == "20-percent-or-250":
        return min(1_000, max(250, members // 5))
    return min(1_000, max(10, members // 10))


def age_before_leaving() -> timedelta:
    return timedelta(days=int(choices.taken("organizations.days-before-leaving")))


def policies(policy_type: str) -> int:
    return POLICIES.get(policy_type, POLICIES_OF_OTHER_TYPES)


def content(policy_type: str) -> int:
    return CONTENT.get(policy_type, CONTENT_OF_OTHER_TYPES)


def attached(policy_type: str) -> int:
    return ATTACHED.get(policy_type, ATTACHED_OF_OTHER_TYPES)
