"""Our objects as the answers of the API. Members without a value are left out, as AWS does."""

from typing import Any

from . import identities
from .first_look import look
from .identity_source import IdentitySource
from .sessions import NO_RESPONSE, Ballot, Session
from .teams import Approver, Draft, Team, Version

Answer = dict[str, Any]


def _present(answer: Answer) -> Answer:
    return {member: value for member, value in answer.items() if value is not None and value != ""}


def _strategy(threshold: int) -> Answer:
    return {"MofN": {"MinApprovalsRequired": threshold}}


def identity_source(source: IdentitySource, portal_url: str) -> Answer:
    shown = look(source)
    center = {"InstanceArn": source.instance_arn, "ApprovalPortalUrl": portal_url, "Region": source.region}
    return _present(
        {
            "IdentitySourceType": "IAM_IDENTITY_CENTER",
            "IdentitySourceParameters": {"IamIdentityCenter": center},
            "IdentitySourceArn": source.arn,
            "CreationTime": source.created,
            "Status": shown.status,
            "StatusCode": shown.code,
            "StatusMessage": source.message if shown == source.state else None,
        }
    )


def approver(person: Approver) -> Answer:
    known = identities.person(person.identity_source_arn, person.identity_id)
    status = "INVALID" if identities.why_not(known) else person.invitation.status
    methods = [{"Type": "EMAIL_OTP", "SyncStatus": "IN_SYNC" if identities.in_sync(person) else "OUT_OF_SYNC"}]
    return _present(
        {
            "ApproverId": person.approver_id,
            "ResponseTime": person.response_time,
            "PrimaryIdentityId": person.identity_id,
            "PrimaryIdentitySourceArn": person.identity_source_arn,
            "PrimaryIdentityStatus": status,
            "LastActivity": person.last_activity,
            "LastActivityTime": person.last_activity_time,
            "PendingBaselineSessionArn": person.baseline_session_arn,
            "MfaMethods": methods if person.accepted else [],
        }
    )


def _version(version: Version) -> Answer:
    return {
        "VersionId": version.version_id,
        "Description": version.description,
        "ApprovalStrategy": _strategy(version.threshold),
        "NumberOfApprovers": len(version.approvers),
    }


def team_summary(team: Team) -> Answer:
    shown = look(team)
    answer = _version(team.version) | {
        "CreationTime": team.created,
        "Arn": team.arn,
        "Name": team.name,
        "Status": shown.status,
        "StatusCode": shown.code,
        "StatusMessage": team.message if shown == team.state else None,
    }
    del answer["VersionId"]
    return _present(answer)


def team(team: Team) -> Answer:
    return team_summary(team) | _present(
        {
            "VersionId": team.version.version_id,
            "Approvers": [approver(person) for person in team.version.approvers],
            "Policies": [{"PolicyArn": arn} for arn in team.policies],
            "UpdateSessionArn": team.update_session_arn,
            "LastUpdateTime": team.last_update,
            "PendingUpdate": _draft(team.draft) if team.draft else None,
        }
    )


def _draft(draft: Draft) -> Answer:
    return _version(draft.version) | _present(
        {
            "Status": draft.state.status,
            "StatusCode": draft.state.code,
            "StatusMessage": draft.message,
            "Approvers": [approver(person) for person in draft.version.approvers],
            "UpdateInitiationTime": draft.initiated,
        }
    )


def session_summary(session: Session) -> Answer:
    shown = look(session)
    ended = shown == session.state
    return _present(
        {
            "SessionArn": session.arn,
            "ApprovalTeamName": session.team_name,
            "ApprovalTeamArn": session.team_arn,
            "InitiationTime": session.initiated,
            "ExpirationTime": session.expires,
            "CompletionTime": session.completed if ended else None,
            "Description": session.request.description,
            "ActionName": session.request.action_name,
            "ProtectedResourceArn": session.request.protected_resource_arn,
            "RequesterServicePrincipal": session.request.service_principal,
            "RequesterPrincipalArn": session.request.requester_principal,
            "RequesterRegion": session.request.requester_region,
            "RequesterAccountId": session.request.requester_account,
            "Status": shown.status,
            "StatusCode": shown.code,
            "StatusMessage": session.message if ended else None,
            "ActionCompletionStrategy": "AUTO_COMPLETION_UPON_APPROVAL",
            "AdditionalSecurityRequirements": (
                ["APPROVER_VERIFICATION_REQUIRED"] if session.verification_required else None
            ),
        }
    )


def session(session: Session) -> Answer:
    return session_summary(session) | _present(
        {
            "ApprovalStrategy": _strategy(session.threshold),
            "NumberOfApprovers": len(session.ballots),
            "Metadata": session.request.metadata or None,
            "RequesterComment": session.request.comment,
            "ExecutionStatus": _execution(session),
            "ApproverResponses": [_response(ballot) for ballot in session.ballots],
        }
    )


def _execution(session: Session) -> str | None:
    """PENDING until it is decided, then what became of an approved action; nothing was executed otherwise."""
    return session.execution or ("PENDING" if session.is_open else None)


def _response(ballot: Ballot) -> Answer:
    return _present(
        {
            "ApproverId": ballot.approver_id,
            "IdentitySourceArn": ballot.identity_source_arn,
            "IdentityId": ballot.identity_id,
            "Response": ballot.response or NO_RESPONSE,
            "ResponseTime": ballot.response_time,
        }
    )


def plain(answer: Any) -> Any:
    """The same answer with times as ISO 8601 text, for the control interface."""
    match answer:
        case dict():
            return {member: plain(value) for member, value in answer.items()}
        case list():
            return [plain(value) for value in answer]
        case _ if hasattr(answer, "isoformat"):
            return answer.isoformat()
        case _:
            return answer
