"""RAM across organizations: shares, associations, invitations that lapse, and what an owner or a consumer may do."""

from typing import Any

import pytest

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import HOUR, Recovery, code_of, refused, strict_client

TEAM_PERMISSION = "arn:aws:ram::aws:permission/AWSRAMMPAApprovalTeamAccess"


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def ram(recovery: Recovery, account: str = RECOVERY, region: str = "us-east-1") -> Any:
    return strict_client(recovery.emulator, "ram", account, region)


def share_team(recovery: Recovery, team: str, *principals: str, **more: Any) -> str:
    made = ram(recovery).create_resource_share(
        name="quorum", resourceArns=[team], principals=list(principals), allowExternalPrincipals=True, **more
    )
    return str(made["resourceShare"]["resourceShareArn"])


def invitation(recovery: Recovery, account: str = PAYMENTS) -> dict[str, Any]:
    received: dict[str, Any] = ram(recovery, account).get_resource_share_invitations()["resourceShareInvitations"][-1]
    return received


def accept(recovery: Recovery, account: str = PAYMENTS) -> None:
    arn = invitation(recovery, account)["resourceShareInvitationArn"]
    ram(recovery, account).accept_resource_share_invitation(resourceShareInvitationArn=arn)


def principal_status(recovery: Recovery, share: str, account: str = PAYMENTS) -> list[str]:
    """Status after the first look, which may still show an intermediate state."""
    for _ in range(2):
        shown = ram(recovery).get_resource_share_associations(
            associationType="PRINCIPAL", resourceShareArns=[share], principal=account
        )["resourceShareAssociations"]
    return [one["status"] for one in shown]


def reads(recovery: Recovery, team: str, account: str = PAYMENTS) -> bool:
    """Whether an account can use a team, as the approval service itself sees it."""
    mpa = strict_client(recovery.emulator, "mpa", account)
    try:
        mpa.get_approval_team(Arn=team)
    except mpa.exceptions.AccessDeniedException:
        return False
    return True


def test_a_share_gives_no_access_before_its_invitation_is_accepted(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    assert not reads(recovery, team)
    assert principal_status(recovery, share) == ["ASSOCIATING"]
    received = invitation(recovery)
    assert (received["status"], received["senderAccountId"], received["receiverAccountId"]) == (
        "PENDING",
        RECOVERY,
        PAYMENTS,
    )
    accept(recovery)
    assert invitation(recovery)["status"] == "ACCEPTED"
    assert principal_status(recovery, share) == ["ASSOCIATED"]
    assert reads(recovery, team)


def test_a_consumer_reads_the_team_and_its_sessions_and_changes_nothing(recovery: Recovery) -> None:
    team = recovery.active()
    share_team(recovery, team, PAYMENTS)
    accept(recovery)
    session = recovery.mpa.start_approval_team_baseline(Arn=team)["BaselineSessionArn"]
    mpa = strict_client(recovery.emulator, "mpa", PAYMENTS)
    assert mpa.get_approval_team(Arn=team)["Name"] == "quorum"
    assert [s["SessionArn"] for s in mpa.list_sessions(ApprovalTeamArn=team)["Sessions"]] == [session]
    assert mpa.get_session(SessionArn=session)["ApprovalTeamArn"] == team
    for call, inputs in (
        (mpa.update_approval_team, {"Arn": team, "Description": "Mine."}),
        (mpa.start_active_approval_team_deletion, {"Arn": team}),
        (mpa.cancel_session, {"SessionArn": session}),
    ):
        assert code_of(refused(call, **inputs)) == "AccessDeniedException"


def test_an_invitation_lapses_after_12_hours_and_can_be_made_anew(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    lapsed = invitation(recovery)["resourceShareInvitationArn"]
    recovery.emulator.advance(12 * HOUR - 60)
    assert invitation(recovery)["status"] == "PENDING"
    recovery.emulator.advance(120)
    assert invitation(recovery)["status"] == "EXPIRED"
    assert principal_status(recovery, share) == ["DISASSOCIATED"]
    late = refused(ram(recovery, PAYMENTS).accept_resource_share_invitation, resourceShareInvitationArn=lapsed)
    assert code_of(late) == "ResourceShareInvitationExpiredException"
    assert not reads(recovery, team)
    ram(recovery).associate_resource_share(resourceShareArn=share, principals=[PAYMENTS])
    accept(recovery)
    assert principal_status(recovery, share) == ["ASSOCIATED"]
    assert reads(recovery, team)


def test_a_rejected_invitation_gives_no_access(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    arn = invitation(recovery)["resourceShareInvitationArn"]
    consumer = ram(recovery, PAYMENTS)
    consumer.reject_resource_share_invitation(resourceShareInvitationArn=arn)
    assert principal_status(recovery, share) == ["DISASSOCIATED"]
    for call in (consumer.accept_resource_share_invitation, consumer.reject_resource_share_invitation):
        error = refused(call, resourceShareInvitationArn=arn)
        assert code_of(error) == "ResourceShareInvitationAlreadyRejectedException"
    assert not reads(recovery, team)


def test_an_invitation_is_answered_once_and_by_its_receiver_only(recovery: Recovery) -> None:
    share_team(recovery, recovery.active(), PAYMENTS)
    arn = invitation(recovery)["resourceShareInvitationArn"]
    for stranger in (MANAGEMENT, LANDING, RECOVERY):
        error = refused(ram(recovery, stranger).accept_resource_share_invitation, resourceShareInvitationArn=arn)
        assert code_of(error) == "ResourceShareInvitationArnNotFoundException"
    accept(recovery)
    error = refused(ram(recovery, PAYMENTS).accept_resource_share_invitation, resourceShareInvitationArn=arn)
    assert code_of(error) == "ResourceShareInvitationAlreadyAcceptedException"


def test_shares_are_regional(recovery: Recovery) -> None:
    team = recovery.active()
    share_team(recovery, team, PAYMENTS)
    elsewhere = ram(recovery, PAYMENTS, "eu-west-1")
    assert elsewhere.get_resource_share_invitations()["resourceShareInvitations"] == []
    arn = invitation(recovery)["resourceShareInvitationArn"]
    error = refused(elsewhere.accept_resource_share_invitation, resourceShareInvitationArn=arn)
    assert code_of(error) == "ResourceShareInvitationArnNotFoundException"
    wrong = refused(ram(recovery, RECOVERY, "eu-west-1").create_resource_share, name="wrong", resourceArns=[team])
    assert code_of(wrong) == "InvalidParameterException"


def test_external_principals_need_permission(recovery: Recovery) -> None:
    team = recovery.active()
    error = refused(
        ram(recovery).create_resource_share,
        name="inside",
        resourceArns=[team],
        principals=[PAYMENTS],
        allowExternalPrincipals=False,
    )
    assert code_of(error) == "OperationNotPermittedException"
    assert ram(recovery).get_resource_shares(resourceOwner="SELF")["resourceShares"] == [], "It was made all the same."
    share = share_team(recovery, team, PAYMENTS)
    narrower = refused(ram(recovery).update_resource_share, resourceShareArn=share, allowExternalPrincipals=False)
    assert code_of(narrower) == "OperationNotPermittedException"


def test_the_external_flag_tells_who_is_outside_the_organization(recovery: Recovery) -> None:
    share = share_team(recovery, recovery.active(), PAYMENTS, LANDING)
    shown = ram(recovery).get_resource_share_associations(associationType="PRINCIPAL", resourceShareArns=[share])
    flags = {one["associatedEntity"]: one["external"] for one in shown["resourceShareAssociations"]}
    assert flags == {PAYMENTS: True, LANDING: False}


def test_a_shared_team_cannot_be_shared_again(recovery: Recovery) -> None:
    team = recovery.active()
    share_team(recovery, team, PAYMENTS)
    accept(recovery)
    error = refused(ram(recovery, PAYMENTS).create_resource_share, name="again", resourceArns=[team])
    assert code_of(error) == "OperationNotPermittedException"


@pytest.mark.parametrize(
    ("resources", "principals", "code"),
    [
        (["arn:aws:mpa:us-east-1:777777777777:approval-team/none"], [], "UnknownResourceException"),
        (["arn:aws:s3:::bucket"], [], "MalformedArnException"),
        (["nonsense"], [], "MalformedArnException"),
        ([], ["123"], "InvalidParameterException"),
        ([], ["arn:aws:sns:us-east-1:777777777777:x"], "MalformedArnException"),
        ([], ["999999999999"], "UnknownResourceException"),
        ([], [RECOVERY], "InvalidParameterException"),
    ],
)
def test_what_cannot_be_shared_is_refused(
    recovery: Recovery, resources: list[str], principals: list[str], code: str
) -> None:
    error = refused(ram(recovery).create_resource_share, name="x", resourceArns=resources, principals=principals)
    assert code_of(error) == code
    assert ram(recovery).get_resource_shares(resourceOwner="SELF")["resourceShares"] == []


def test_the_resource_association_is_seen_on_its_way(recovery: Recovery) -> None:
    share = ram(recovery).create_resource_share(name="quorum")["resourceShare"]["resourceShareArn"]
    team = recovery.active()
    made = ram(recovery).associate_resource_share(resourceShareArn=share, resourceArns=[team])
    assert [one["status"] for one in made["resourceShareAssociations"]] == ["ASSOCIATING"]

    def shown() -> list[str]:
        listed = ram(recovery).get_resource_share_associations(
            associationType="RESOURCE", resourceShareArns=[share], resourceArn=team
        )
        return [one["status"] for one in listed["resourceShareAssociations"]]

    assert shown() == ["ASSOCIATING"]
    assert shown() == ["ASSOCIATED"]
    ram(recovery).disassociate_resource_share(resourceShareArn=share, resourceArns=[team])
    assert shown() == ["DISASSOCIATING"]
    assert shown() == ["DISASSOCIATED"]


def test_a_consumer_takes_nobody_else_and_nothing_out_of_a_share(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    accept(recovery)
    consumer = ram(recovery, PAYMENTS)
    not_its_own = refused(consumer.disassociate_resource_share, resourceShareArn=share, resourceArns=[team])
    assert code_of(not_its_own) == "OperationNotPermittedException"
    others = refused(consumer.disassociate_resource_share, resourceShareArn=share, principals=[LANDING])
    assert code_of(others) == "OperationNotPermittedException"


def test_a_consumer_leaves_a_share_only_when_no_team_is_in_it(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    accept(recovery)
    consumer = ram(recovery, PAYMENTS)
    full = refused(consumer.disassociate_resource_share, resourceShareArn=share, principals=[PAYMENTS])
    assert code_of(full) == "OperationNotPermittedException"
    assert reads(recovery, team)
    ram(recovery).disassociate_resource_share(resourceShareArn=share, resourceArns=[team])
    consumer.disassociate_resource_share(resourceShareArn=share, principals=[PAYMENTS])
    assert consumer.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []
    ram(recovery).associate_resource_share(resourceShareArn=share, resourceArns=[team])
    assert not reads(recovery, team), "The account had left."


def test_the_owner_ends_access_by_principal_by_resource_or_by_share(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    accept(recovery)
    owner = ram(recovery)
    owner.disassociate_resource_share(resourceShareArn=share, resourceArns=[team])
    assert not reads(recovery, team)
    owner.associate_resource_share(resourceShareArn=share, resourceArns=[team])
    assert reads(recovery, team), "The principal is still associated; only the resource was away."
    owner.delete_resource_share(resourceShareArn=share)
    assert not reads(recovery, team)
    statuses = [
        owner.get_resource_shares(resourceOwner="SELF", resourceShareArns=[share])["resourceShares"][0]["status"]
        for _ in range(2)
    ]
    assert statuses == ["DELETING", "DELETED"]
    recovery.emulator.advance(3 * HOUR)
    assert owner.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []


def test_both_sides_list_what_is_shared(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS, tags=[{"key": "stage", "value": "test"}])
    owner, consumer = ram(recovery), ram(recovery, PAYMENTS)
    assert consumer.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []
    assert consumer.list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"] == []
    accept(recovery)
    (seen,) = consumer.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert (seen["resourceShareArn"], seen["owningAccountId"]) == (share, RECOVERY)
    (resource,) = consumer.list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"]
    assert (resource["arn"], resource["type"]) == (team, "mpa:ApprovalTeam")
    assert [p["id"] for p in consumer.list_principals(resourceOwner="OTHER-ACCOUNTS")["principals"]] == [RECOVERY]
    assert [p["id"] for p in owner.list_principals(resourceOwner="SELF")["principals"]] == [PAYMENTS]
    by_tag = owner.get_resource_shares(
        resourceOwner="SELF", tagFilters=[{"tagKey": "stage", "tagValues": ["test"]}], name="quorum"
    )
    assert [one["resourceShareArn"] for one in by_tag["resourceShares"]] == [share]
    other = owner.get_resource_shares(resourceOwner="SELF", tagFilters=[{"tagKey": "stage", "tagValues": ["x"]}])
    assert other["resourceShares"] == []


def test_permissions_come_with_the_resource_type(recovery: Recovery) -> None:
    team = recovery.active()
    share = share_team(recovery, team, PAYMENTS)
    owner = ram(recovery)
    attached = owner.list_resource_share_permissions(resourceShareArn=share)["permissions"]
    assert [permission["arn"] for permission in attached] == [TEAM_PERMISSION]
    listed = owner.list_permissions(resourceType="backup:BackupVault")["permissions"]
    assert [permission["resourceType"] for permission in listed] == ["backup:BackupVault"]
    document = owner.get_permission(permissionArn=TEAM_PERMISSION)["permission"]["permission"]
    assert "mpa:StartSession" in document
    types = {kind["resourceType"] for kind in owner.list_resource_types()["resourceTypes"]}
    assert types == {"mpa:ApprovalTeam", "backup:BackupVault"}
    accept(recovery)
    policies = recovery.mpa.list_resource_policies(ResourceArn=team)["ResourcePolicies"]
    assert [p["PolicyName"] for p in policies if p["PolicyType"] == "AWS_RAM"] == ["AWSRAMMPAApprovalTeamAccess"]
    policy = recovery.mpa.get_resource_policy(
        ResourceArn=team, PolicyName="AWSRAMMPAApprovalTeamAccess", PolicyType="AWS_RAM"
    )
    assert PAYMENTS in policy["PolicyDocument"]


def test_a_client_token_repeats_the_answer_and_refuses_another_request(recovery: Recovery) -> None:
    owner = ram(recovery)
    first = owner.create_resource_share(name="one", clientToken="t")
    again = owner.create_resource_share(name="one", clientToken="t")
    assert first["resourceShare"] == again["resourceShare"]
    assert again["clientToken"] == "t"
    assert len(owner.get_resource_shares(resourceOwner="SELF")["resourceShares"]) == 1
    error = refused(owner.create_resource_share, name="two", clientToken="t")
    assert code_of(error) == "IdempotentParameterMismatchException"


def test_shares_are_tagged_renamed_and_listed_in_pages(recovery: Recovery) -> None:
    owner = ram(recovery)
    arns = [owner.create_resource_share(name=f"share-{n}")["resourceShare"]["resourceShareArn"] for n in range(3)]
    owner.tag_resource(resourceShareArn=arns[0], tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    owner.untag_resource(resourceShareArn=arns[0], tagKeys=["a"])
    owner.update_resource_share(resourceShareArn=arns[0], name="renamed")
    (shown,) = owner.get_resource_shares(resourceOwner="SELF", resourceShareArns=[arns[0]])["resourceShares"]
    assert (shown["name"], shown["tags"]) == ("renamed", [{"key": "b", "value": "2"}])
    pages = owner.get_paginator("get_resource_shares").paginate(resourceOwner="SELF", PaginationConfig={"PageSize": 2})
    assert [share["resourceShareArn"] for page in pages for share in page["resourceShares"]] == arns
    wrong = refused(owner.get_resource_shares, resourceOwner="SELF", nextToken="nonsense")
    assert code_of(wrong) == "InvalidNextTokenException"


def test_a_share_of_another_account_is_unknown(recovery: Recovery) -> None:
    share = share_team(recovery, recovery.active(), PAYMENTS)
    stranger = ram(recovery, LANDING)
    for call, inputs in (
        (stranger.delete_resource_share, {}),
        (stranger.update_resource_share, {"name": "mine"}),
        (stranger.associate_resource_share, {"principals": [LANDING]}),
    ):
        assert code_of(refused(call, resourceShareArn=share, **inputs)) == "UnknownResourceException"
