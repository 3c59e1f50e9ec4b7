"""The approvals client: everything in us-east-1, the qualified policy, and AWS's refusals as our errors."""

from typing import Any

import pytest

from airlock.clients.approvals import Approvals
from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, Conflict, NotFound, RefusedByAws
from tests.clients.conftest import Stubs

TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1"
SOURCE = "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter"


def member(identity: str, status: str = "ACCEPTED") -> dict[str, Any]:
    return {"PrimaryIdentityId": identity, "PrimaryIdentitySourceArn": SOURCE, "PrimaryIdentityStatus": status}


def test_a_team_is_made_with_the_managed_policy_a_token_and_its_owner_tag(stubs: Stubs, connection: Connection) -> None:
    expected = {
        "Name": "quorum",
        "Description": "Opens the backups.",
        "ApprovalStrategy": {"MofN": {"MinApprovalsRequired": 2}},
        "Approvers": [{"PrimaryIdentityId": one, "PrimaryIdentitySourceArn": SOURCE} for one in ("u1", "u2", "u3")],
        "Policies": [{"PolicyArn": "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"}],
        "ClientToken": "t",
        "Tags": {"airlock:owner": "o"},
    }
    stubs.of("mpa").add_response("create_approval_team", {"Arn": TEAM, "Name": "quorum", "VersionId": "1"}, expected)
    arn = Approvals(connection).create_team(
        name="quorum",
        description="Opens the backups.",
        threshold=2,
        approver_ids=["u1", "u2", "u3"],
        identity_source_arn=SOURCE,
        token="t",
        tags={"airlock:owner": "o"},
    )
    assert arn == TEAM
    assert stubs.asked == [("mpa", "us-east-1")], "Teams exist in us-east-1 only, whatever the connection's Region is."


def test_a_team_is_read_with_its_draft(stubs: Stubs, connection: Connection) -> None:
    answer = {
        "Arn": TEAM,
        "Name": "quorum",
        "Status": "ACTIVE",
        "StatusCode": "UPDATE_PENDING_APPROVAL",
        "ApprovalStrategy": {"MofN": {"MinApprovalsRequired": 2}},
        "Approvers": [member("u1"), member("u2", "PENDING")],
        "UpdateSessionArn": "arn:aws:mpa:us-east-1:777777777777:session/quorum-1/s",
        "PendingUpdate": {
            "VersionId": "2",
            "Description": "new",
            "ApprovalStrategy": {"MofN": {"MinApprovalsRequired": 3}},
            "Approvers": [member("u3", "PENDING")],
        },
    }
    stubs.of("mpa").add_response("get_approval_team", answer, {"Arn": TEAM})
    team = Approvals(connection).get_team(TEAM)
    assert (team.status, team.status_code, team.threshold) == ("ACTIVE", "UPDATE_PENDING_APPROVAL", 2)
    assert [one.status for one in team.members] == ["ACCEPTED", "PENDING"]
    assert team.draft is not None
    assert (team.draft.version_id, team.draft.threshold) == ("2", 3)


def test_lists_go_on_to_the_last_page(stubs: Stubs, connection: Connection) -> None:
    teams = [{"Arn": TEAM, "Name": "a"}, {"Arn": TEAM + "2", "Name": "b"}]
    stubs.of("mpa").add_response("list_approval_teams", {"ApprovalTeams": teams[:1], "NextToken": "n"}, {})
    stubs.of("mpa").add_response("list_approval_teams", {"ApprovalTeams": teams[1:]}, {"NextToken": "n"})
    assert [team.name for team in Approvals(connection).list_teams()] == ["a", "b"]


def test_pending_sessions_are_asked_for_by_a_filter(stubs: Stubs, connection: Connection) -> None:
    filters = [{"FieldName": "SessionStatus", "Operator": "EQ", "Value": "PENDING"}]
    found = {"Sessions": [{"SessionArn": TEAM.replace("approval-team", "session") + "/s", "Status": "PENDING"}]}
    stubs.of("mpa").add_response("list_sessions", found, {"ApprovalTeamArn": TEAM, "Filters": filters})
    assert [one.status for one in Approvals(connection).list_sessions(TEAM, status="PENDING")] == ["PENDING"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ResourceNotFoundException", NotFound),
        ("ConflictException", Conflict),
        ("AccessDeniedException", AccessDenied),
        ("ServiceQuotaExceededException", RefusedByAws),
    ],
)
def test_a_refusal_becomes_an_error_that_names_operation_account_and_reason(
    stubs: Stubs, connection: Connection, code: str, kind: type[RefusedByAws]
) -> None:
    stubs.of("mpa").add_client_error("get_approval_team", code, "because", http_status_code=400)
    with pytest.raises(kind) as caught:
        Approvals(connection).get_team(TEAM)
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.operation) == (code, "GetApprovalTeam")
    assert "refused GetApprovalTeam in account 777777777777 (eu-west-1, profile `recovery`)" in str(caught.value)
    assert "because" in str(caught.value)
    assert caught.value.__cause__ is not None, "The original error must stay reachable."
