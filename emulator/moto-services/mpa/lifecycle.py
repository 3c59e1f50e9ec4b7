"""How a team comes to life: validation, invitations, and the answers to them. The flow is the table `TEAM`."""

from datetime import timedelta

from emulator.world import agenda, clock, ids, pace

from . import identities, mails, state, voting
from .exceptions import ConflictException, ServiceQuotaExceededException, ValidationException
from .policies import is_known
from .teams import Approver, Team, Version
from .transitions import INVITATION, UPDATE_PENDING_ACTIVATION, VALIDATING, follow
from .undocumented import CHANGED_TEAM, TEAM_NAME, TEAM_SIZE, UNANIMITY, chosen

TEAMS_PER_ACCOUNT = 10
FEWEST_APPROVERS, FEWEST_APPROVALS = 3, 2
VALIDATION_TIME = timedelta(seconds=60)
INVITATION_LIFETIME = timedelta(hours=24)

Request = list[dict[str, str]]  # Approvers as CreateApprovalTeam takes them


def create(
    account: str,
    name: str,
    description: str,
    threshold: int,
    approvers: Request,
    policies: list[str],
    tags: dict[str, str],
) -> Team:
    """A new team, which starts to be validated at once."""
    register = state.of(account)
    if chosen(TEAM_NAME) == "refused" and any(team.name == name for team in register.teams.values()):
        raise ConflictException(f"Account {account} has an approval team named {name} already.")
    if len(register.teams) >= TEAMS_PER_ACCOUNT:
        raise ServiceQuotaExceededException(
            f"Account {account} has {TEAMS_PER_ACCOUNT} approval teams, which is the quota. Delete one first."
        )
    unknown = [policy for policy in policies if not is_known(policy)]
    if unknown:
        raise ValidationException(
            f"There is no policy {', '.join(unknown)}. ListPolicies shows the policies there are."
        )
    version = new_version(account, description, threshold, approvers)
    arn = f"arn:aws:mpa:us-east-1:{account}:approval-team/{name}-{ids.uuid('mpa-team')}"
    team = Team(arn, name, account, list(policies), clock.now(), version, VALIDATING, tags=dict(tags))
    register.teams[arn] = team
    begin_validation(team)
    return team


def new_version(
    account: str, description: str, threshold: int, approvers: Request, before: Version | None = None
) -> Version:
    """A version from the members of a request; people of the version before keep their approver id and acceptance."""
    people = [approver["PrimaryIdentityId"] for approver in approvers]
    if len(set(people)) < len(people):
        raise ValidationException("The same identity is named twice among the approvers. Name each person once.")
    _check_size(threshold, len(people))
    source = state.of(account).identity_source
    foreign = [a for a in approvers if source is None or a["PrimaryIdentitySourceArn"] != source.arn]
    if foreign:
        raise ValidationException(
            f"{foreign[0]['PrimaryIdentitySourceArn']} is not an identity source of account {account}."
        )
    return Version(_version_id(before), description, threshold, [_seat(request, before) for request in approvers])


def _check_size(threshold: int, approvers: int) -> None:
    if threshold > approvers:
        raise ValidationException(
            f"{threshold} approvals are required, but the team has {approvers} approvers: nothing could ever be "
            "approved. Lower MinApprovalsRequired or add approvers."
        )
    if chosen(TEAM_SIZE) == "guide" and (approvers < FEWEST_APPROVERS or threshold < FEWEST_APPROVALS):
        raise ValidationException(
            f"A team needs at least {FEWEST_APPROVERS} approvers and {FEWEST_APPROVALS} approvals; {approvers} and "
            f"{threshold} were named."
        )
    if chosen(UNANIMITY) == "refused" and threshold == approvers:
        raise ValidationException(
            f"All {approvers} approvers would have to approve. Lower MinApprovalsRequired below their number."
        )


def _seat(request: dict[str, str], before: Version | None) -> Approver:
    known = before.approver(request["PrimaryIdentityId"]) if before else None
    return known or Approver(
        ids.uuid("mpa-approver"), request["PrimaryIdentityId"], request["PrimaryIdentitySourceArn"]
    )


def _version_id(before: Version | None) -> str:
    """Epoch milliseconds, as in AWS's samples; later versions always get a higher number."""
    now = int(clock.now().timestamp() * 1000)
    return str(max(now, int(before.version_id) + 1) if before else now)


def begin_validation(team: Team) -> None:
    """Check the people: at once in fast pace (the first look still shows VALIDATING), on the agenda otherwise."""
    if pace.fast():
        validate(team)
        team.unseen = VALIDATING
    else:
        agenda.at(clock.now() + VALIDATION_TIME, "mpa.team_validation_ends", team.arn, team.version.version_id)


def validate(team: Team) -> None:
    failure = invalid_people(team.version)
    if failure:
        team.step("invalid", failure)
    else:
        team.step("validated")
        invite(team, team.version)


def invalid_people(version: Version) -> str:
    """Why these people cannot form a team (empty when they can); the ones to blame are marked INVALID."""
    reasons = []
    for approver in version.approvers:
        reason = identities.why_not(identities.person(approver.identity_source_arn, approver.identity_id))
        if reason:
            if not approver.accepted:
                approver.invitation = follow(INVITATION, approver.invitation, "INVALID", "The invitation")
            reasons.append(f"Identity {approver.identity_id} {reason}.")
    return " ".join(reasons)[:500]


@agenda.handler("mpa.team_validation_ends")
def _validation_ends(team_arn: str, version_id: str) -> None:
    team = state.find_team(team_arn)
    if team is not None and team.state == VALIDATING and team.version.version_id == version_id:
        validate(team)


def invite(team: Team, version: Version) -> None:
    """Ask everybody who has not accepted yet; the answers must be there within 24 hours."""
    version.expires = clock.now() + INVITATION_LIFETIME
    for approver in version.approvers:
        if not approver.accepted:
            mails.invitation(team, approver, version)
    agenda.at(version.expires, "mpa.invitations_lapse", team.arn, version.version_id)


@agenda.handler("mpa.invitations_lapse")
def _invitations_lapse(team_arn: str, version_id: str) -> None:
    team = state.find_team(team_arn)
    version = team.inviting if team else None
    if team is not None and version is not None and version.version_id == version_id:
        team.step("lapsed", "Not every approver answered the invitation within 24 hours.")
        version.expires = None


def answer(team: Team, version: Version, approver: Approver, response: str) -> None:
    """One answer: a decline ends it, the last acceptance brings the version to life."""
    approver.respond(response, clock.now())
    identities.synchronize(approver)
    team.unseen = None
    if response == "REJECTED":
        team.step("declined", f"Approver {approver.approver_id} declined the invitation.")
        version.expires = None
    elif version.all_accepted:
        updated = team.state == UPDATE_PENDING_ACTIVATION
        team.step("all_accepted")
        version.expires = None
        if updated:
            put_in_force(team)


def put_in_force(team: Team) -> None:
    """The draft becomes the version that votes, and what the version before was still asked ends."""
    if team.draft is None:
        return
    team.version, team.draft = team.draft.version, None
    team.last_update, team.update_session_arn = clock.now(), None
    if chosen(CHANGED_TEAM) == "ended":
        voting.end_all(team, "CONFIGURATION_CHANGED", "The approval team was changed.")


def repair(team: Team, description: str, threshold: int, approvers: Request) -> Version:
    """A new start of an inactive team: everybody is asked anew. Only active teams protect themselves by a vote."""
    version = anew(team, description, threshold, approvers)
    team.step("repair")
    restart(team, version)
    return version


def anew(team: Team, description: str, threshold: int, approvers: Request) -> Version:
    """The next version of an inactive team, in which nobody has accepted yet."""
    version = new_version(team.owner_account, description, threshold, approvers, before=None)
    version.version_id = _version_id(team.version)
    return version


def restart(team: Team, version: Version) -> None:
    """Validate and invite once more, as for a new team."""
    team.version, team.last_update = version, clock.now()
    begin_validation(team)
