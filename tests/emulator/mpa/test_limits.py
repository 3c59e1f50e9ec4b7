"""What CreateApprovalTeam refuses at once, client tokens, the Region, and what other accounts may see."""

from typing import Any

import pytest
from botocore.config import Config

from tests.emulator.conftest import LANDING, PAYMENTS, Emulator
from tests.emulator.worlds.recovery import ADA, BO, Recovery, code_of, refused, status_of, strict_client

BACKUP_POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault"


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def test_a_name_is_used_once(recovery: Recovery) -> None:
    recovery.create("quorum")
    error = refused(recovery.mpa.create_approval_team, **recovery.request("quorum"))
    assert (code_of(error), status_of(error)) == ("ConflictException", 409)


def test_the_eleventh_team_exceeds_the_quota(recovery: Recovery) -> None:
    for number in range(10):
        recovery.create(f"team-{number}")
    error = refused(recovery.mpa.create_approval_team, **recovery.request("team-10"))
    assert (code_of(error), status_of(error)) == ("ServiceQuotaExceededException", 402)
    names: list[str] = []
    for page in recovery.mpa.get_paginator("list_approval_teams").paginate(PaginationConfig={"PageSize": 4}):
        names += [team["Name"] for team in page["ApprovalTeams"]]
    assert names == [f"team-{number}" for number in range(10)]


@pytest.mark.parametrize(
    "change",
    [
        {"Name": 5},
        {"Description": ["a list"]},
        {"ApprovalStrategy": {"MofN": {"MinApprovalsRequired": "two"}}},
        {"Name": "not a name"},
        {"Name": "n" * 65},
        {"Description": ""},
        {"Description": "d" * 257},
        {"Approvers": []},
        {"ApprovalStrategy": {"MofN": {"MinApprovalsRequired": 0}}},
        {"ApprovalStrategy": {"MofN": {"MinApprovalsRequired": 4}}},
        {"ApprovalStrategy": {}},
        {"Policies": []},
        {"Policies": [{"PolicyArn": BACKUP_POLICY}]},
        {"Policies": [{"PolicyArn": f"{BACKUP_POLICY}/2"}]},
        {"Policies": [{"PolicyArn": "arn:aws:mpa:::aws:policy/backup.amazonaws.com/Another/1"}]},
    ],
    ids=str,
)
def test_what_the_model_forbids_is_refused_by_the_service(recovery: Recovery, change: dict[str, Any]) -> None:
    unchecked = recovery.emulator.client("mpa", "777777777777", config=Config(parameter_validation=False))
    error = refused(unchecked.create_approval_team, **{**recovery.request(), **change})
    assert (code_of(error), status_of(error)) == ("ValidationException", 400)
    assert recovery.mpa.list_approval_teams()["ApprovalTeams"] == []


def test_twenty_approvers_are_the_most_and_nobody_is_named_twice(recovery: Recovery) -> None:
    many = {**recovery.request(), "Approvers": recovery.approvers(*[f"user-{number}" for number in range(21)])}
    assert code_of(refused(recovery.mpa.create_approval_team, **many)) == "ValidationException"
    twice = {**recovery.request(), "Approvers": recovery.approvers(ADA, BO, ADA)}
    assert code_of(refused(recovery.mpa.create_approval_team, **twice)) == "ValidationException"


def test_people_come_from_the_identity_source_of_the_account(recovery: Recovery) -> None:
    request = recovery.request()
    request["Approvers"][0]["PrimaryIdentitySourceArn"] = recovery.source_arn.replace("7" * 12, "1" * 12)
    assert code_of(refused(recovery.mpa.create_approval_team, **request)) == "ValidationException"


def test_a_token_makes_one_team(recovery: Recovery) -> None:
    first = recovery.mpa.create_approval_team(**recovery.request(), ClientToken="t")
    again = recovery.mpa.create_approval_team(**recovery.request(), ClientToken="t")
    assert first["Arn"] == again["Arn"]
    assert len(recovery.mpa.list_approval_teams()["ApprovalTeams"]) == 1
    error = refused(recovery.mpa.create_approval_team, **recovery.request(threshold=3), ClientToken="t")
    assert (code_of(error), status_of(error)) == ("ConflictException", 409)


def test_the_token_of_a_removed_team_makes_a_new_one(recovery: Recovery) -> None:
    arn = recovery.mpa.create_approval_team(**recovery.request(), ClientToken="t")["Arn"]
    recovery.answer(arn, ADA, "REJECTED")
    recovery.mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=recovery.team(arn)["VersionId"])
    assert recovery.mpa.create_approval_team(**recovery.request(), ClientToken="t")["Arn"] != arn


def test_another_region_is_refused_and_named(recovery: Recovery) -> None:
    elsewhere = strict_client(recovery.emulator, "mpa", region="eu-west-1")
    error = refused(elsewhere.create_approval_team, **recovery.request())
    assert code_of(error) == "ValidationException"
    assert "us-east-1" in str(error)
    assert "eu-west-1" in str(error)


@pytest.mark.parametrize("account", [PAYMENTS, LANDING])
def test_other_accounts_neither_see_nor_change_a_team_that_is_not_shared(recovery: Recovery, account: str) -> None:
    arn = recovery.active()
    session = recovery.mpa.start_approval_team_baseline(Arn=arn)["BaselineSessionArn"]
    mpa = strict_client(recovery.emulator, "mpa", account)
    calls: list[tuple[Any, dict[str, Any]]] = [
        (mpa.get_approval_team, {"Arn": arn}),
        (mpa.update_approval_team, {"Arn": arn, "Description": "Mine."}),
        (mpa.start_active_approval_team_deletion, {"Arn": arn}),
        (mpa.delete_inactive_approval_team_version, {"Arn": arn, "VersionId": "1"}),
        (mpa.start_approval_team_baseline, {"Arn": arn}),
        (mpa.list_sessions, {"ApprovalTeamArn": arn}),
        (mpa.get_session, {"SessionArn": session}),
        (mpa.cancel_session, {"SessionArn": session}),
        (mpa.list_tags_for_resource, {"ResourceArn": arn}),
        (mpa.tag_resource, {"ResourceArn": arn, "Tags": {"a": "b"}}),
        (mpa.untag_resource, {"ResourceArn": arn, "TagKeys": ["a"]}),
        (mpa.list_resource_policies, {"ResourceArn": arn}),
    ]
    for call, inputs in calls:
        error = refused(call, **inputs)
        assert (code_of(error), status_of(error)) == ("AccessDeniedException", 403)
    assert mpa.list_approval_teams()["ApprovalTeams"] == []
    assert recovery.state(arn) == ("ACTIVE", None)


def test_what_does_not_exist_is_not_found(recovery: Recovery) -> None:
    arn = recovery.create()
    calls: list[tuple[Any, dict[str, Any]]] = [
        (recovery.mpa.get_approval_team, {"Arn": f"{arn}0"}),
        (recovery.mpa.update_approval_team, {"Arn": f"{arn}0", "Description": "x"}),
        (recovery.mpa.start_active_approval_team_deletion, {"Arn": f"{arn}0"}),
        (recovery.mpa.start_approval_team_baseline, {"Arn": f"{arn}0"}),
        (recovery.mpa.list_sessions, {"ApprovalTeamArn": f"{arn}0"}),
        (recovery.mpa.get_session, {"SessionArn": f"{arn.replace('approval-team', 'session')}/1"}),
        (recovery.mpa.list_tags_for_resource, {"ResourceArn": f"{arn}0"}),
        (recovery.mpa.get_policy_version, {"PolicyVersionArn": f"{BACKUP_POLICY}/7"}),
        (recovery.mpa.list_policy_versions, {"PolicyArn": f"{BACKUP_POLICY}s"}),
        (recovery.mpa.list_resource_policies, {"ResourceArn": f"{arn}0"}),
        (recovery.mpa.get_resource_policy, {"ResourceArn": arn, "PolicyName": "x", "PolicyType": "AWS_RAM"}),
    ]
    for call, inputs in calls:
        error = refused(call, **inputs)
        assert (code_of(error), status_of(error)) == ("ResourceNotFoundException", 404)


def test_a_malformed_arn_is_refused_as_invalid(recovery: Recovery) -> None:
    error = refused(recovery.mpa.get_approval_team, Arn="arn:aws:mpa:us-east-1:7:team/x")
    assert (code_of(error), status_of(error)) == ("ValidationException", 400)


def test_a_token_of_another_list_is_refused(recovery: Recovery) -> None:
    recovery.create("one")
    recovery.create("two")
    token = recovery.mpa.list_approval_teams(MaxResults=1)["NextToken"]
    for wrong in (f"{token}x", "nonsense"):
        assert code_of(refused(recovery.mpa.list_approval_teams, NextToken=wrong)) == "ValidationException"
    assert code_of(refused(recovery.mpa.list_policies, NextToken=token)) == "ValidationException"
    assert code_of(refused(recovery.mpa.list_approval_teams, MaxResults=21)) == "ValidationException"


def test_tags_are_kept_changed_and_limited(recovery: Recovery) -> None:
    arn = recovery.mpa.create_approval_team(**recovery.request(), Tags={"owner": "recovery"})["Arn"]
    recovery.mpa.tag_resource(ResourceArn=arn, Tags={"stage": "test"})
    recovery.mpa.untag_resource(ResourceArn=arn, TagKeys=["owner"])
    assert recovery.mpa.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stage": "test"}
    recovery.mpa.tag_resource(ResourceArn=recovery.source_arn, Tags={"kind": "source"})
    assert recovery.mpa.list_tags_for_resource(ResourceArn=recovery.source_arn)["Tags"] == {"kind": "source"}
    error = refused(recovery.mpa.tag_resource, ResourceArn=arn, Tags={f"k{n}": "v" for n in range(50)})
    assert (code_of(error), status_of(error)) == ("TooManyTagsException", 400)
    assert recovery.mpa.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stage": "test"}


def test_the_published_policy_can_be_listed_and_read(recovery: Recovery) -> None:
    policies = recovery.mpa.list_policies()["Policies"]
    assert [policy["Arn"] for policy in policies] == [BACKUP_POLICY]
    versions = recovery.mpa.list_policy_versions(PolicyArn=BACKUP_POLICY)["PolicyVersions"]
    assert [(version["VersionId"], version["IsDefault"]) for version in versions] == [(1, True)]
    for qualifier in ("1", "$DEFAULT"):
        version = recovery.mpa.get_policy_version(PolicyVersionArn=f"{BACKUP_POLICY}/{qualifier}")["PolicyVersion"]
        assert "mpa:StartSession" in version["Document"]
    arn = recovery.create()
    attached = recovery.mpa.list_resource_policies(ResourceArn=arn)["ResourcePolicies"]
    assert [(policy["PolicyName"], policy["PolicyType"]) for policy in attached] == [
        ("CreateRestoreAccessVault", "AWS_MANAGED")
    ]
    document = recovery.mpa.get_resource_policy(
        ResourceArn=arn, PolicyName="CreateRestoreAccessVault", PolicyType="AWS_MANAGED"
    )
    assert document["PolicyVersionArn"] == f"{BACKUP_POLICY}/1"
