"""Promises of teams, their shares, and vaults under them."""

from dataclasses import replace

import pytest

from airlock.domain.connection import Connection
from airlock.domain.errors import UsageError
from components.accepted_share import AcceptedShare, AcceptedShareArgs, Share
from components.approval_quorum import ApprovalQuorum, ApprovalQuorumArgs, TeamSpec
from components.team_sharing import TeamSharing, TeamSharingArgs
from components.vault_approval import ApprovedVault, VaultApprovals, VaultApprovalsArgs
from tests.components.recording import Recording, record

CONNECTION = Connection(account_id="777777777777", region="us-east-1")
TEAM_ARN = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1"
SHARE_ARN = "arn:aws:ram:us-east-1:777777777777:resource-share/1"
TEAM = TeamSpec(description="d", threshold=2, approvers=("ada", "bo", "cleo"))
QUORUM = ApprovalQuorumArgs(
    connection=CONNECTION, identity_center_region="us-east-1", instance_arn=None, teams={"quorum": TEAM}
)
SHARING = TeamSharingArgs(
    share_name="airlock-team-quorum",
    team_arn=TEAM_ARN,
    account_ids={"bunker": "333333333333", "landing": "888888888888"},
    outside_organization=True,
)
APPROVALS = VaultApprovalsArgs(
    team_arn=TEAM_ARN,
    share_arn=SHARE_ARN,
    share_owner_account_id="777777777777",
    team_connection=CONNECTION,
    vaults=(
        ApprovedVault(
            vault_name="orders-2026",
            vault_arn="arn:aws:backup:eu-west-1:333333333333:backup-vault:orders-2026",
            connection=Connection(account_id="333333333333", region="eu-west-1"),
        ),
    ),
)


def quorum(team: TeamSpec = TEAM) -> Recording:
    return record(lambda: ApprovalQuorum("quorum", replace(QUORUM, teams={"quorum": team})))


@pytest.mark.parametrize(
    ("threshold", "approvers", "reason"),
    [
        (1, ("ada", "bo", "cleo"), "one person alone"),
        (2, ("ada", "bo"), "fewer than 3"),
        (3, ("ada", "bo", "cleo"), "one absent person blocks"),
        (4, ("ada", "bo", "cleo"), "can never be reached"),
    ],
)
def test_a_team_that_could_not_do_its_work_is_refused(threshold: int, approvers: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UsageError, match=f"Team `quorum`.*{reason}"):
        quorum(replace(TEAM, threshold=threshold, approvers=approvers))


def test_a_team_is_protected_until_it_has_to_be_made_anew() -> None:
    assert quorum().one("ApprovalTeam").protect
    lost = quorum(replace(TEAM, recreate=True)).one("ApprovalTeam")
    assert not lost.protect, "the engine refuses to replace what is protected"


def test_a_team_names_people_and_finds_itself_again_by_its_owner_tag() -> None:
    inputs = quorum().one("ApprovalTeam").inputs
    assert inputs["approvers"] == ["ada", "bo", "cleo"]
    assert inputs["owner"] == "airlock/stack/quorum"


def test_a_team_depends_on_the_id_of_its_identity_source_alone() -> None:
    inputs = quorum().one("ApprovalTeam").inputs
    assert inputs["identity_source_arn"].endswith(":identity-source/IamIdentityCenter")


def test_a_team_is_shared_in_us_east_1_with_single_accounts() -> None:
    recording = record(lambda: TeamSharing("quorum-share", SHARING))
    assert {one.inputs["region"] for one in recording if one.type.startswith("aws:")} == {"us-east-1"}
    assert {one.inputs["principal"] for one in recording.of("PrincipalAssociation")} == {"333333333333", "888888888888"}
    assert recording.one("ResourceAssociation").inputs["resourceArn"] == TEAM_ARN


def test_sharing_a_team_with_an_organization_is_refused() -> None:
    with pytest.raises(UsageError, match="single accounts only"):
        replace(SHARING, account_ids={"all": "arn:aws:organizations::1:organization/o-1"})


def test_a_vault_waits_for_the_share_of_its_team_and_is_protected() -> None:
    recording = record(lambda: VaultApprovals("quorum", APPROVALS))
    approval = recording.one("VaultApproval")
    assert approval.protect
    assert any("ShareAcceptance" in urn for urn in approval.dependencies)
    assert approval.inputs["desired"] == "present"


def test_a_removal_reaches_the_provider_as_a_wish_and_not_as_a_delete() -> None:
    leaving = replace(APPROVALS, vaults=(replace(APPROVALS.vaults[0], desired="absent"),))
    assert record(lambda: VaultApprovals("quorum", leaving)).one("VaultApproval").inputs["desired"] == "absent"


def test_approvals_without_a_vault_are_refused() -> None:
    with pytest.raises(UsageError, match="has no vault"):
        replace(APPROVALS, vaults=())


def test_an_owner_in_other_hands_is_never_asked_to_invite_again() -> None:
    share = Share(connection=CONNECTION, share_arn=SHARE_ARN, resource_arn=TEAM_ARN, owner_account_id="777777777777")
    foreign = AcceptedShareArgs(shares={"team": share})
    assert "reinvite" not in record(lambda: AcceptedShare("teams", foreign)).one("ShareAcceptance").inputs
    ours = AcceptedShareArgs(shares={"team": replace(share, owner_connection=CONNECTION)})
    inputs = record(lambda: AcceptedShare("teams", ours)).one("ShareAcceptance").inputs
    assert inputs["reinvite"]["account_id"] == "777777777777"
